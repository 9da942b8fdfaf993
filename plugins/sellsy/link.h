// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way to Sellsy: calls go out in as few requests as the settings allow, one answer comes back
// for each.

#include <map>
#include <string>
#include <vector>

#include "plugins/sellsy/replies.h"
#include "plugins/sellsy/requests.h"
#include "sdk/concordat/exchange.h"

namespace concordat::plugins::sellsy {

/// [call] Borrows the host and the settings.
class Link {
 public:
    Link(sdk::Host& host, const Settings& settings) : settings_(settings), exchange_(host) {}

    /// One answer per call, in order. Sends one batch request per `batch_size` calls, halved where
    /// the vendor finds it too large. Throws Cancelled when the hub ends the call before anything
    /// was written.
    std::vector<Answer> send(const std::vector<Call>& calls);
    std::vector<Answer> sendV1(const std::vector<sdk::HttpRequest>& requests);

    /// The vendor's clock, at the latest moment that is surely before the last request of send()
    /// was carried out.
    sdk::EpochMs vendorTimeBefore() const { return exchange_.cautiousTime(); }
    /// Vendor's clock minus the hub's, in ms; absent while no reply had a date.
    std::optional<std::int64_t> skewMs() const { return exchange_.skewMs(); }
    const std::map<std::string, std::int64_t>& quotaLeft() const { return quotaLeft_; }
    const std::string& lastError() const { return exchange_.lastError(); }

 private:
    std::vector<Answer> sendBatch(const std::vector<Call>& calls);
    std::vector<sdk::HttpReply> exchange(const std::vector<sdk::HttpRequest>& requests);

    const Settings& settings_;
    sdk::Exchange exchange_;
    std::map<std::string, std::int64_t> quotaLeft_;
};

}  // namespace concordat::plugins::sellsy
