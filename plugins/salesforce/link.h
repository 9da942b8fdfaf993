// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way to Salesforce: which API version, what the objects look like, and one answer for each
// request.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/salesforce/replies.h"
#include "plugins/salesforce/requests.h"
#include "plugins/salesforce/shape.h"
#include "sdk/concordat/exchange.h"

namespace concordat::plugins::salesforce {

/// [call] Borrows the host and the settings.
class Link {
 public:
    Link(sdk::Host& host, const Settings& settings)
        : host_(host), settings_(settings), exchange_(host) {}

    /// Finds the API version and what `kinds` look like, unless that is known. Done, or why not.
    Answer prepare(const std::vector<const Kind*>& kinds);
    /// As prepare() found it; no fields before.
    const Shape& shape(const Kind& kind) const;
    std::vector<std::string> fields(const Kind& kind) const {
        return fieldsOf(kind, shape(kind), settings_);
    }
    /// Looks at the objects again before the next request: a field was hidden meanwhile.
    void forgetShapes() { shapes_.clear(); }

    /// One answer per call, in order; needs prepare(). Throws Cancelled when the hub ends the call
    /// and nothing was to be written.
    std::vector<Answer> send(const std::vector<Call>& calls);
    Answer send(const Call& call) { return send(std::vector{call}).front(); }
    /// The same where an answer is no JSON.
    std::vector<sdk::HttpReply> sendRaw(const std::vector<Call>& calls);
    /// At most five reads in one request.
    std::vector<Answer> sendTogether(const std::vector<Call>& reads);
    const std::string& versionPath() const { return versionPath_; }
    /// The versions of the API that the org offers; also says whether it can be reached.
    Answer askVersions();

    /// The vendor's clock, at the latest moment that is surely before the last request was carried
    /// out; 0: no reply had a date.
    sdk::EpochMs vendorTimeBefore() const { return exchange_.vendorTime().value_or(0); }
    /// Vendor's clock minus the hub's, in ms; absent while no reply had a date.
    std::optional<std::int64_t> skewMs() const { return exchange_.skewMs(); }
    const std::map<std::string, std::int64_t>& quotaLeft() const { return quotaLeft_; }
    const std::string& quotaText() const { return quotaText_; }
    const std::string& lastError() const { return exchange_.lastError(); }
    /// Of the token reply, 18 characters; empty before the first reply.
    const std::string& orgId() const { return orgId_; }

 private:
    std::vector<sdk::HttpReply> exchange(const std::vector<sdk::HttpRequest>& requests);
    void learn(const sdk::HttpReply& reply);
    void learnQuota(const std::string& header);
    Answer chooseVersion();

    sdk::Host& host_;
    const Settings& settings_;
    sdk::Exchange exchange_;
    std::string versionPath_;
    std::map<const Kind*, Shape> shapes_;
    std::map<std::string, std::int64_t> quotaLeft_;
    std::string quotaText_;
    std::string orgId_;
};

}  // namespace concordat::plugins::salesforce
