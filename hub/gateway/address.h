// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which network addresses the hub may connect to. Pure, any thread.

struct sockaddr;

namespace concordat::gateway {

enum class AddressKind {
    Public,
    Private,  ///< loopback, private, link-local, shared: only for systems declared internal
    Never     ///< cloud metadata, unspecified, multicast, reserved
};

/// Looks inside v4-mapped, NAT64 and 6to4 addresses. Anything but IPv4 and IPv6 is `Never`.
AddressKind kindOf(const sockaddr& address);

/// The same for a text such as "10.0.0.1" or "::1"; `Never` if it is no address.
AddressKind kindOfText(const char* address);

}  // namespace concordat::gateway
