// SPDX-License-Identifier: Apache-2.0
#pragma once
// Salesforce as a connector.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/salesforce/apply.h"
#include "plugins/salesforce/consents.h"
#include "plugins/salesforce/cursor.h"
#include "plugins/salesforce/fetch.h"
#include "plugins/salesforce/link.h"
#include "sdk/concordat/connector.h"

namespace concordat::plugins::salesforce {

/// Outcomes by record.
using Outcomes = std::map<sdk::RecordRef, sdk::Outcome>;

/// A write that has been decided.
struct Writing {
    sdk::RecordRef record;
    Patch patch;
};

class SalesforceConnector : public sdk::Connector {
 public:
    SalesforceConnector(sdk::Host& host, const nlohmann::json& settings);
    static sdk::Description description() { return describe(); }

    sdk::Check check() override;
    sdk::Discovery discover() override;
    sdk::Page pull(const sdk::PullRequest& request) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>& identifiers) override;
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items) override;
    void note(const sdk::RecordRef& record, const std::string& text) override;
    sdk::Health health() override;

 private:
    /// One page of each object whose round is under way.
    void pullPages(Cursor& cursor, int limit, sdk::Page& page);
    void pullDeleted(Cursor& cursor, sdk::Page& page);
    void addDeleted(const Kind& kind, const nlohmann::json& body, sdk::Page& page);
    /// Reads, writes what differs; an outcome for each.
    Outcomes bring(const std::map<sdk::RecordRef, Wish>& wishes);
    /// Unconditional, as one collection; rows that are locked are tried once more in small groups.
    void tighten(std::vector<Writing> writings, Outcomes& outcomes);
    std::vector<Answer> writeTogether(const std::vector<Writing>& writings);
    /// Each on the condition that nobody changed the record.
    void loosen(const std::vector<Writing>& writings, Outcomes& outcomes);
    /// Refusals in consent rows, which are made where there are none.
    void refuse(const std::map<sdk::RecordRef, Wish>& wishes, Outcomes& outcomes);
    void writeConsents(const std::vector<std::pair<sdk::RecordRef, nlohmann::json>>& rows,
                       bool create,
                       Outcomes& outcomes);
    /// Individuals whose consents changed, unless the page has them.
    void addIndividuals(const std::set<sdk::RecordRef>& individuals, sdk::Page& page);
    std::vector<std::string> findQueries(const Kind& kind,
                                         const std::vector<sdk::Identifier>& identifiers);
    void probeKind(const Kind& kind, std::vector<sdk::Probe>& probes);
    sdk::Probe tenantProbe(sdk::Check& check);

    sdk::Host& host_;
    Settings settings_;
    Link link_;
    Records records_;
    Individuals individuals_;
};

}  // namespace concordat::plugins::salesforce
