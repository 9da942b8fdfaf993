// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one attempt means: for the caller, for the limits, for the breaker. Pure, any thread.

#include "hub/gateway/auth_template.h"
#include "hub/gateway/transport.h"

namespace concordat::gateway {

struct Verdict {
    Reply reply;
    bool tokenExpired = false;
    bool isRedirect = false;      ///< to `reply.headers["location"]`
    bool vendorIsBusy = false;    ///< fewer at once
    bool vendorFailed = false;    ///< counts for the breaker
    bool vendorAnswered = false;  ///< closes the breaker
};

/// Judges `wire`, whose body and headers move into the reply.
Verdict judge(const AuthTemplate& auth, const Request& request, WireReply wire, SystemTime now);

/// Whether a request changes nothing, whatever its connector says.
bool isSafe(const std::string& method);

/// A reply of the gateway's own: nothing was sent.
Reply ownReply(ReplyClass kind, std::string error);

}  // namespace concordat::gateway
