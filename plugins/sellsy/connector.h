// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sellsy as a connector.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/sellsy/apply.h"
#include "plugins/sellsy/cursor.h"
#include "plugins/sellsy/link.h"
#include "sdk/concordat/connector.h"

namespace concordat::plugins::sellsy {

/// What became of records asked for: each is in exactly one of the three.
struct Fetched {
    std::map<sdk::RecordRef, Record> found;
    std::set<sdk::RecordRef> missing;
    std::map<sdk::RecordRef, Answer> failed;
};

/// A write that has been decided.
struct Writing {
    sdk::RecordRef record;
    const Kind* kind = nullptr;
    Step step;
};

class SellsyConnector : public sdk::Connector {
 public:
    SellsyConnector(sdk::Host& host, const nlohmann::json& settings);
    static sdk::Description description() { return describe(); }

    sdk::Check check() override;
    sdk::Discovery discover() override;
    sdk::Page pull(const sdk::PullRequest& request) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>& identifiers) override;
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items) override;
    void note(const sdk::RecordRef& record, const std::string& text) override;
    sdk::Health health() override;
    sdk::WebhookNews parseWebhook(const sdk::WebhookRequest& request) override;
    sdk::Subscription subscribeWebhook(const std::string& address) override;
    std::vector<sdk::Subscription> listWebhooks() override;
    void removeWebhook(const std::string& id) override;

 private:
    /// Searches by id, then looks at each record the search did not show, before it calls it
    /// missing.
    Fetched fetch(const std::set<sdk::RecordRef>& records);
    void lookAlone(Fetched& fetched, const std::vector<sdk::RecordRef>& records);
    /// Reads, writes what differs, reads back; an outcome for each.
    std::map<sdk::RecordRef, sdk::Outcome> bring(const std::map<sdk::RecordRef, Wish>& wishes);
    void writeTogether(const std::vector<Writing>& writings,
                       std::map<sdk::RecordRef, sdk::Outcome>& outcomes);
    void settle(const Writing& writing,
                const Answer& answer,
                const std::map<sdk::RecordRef, sdk::Observation>& readBack,
                std::map<sdk::RecordRef, sdk::Outcome>& outcomes);
    void probeKind(const Kind& kind, const Answer& page, std::vector<sdk::Probe>& probes);

    sdk::Host& host_;
    Settings settings_;
    Link link_;
};

}  // namespace concordat::plugins::sellsy
