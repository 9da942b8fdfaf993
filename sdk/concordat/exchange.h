// SPDX-License-Identifier: Apache-2.0
#pragma once
// Requests to the vendor in groups that the hub takes, with what every reply tells on the side: the
// vendor's clock and the last error.

#include <optional>
#include <string>
#include <vector>

#include "sdk/concordat/connector.h"

namespace concordat::sdk {

/// [call] Borrows the host.
class Exchange {
 public:
    explicit Exchange(Host& host) : host_(host) {}

    /// One reply per request, in order; any number of requests.
    std::vector<HttpReply> send(const std::vector<HttpRequest>& requests);

    /// The vendor's clock, by the replies' Date, at the latest moment that is surely before the
    /// last send() was carried out; absent: no reply had a date.
    std::optional<EpochMs> vendorTime() const { return vendorTime_; }
    /// The same for a cursor: a vendor's clock that jumped ahead must not carry it along, so the
    /// earlier of both clocks counts, and without a date five minutes before the hub's.
    EpochMs cautiousTime() const;
    /// Vendor's clock minus the hub's, in ms; absent while no reply had a date.
    std::optional<std::int64_t> skewMs() const { return skewMs_; }
    /// "the last error was HTTP 503"; empty: none yet.
    const std::string& lastError() const { return lastError_; }

 private:
    void learn(const HttpReply& reply, EpochMs answered);

    Host& host_;
    EpochMs asked_ = 0;
    std::optional<EpochMs> vendorTime_;
    std::optional<std::int64_t> skewMs_;
    std::string lastError_;
};

/// What check() says of two clocks, named "clock": a warning from two minutes apart, where times of
/// two systems are hard to compare, and where no reply had a date.
Probe clockProbe(const std::optional<std::int64_t>& skewMs, const std::string& vendor);

/// A whole number in a reply's header (name in lower case); absent or none: empty.
std::optional<std::int64_t> numberIn(const HttpReply& reply, const std::string& header);

}  // namespace concordat::sdk
