// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way to a base: requests go out together, one answer comes back for each; searches are read to
// their last page.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/eudonet/replies.h"
#include "plugins/eudonet/requests.h"
#include "sdk/concordat/exchange.h"

namespace concordat::plugins::eudonet {

/// Rows of a search; `failure` is set where some page could not be read, and then nothing may be
/// concluded from absence.
struct Rows {
    std::vector<Row> rows;
    std::optional<Answer> failure;
};

/// [call] Borrows the host and the settings.
class Link {
 public:
    Link(sdk::Host& host, const Settings& settings) : settings_(settings), exchange_(host) {}

    /// One answer per request, in order. A cancelled reading throws Cancelled.
    std::vector<Answer> send(const std::vector<sdk::HttpRequest>& requests);
    /// Every page of a search; an empty answer is asked for a second time before it is believed.
    Rows all(SearchWish wish);
    /// Rows of `tab` whose `field` is one of `values`, in chunks of a page each.
    Rows inList(int tab,
                const std::vector<int>& columns,
                int field,
                const std::vector<std::string>& values);

    /// The vendor's clock, at the latest moment that is surely before the last requests were
    /// carried out.
    sdk::EpochMs vendorTimeBefore() const { return exchange_.cautiousTime(); }
    std::optional<std::int64_t> skewMs() const { return exchange_.skewMs(); }
    const std::map<std::string, std::int64_t>& quotaLeft() const { return quotaLeft_; }
    const std::string& lastError() const { return lastError_; }

 private:
    const Settings& settings_;
    sdk::Exchange exchange_;
    std::map<std::string, std::int64_t> quotaLeft_;
    std::string lastError_;
};

}  // namespace concordat::plugins::eudonet
