// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/codes.h"

#include <algorithm>

#include "hub/manifest/fields.h"

namespace concordat::manifest {

namespace {

/// What a list is called in a sentence, and where its codes are.
std::pair<const char*, const char*> nameOf(Codes codes) {
    switch (codes) {
        case Codes::Country:
            return {"country", "countries.csv (ISO 3166-1 alpha-2)"};
        case Codes::Organisation:
            return {"organisation", "adequacy-decisions.csv"};
        case Codes::Category:
            return {"data category", "data-categories.csv"};
        case Codes::Purpose:
            return {"purpose", "purposes.csv and own_purposes"};
        case Codes::Channel:
            return {"channel", "channels.csv"};
        case Codes::Subject:
            return {"category of persons", "data-subject-categories.csv"};
        case Codes::Basis:
            return {"legal basis (Art. 6)", "legal-bases.csv, family art6"};
        case Codes::Eprivacy:
            return {"ePrivacy basis", "legal-bases.csv, family eprivacy"};
        case Codes::Art9:
            return {"Art. 9 or 10 condition", "legal-bases.csv"};
        case Codes::Mechanism:
            return {"transfer mechanism", "transfer-mechanisms.csv"};
        case Codes::Measure:
            return {"security measure", "security-measures.csv"};
        case Codes::RecipientType:
            return {"recipient type", "recipient-types.csv"};
        case Codes::Criterion:
            return {"DPIA criterion", "dpia-criteria.csv"};
        case Codes::Sector:
            return {"sector", "consent-rules.csv"};
        case Codes::Any:
            break;
    }
    return {"code", "the vocabularies"};
}

}  // namespace

CodeBook::CodeBook(const Vocabularies& from, const std::vector<PurposeEntry>& ownPurposes) {
    for (const Country& row : from.countries) lists_[Codes::Country].insert(row.code);
    for (const Adequacy& row : from.adequacies)
        if (row.organisation) lists_[Codes::Organisation].insert(row.code);
    for (const Category& row : from.categories) lists_[Codes::Category].insert(row.code);
    lists_[Codes::Category].insert("*");
    for (const PurposeRow& row : from.purposes) lists_[Codes::Purpose].insert(row.code);
    for (const PurposeEntry& row : ownPurposes) lists_[Codes::Purpose].insert(row.code);
    lists_[Codes::Purpose].insert("*");
    for (const ChannelRow& row : from.channels)
        if (row.supersededBy.empty()) lists_[Codes::Channel].insert(row.code);
    for (const CodeRow& row : from.subjects) lists_[Codes::Subject].insert(row.code);
    for (const LegalBasis& row : from.bases) {
        const bool special = row.family == "art9" || row.family == "art10";
        lists_[special                    ? Codes::Art9
               : row.family == "eprivacy" ? Codes::Eprivacy
                                          : Codes::Basis]
            .insert(row.code);
    }
    for (const Mechanism& row : from.mechanisms) lists_[Codes::Mechanism].insert(row.code);
    for (const CodeRow& row : from.measures) lists_[Codes::Measure].insert(row.code);
    for (const RecipientType& row : from.recipientTypes)
        lists_[Codes::RecipientType].insert(row.code);
    for (const CodeRow& row : from.dpiaCriteria) lists_[Codes::Criterion].insert(row.code);
    for (const SectorRule& row : from.sectorRules) lists_[Codes::Sector].insert(row.sector);
}

const std::unordered_set<std::string>& CodeBook::all(Codes codes) const {
    static const std::unordered_set<std::string> kNone;
    const auto found = lists_.find(codes);
    return found == lists_.end() ? kNone : found->second;
}

bool CodeBook::has(Codes codes, const std::string& code) const {
    const auto& list = all(codes);
    return list.empty() || list.contains(code);
}

std::string CodeBook::refusal(Codes codes, const std::string& code) const {
    std::vector<std::string> words(all(codes).begin(), all(codes).end());
    std::sort(words.begin(), words.end());
    const auto near = nearest(code, words);
    const auto [name, list] = nameOf(codes);
    return std::string("unknown ") + name + " '" + code + "': " +
           (near ? "did you mean '" + *near + "'?" : std::string("the codes are in ") + list);
}

}  // namespace concordat::manifest
