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
#include "plugins/salesforce/write_jobs.h"
#include "sdk/concordat/connector.h"

namespace concordat::plugins::salesforce {

/// What is wanted of the consents of one individual; `version` as it was when read.
struct Choice {
    sdk::RecordRef record;
    Wish wish;
    std::int64_t version = 0;
};

/// The consents there are, and the purposes the org has; `failure`: why that could not be read.
struct Standing {
    std::map<std::string, std::vector<Row>> rows;  ///< by individual
    std::map<std::string, std::string> purposeIds;
    std::string failure;
};

/// Rows of ContactPointTypeConsent to be written, each for its individual.
struct ConsentWrites {
    std::vector<std::pair<sdk::RecordRef, nlohmann::json>> patches;
    std::vector<std::pair<sdk::RecordRef, nlohmann::json>> creations;
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
    sdk::ApplyReply pollApply(const std::string& token) override;
    void note(const sdk::RecordRef& record, const std::string& text) override;
    sdk::Health health() override;

 private:
    /// One page of each object whose round is under way.
    void pullPages(Cursor& cursor, int limit, sdk::Page& page);
    /// A step of an object's first load by a bulk job: begin, wait, take some results.
    void pullLoad(const Kind& kind, Progress& progress, sdk::Page& page);
    bool loadsByJob(const Progress& progress) const;
    void beginLoad(const Kind& kind, Progress& progress, sdk::Page& page);
    void takeLoad(const Kind& kind, Progress& progress, sdk::Page& page);
    void addLoaded(const Kind& kind,
                   const std::vector<nlohmann::json>& rows,
                   sdk::EpochMs askedAt,
                   std::optional<Key>& newest,
                   sdk::Page& page);
    void goOnByPages(const Kind& kind, Progress& progress, const std::string& why);
    void pullDeleted(Cursor& cursor, sdk::Page& page);
    void addDeleted(const Kind& kind, const nlohmann::json& body, sdk::Page& page);
    /// Reads, writes what differs; an outcome for each.
    Outcomes bring(const std::map<sdk::RecordRef, Wish>& wishes);
    /// Unconditional, as one collection; rows that are locked are tried once more in small groups.
    void tighten(std::vector<Writing> writings, Outcomes& outcomes);
    std::vector<Answer> writeTogether(const std::vector<Writing>& writings);
    /// Each on the condition that nobody changed the record; all requests at once.
    void loosen(const std::vector<Writing>& writings, Outcomes& outcomes);
    /// The consents that the wishes touch; their individuals' versions become those of both.
    Standing consentsOf(const std::map<sdk::RecordRef, Wish>& wishes, Fetched& fetched);
    /// Refusals and proven permits in consent rows, which are made where there are none.
    void choose(const std::vector<Choice>& choices, const Standing& standing, Outcomes& outcomes);
    void addRows(const Choice& choice,
                 const std::vector<Row>& rows,
                 const ConsentTerms& terms,
                 ConsentWrites& writes,
                 sdk::Outcome& outcome);
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
    WriteJobs jobs_;
};

}  // namespace concordat::plugins::salesforce
