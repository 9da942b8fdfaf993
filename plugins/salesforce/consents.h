// SPDX-License-Identifier: Apache-2.0
#pragma once
// Individuals with what belongs to them: their ContactPointTypeConsent rows and the person they
// stand for.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/salesforce/apply.h"
#include "plugins/salesforce/fetch.h"

namespace concordat::plugins::salesforce {

/// What the consent rows of one individual show, per contact point type. A refusal of any purpose
/// counts; a permit only for a purpose that the settings map, or for none named. Pure.
std::vector<sdk::SlotReading> consentReadings(const std::vector<Row>& rows,
                                              const Settings& settings);

/// Rows to change and rows to make so that the individual refuses, or consents.
struct ConsentRows {
    std::vector<nlohmann::json> patches;
    std::vector<nlohmann::json> creations;
    std::string obstacle;  ///< why rows cannot say it; empty: they can
};
/// What there is to say in every row we write.
struct ConsentTerms {
    std::string individual;
    std::string creationKey;
    sdk::EpochMs at = 0;
    std::map<std::string, std::string> purposeIds;  ///< mapped purposes that the org has, by name
};
/// Pure.
ConsentRows refusalOf(const PointType& point,
                      const std::vector<Row>& rows,
                      const ConsentTerms& terms,
                      const Settings& settings);
/// An OptIn for each purpose that the proof covers, and for no other. A refusal that the proof does
/// not answer stands, and is an obstacle. Pure. `proof` says when and where.
ConsentRows grantOf(const PointType& point,
                    const std::vector<Row>& rows,
                    const ConsentTerms& terms,
                    const sdk::Evidence& proof,
                    const Settings& settings);

/// [call] Borrows all three.
class Individuals {
 public:
    Individuals(const Settings& settings, Link& link, Records& records)
        : settings_(settings), link_(link), records_(records) {}

    /// Adds consents and person to each individual among `seen`. Throws CallError if Salesforce
    /// does not say.
    void complete(std::vector<sdk::Observation>& seen);
    /// Their consent rows by individual, deleted ones too.
    std::map<std::string, std::vector<Row>> rowsOf(const std::set<std::string>& individuals);
    /// Mapped purposes that the org has: name -> id.
    std::map<std::string, std::string> purposeIds();

 private:
    void addPersons(std::vector<sdk::Observation>& seen, const std::set<std::string>& individuals);

    const Settings& settings_;
    Link& link_;
    Records& records_;
};

}  // namespace concordat::plugins::salesforce
