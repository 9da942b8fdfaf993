// SPDX-License-Identifier: Apache-2.0
#pragma once
// Eudonet as a connector.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/eudonet/apply.h"
#include "plugins/eudonet/cursor.h"
#include "plugins/eudonet/link.h"
#include "sdk/concordat/connector.h"

namespace concordat::plugins::eudonet {

/// What became of records asked for: each is in exactly one of the three.
struct Fetched {
    std::map<std::string, Record> found;
    std::set<std::string> missing;
    std::map<std::string, Answer> failed;
};

class EudonetConnector : public sdk::Connector {
 public:
    EudonetConnector(sdk::Host& host, const nlohmann::json& settings);
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
    /// Numbers the fields that the settings name by label, once.
    void learnFields();
    /// The answer, if Eudonet did not give the fields.
    std::optional<Answer> tryLearnFields();
    std::vector<Stream> streams() const;
    /// Turns a table's rows into observations of records, with all consent rows of each.
    void observe(const Stream& stream,
                 std::vector<Row> rows,
                 sdk::EpochMs askedAt,
                 sdk::Page& page);

    /// Searches by id, then asks for each record the search did not show, twice, before it calls it
    /// missing.
    Fetched fetch(const std::set<std::string>& ids);
    void lookAlone(Fetched& fetched, const std::vector<std::string>& ids, sdk::EpochMs askedAt);
    /// Completes records with their consent rows; those whose rows could not be read have failed.
    void addConsents(Fetched& fetched);
    std::map<std::string, sdk::Outcome> bring(const std::map<std::string, Wish>& wishes);
    /// Takes one write's answer into its record's outcome; `first` of that record.
    static void settle(sdk::Outcome& outcome, const Answer& answer, bool first);
    void probeTables(const BaseInfo& base, std::vector<sdk::Probe>& probes);
    Rows searchIdentifier(const sdk::Identifier& identifier, int field);

    sdk::Host& host_;
    Settings settings_;
    Link link_;
    bool learned_ = false;
};

}  // namespace concordat::plugins::eudonet
