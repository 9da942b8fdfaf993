// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/consents.h"

namespace concordat::plugins::salesforce {

void addPersons(std::vector<sdk::Observation>& individuals,
                const Settings& settings,
                Link& link,
                Records& records) {
    std::vector<std::string> literals;
    for (const auto& seen : individuals)
        if (seen.record.object == kIndividual.object) literals.push_back(soqlText(seen.record.id));
    if (literals.empty()) return;
    std::map<std::string, sdk::RecordRef> persons;
    for (const auto* kind : {&kContact, &kLead}) {
        if (!takesPart(settings, *kind)) continue;
        mustBeDone(link.prepare({kind}), "reading the persons of individuals");
        if (!link.shape(*kind).has("IndividualId")) continue;
        std::vector<std::string> queries;
        for (const auto& part : inParts(literals))
            queries.push_back(inQuery({"Id", "IndividualId"}, kind->object, "IndividualId", part) +
                              " ORDER BY Id");
        for (const auto& row : records.search(*kind, queries, "reading the persons of individuals"))
            persons.emplace(fullId(textOf(member(row.raw, "IndividualId"))), row.seen.record);
    }
    for (auto& seen : individuals) {
        const auto found = persons.find(seen.record.id);
        if (seen.record.object == kIndividual.object && found != persons.end())
            seen.person = found->second;
    }
}

}  // namespace concordat::plugins::salesforce
