// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/transfer_class.h"

#include <algorithm>
#include <optional>

namespace concordat::flowmap {

using manifest::Day;
using manifest::ExporterLaw;
using manifest::Instrument;
using manifest::Mechanism;
using manifest::Role;
using manifest::Vocabularies;

namespace {

bool startsWith(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

template <typename T>
bool has(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// A block of categories holds all that are named under it.
bool holds(const std::string& block, const std::string& category) {
    return category == block || startsWith(category, (block + ".").c_str());
}

bool covers(const std::vector<std::string>& covered, const std::vector<std::string>& wanted) {
    return covered.empty() || std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
               return std::any_of(covered.begin(), covered.end(),
                                  [&](const auto& block) { return holds(block, one); });
           });
}

std::string proof(const manifest::Proofs& proofs, const std::string& key) {
    const auto found = proofs.find(key);
    return found == proofs.end() || found->second == "unknown" ? "" : found->second;
}

/// What is being judged, and by which lists.
struct Bench {
    const Hop& hop;
    const Vocabularies& lists;
    Day today;
    const TransferPolicy& policy;
};

bool processes(Role role) { return role == Role::Processor || role == Role::SubProcessor; }

bool roleFits(const std::string& wanted, Role role) {
    if (wanted == "controller") return role == Role::Controller || role == Role::JointController;
    return wanted == "processor" ? processes(role) : true;
}

bool isBindingRules(const std::string& code) { return startsWith(code, "BCR_"); }

/// The list names the importer itself, is fresh, and covers these people's data.
std::set<Gap> dpfGaps(const Bench& bench) {
    const Hop& hop = bench.hop;
    std::set<Gap> gaps;
    if (!hop.importerCountry.empty() && hop.importerCountry != "US") gaps.insert(Gap::DpfEntity);
    std::string status = proof(hop.transfer->proofs, "dpf_status");
    std::string cover = proof(hop.transfer->proofs, "covered_data_hr_nonhr");
    if (hop.dpf != nullptr) {
        if (hop.dpf->status.isKnown()) status = manifest::wordOf(hop.dpf->status.value);
        if (!hop.dpf->covers.empty()) {
            cover.clear();
            for (const std::string& one : hop.dpf->covers) cover += one + ";";
        }
    }
    if (status != "active") gaps.insert(Gap::DpfStatus);
    const bool staff = has<std::string>(hop.subjects, "CRM_USER");
    const bool nonHr = cover.find("non-hr") != std::string::npos;
    const bool hr = startsWith(cover, "hr") || cover.find(";hr") != std::string::npos;
    const bool others = hop.subjects.size() > (staff ? 1U : 0U) || hop.subjects.empty();
    if ((staff && !hr) || (others && !nonHr)) gaps.insert(Gap::DpfCover);
    return gaps;
}

const Instrument* dpfOf(const manifest::Transfer& transfer) {
    const auto isDpf = [](const Instrument& one) { return one.mechanism == "ADEQUACY_DPF"; };
    for (const auto* list : {&transfer.fallbacks, &transfer.others}) {
        const auto found = std::find_if(list->begin(), list->end(), isDpf);
        if (found != list->end()) return &*found;
    }
    return nullptr;
}

bool namesDpf(const manifest::Transfer& transfer) {
    return (transfer.mechanism.isKnown() && transfer.mechanism.value == "ADEQUACY_DPF") ||
           dpfOf(transfer) != nullptr;
}

std::set<Gap> scopeGaps(const Bench& bench, bool dpf) {
    const manifest::Transfer* transfer = bench.hop.transfer;
    if (transfer == nullptr || bench.hop.byDefault) return {Gap::ScopeMissing};
    if (dpf && !namesDpf(*transfer)) return {Gap::ScopeMissing};
    if (!transfer->scopeCheck.isKnown()) return {Gap::ScopeMissing};
    if (transfer->scopeCheck.value == manifest::ScopeCheck::Failed) return {Gap::ScopeFailed};
    const int months = dpf ? bench.policy.dpfCheckMonths : bench.policy.scopeCheckMonths;
    std::set<Gap> gaps = dpf ? dpfGaps(bench) : std::set<Gap>{};
    if (!isFresh(transfer->checkedOn, months, bench.today)) gaps.insert(Gap::ScopeStale);
    return gaps;
}

bool tiaNeeded(const Mechanism& mechanism, const Instrument& instrument) {
    if (mechanism.tiaRequired == "conditional")
        return proof(instrument.proofs, "tia_condition") != "no";
    return mechanism.tiaRequired != "no";
}

void addLawGaps(const Bench& bench, const manifest::Tia& tia, std::set<Gap>& gaps) {
    const manifest::Country* country = bench.lists.country(bench.hop.placeCode());
    if (country != nullptr && country->lawChangedOn.isKnown()) {
        if (tia.date.value < country->lawChangedOn.value) gaps.insert(Gap::TiaBeforeLaw);
    } else if (!tia.lawChangeConsidered.isKnown() || !tia.lawChangeConsidered.value) {
        gaps.insert(Gap::TiaLawUnknown);
    }
}

void addTiaGaps(const Bench& bench, const Instrument& instrument, std::set<Gap>& gaps) {
    if (!instrument.tia || !instrument.tia->ref.isKnown() || !instrument.tia->date.isKnown()) {
        gaps.insert(Gap::TiaMissing);
        return;
    }
    const manifest::Tia& tia = *instrument.tia;
    if (!isFresh(tia.date, bench.policy.tiaMonths, bench.today)) gaps.insert(Gap::TiaStale);
    addLawGaps(bench, tia, gaps);
    const bool importer = tia.importer.empty() || tia.importer == bench.hop.importer;
    if (!importer || !covers(tia.categories, bench.hop.categories)) gaps.insert(Gap::TiaCover);
}

/// Evidence that members of their own hold is not asked for a second time.
bool isHeldElsewhere(const std::string& field) {
    static const std::vector<std::string> kHeld{"signed_on",
                                                "module",
                                                "tia_ref",
                                                "reference",
                                                "instrument_ref",
                                                "group_entities",
                                                "place",
                                                "decision_ref",
                                                "scope_check",
                                                "checked_on",
                                                "legal_entity",
                                                "dpf_status",
                                                "covered_data_hr_nonhr",
                                                "covered_entities",
                                                "next_certification",
                                                "fallback_mechanism",
                                                "occasional_reason"};
    return has(kHeld, field);
}

bool evidenceIsThere(const Bench& bench, const Mechanism& mechanism, const Instrument& held) {
    const bool all = std::all_of(
        mechanism.evidenceFields.begin(), mechanism.evidenceFields.end(), [&](const auto& field) {
            return isHeldElsewhere(field) || !proof(held.proofs, field).empty();
        });
    const std::string option = proof(held.proofs, "clause_9_option");
    const bool specific = bench.hop.authorisation.isKnown() &&
                          bench.hop.authorisation.value == manifest::Authorisation::Specific;
    const bool annexNeeded = startsWith(option, "1") || (specific && !startsWith(option, "2"));
    const bool asksAnnex = startsWith(mechanism.evidenceConditional, "annex_III");
    return all && !(asksAnnex && annexNeeded && proof(held.proofs, "annex_III").empty());
}

bool isSafeguard(const Bench& bench, const Instrument& instrument, std::set<Gap>& gaps) {
    const Mechanism* mechanism = bench.lists.mechanism(instrument.mechanism);
    if (mechanism == nullptr || mechanism->family != "safeguard" ||
        !isUsable(*mechanism, bench.hop, bench.today)) {
        gaps.insert(Gap::NotValid);
        return false;
    }
    const Hop& hop = bench.hop;
    const bool oneGroup = !hop.exporterGroup.empty() && hop.exporterGroup == hop.importerGroup;
    if (isBindingRules(instrument.mechanism) && !oneGroup) {
        gaps.insert(Gap::OtherGroup);
        return false;
    }
    return true;
}

std::set<Gap> papersMissing(const Bench& bench, const Instrument& instrument) {
    const Mechanism& mechanism = *bench.lists.mechanism(instrument.mechanism);
    std::set<Gap> gaps;
    if (!roleFits(mechanism.exporterRole, bench.hop.exporterRole) ||
        !roleFits(mechanism.importerRole, bench.hop.importerRole))
        gaps.insert(Gap::Roles);
    if (instrument.instrument.empty() || bench.hop.byDefault) gaps.insert(Gap::Instrument);
    if (!instrument.signedOn.isKnown() || instrument.signedOn.value > bench.today)
        gaps.insert(Gap::Unsigned);
    if (instrument.ends.isUnknown() ||
        (instrument.ends.isKnown() && instrument.ends.value < bench.today))
        gaps.insert(Gap::Ended);
    if (!covers(bench.hop.transfer->categories, bench.hop.categories)) gaps.insert(Gap::Categories);
    if (!evidenceIsThere(bench, mechanism, instrument)) gaps.insert(Gap::Evidence);
    if (tiaNeeded(mechanism, instrument)) addTiaGaps(bench, instrument, gaps);
    return gaps;
}

/// The best of the primary and the fallbacks; nothing if none of them is a safeguard of this hop.
std::optional<Judgement> bySafeguard(const Bench& bench,
                                     const std::vector<Instrument>& instruments,
                                     std::set<Gap>& refused) {
    std::optional<Judgement> best;
    for (const Instrument& instrument : instruments) {
        if (!isSafeguard(bench, instrument, refused)) continue;
        Judgement one;
        one.mechanism = instrument.mechanism;
        one.gaps = papersMissing(bench, instrument);
        one.value = one.gaps.empty() ? TransferClass::Safeguarded : TransferClass::Incomplete;
        if (!best || one.value < best->value) best = one;
    }
    return best;
}

std::optional<Judgement> byDerogation(const Bench& bench, std::set<Gap>& refused) {
    const manifest::Transfer& transfer = *bench.hop.transfer;
    const Mechanism* mechanism =
        transfer.mechanism.isKnown() ? bench.lists.mechanism(transfer.mechanism.value) : nullptr;
    if (mechanism == nullptr || mechanism->family != "derogation") return std::nullopt;
    std::set<Gap> gaps;
    const bool occasional =
        transfer.frequency.isKnown() && transfer.frequency.value != manifest::Frequency::Regular;
    if (!occasional || bench.hop.routine) gaps.insert(Gap::Routine);
    if (!transfer.reason.isKnown()) gaps.insert(Gap::Reason);
    if (!evidenceIsThere(bench, *mechanism, primaryOf(transfer))) gaps.insert(Gap::Evidence);
    if (bench.hop.byDefault) gaps.insert(Gap::Instrument);
    if (!gaps.empty()) {
        refused = gaps;
        return std::nullopt;
    }
    Judgement judgement;
    judgement.value = TransferClass::Derogation;
    judgement.mechanism = mechanism->code;
    return judgement;
}

std::vector<Instrument> instrumentsOf(const Hop& hop, bool fallbacksOnly) {
    if (hop.transfer == nullptr) return {};
    std::vector<Instrument> all = hop.transfer->fallbacks;
    if (!fallbacksOnly && hop.transfer->mechanism.isKnown())
        all.insert(all.begin(), primaryOf(*hop.transfer));
    return all;
}

/// A mechanism that is neither adequacy nor unknown: then the hop stands or falls by it.
bool restsElsewhere(const Bench& bench) {
    const manifest::Transfer* transfer = bench.hop.transfer;
    if (transfer == nullptr || !transfer->mechanism.isKnown()) return false;
    const Mechanism* mechanism = bench.lists.mechanism(transfer->mechanism.value);
    return mechanism != nullptr && mechanism->family != "adequacy" && mechanism->code != "UNKNOWN";
}

Judgement withoutAdequacy(const Bench& bench, bool scopeOpen, std::set<Gap> gaps) {
    const bool named = bench.hop.transfer != nullptr;
    std::set<Gap> refused;
    if (const auto found = bySafeguard(bench, instrumentsOf(bench.hop, false), refused))
        return *found;
    if (named)
        if (const auto found = byDerogation(bench, refused)) return *found;
    if (!named || !bench.hop.transfer->mechanism.isKnown()) gaps.insert(Gap::Mechanism);
    gaps.insert(refused.begin(), refused.end());
    const bool open = scopeOpen && !restsElsewhere(bench);
    return {
        open ? TransferClass::Unknown : TransferClass::Unsafeguarded,
        named && bench.hop.transfer->mechanism.isKnown() ? bench.hop.transfer->mechanism.value : "",
        false,
        false,
        false,
        gaps};
}

Judgement adequate(const Bench& bench, const manifest::Adequacy& decision) {
    Judgement judgement;
    judgement.value = TransferClass::Adequate;
    judgement.mechanism = decision.mechanism;
    judgement.limited = decision.scopeLimited;
    std::set<Gap> refused;
    const auto fallback = bySafeguard(bench, instrumentsOf(bench.hop, true), refused);
    judgement.fallbackReady = fallback && fallback->value == TransferClass::Safeguarded;
    return judgement;
}

Judgement outsideEea(const Bench& bench) {
    const std::string place = bench.hop.placeCode();
    const manifest::Adequacy* decision =
        bench.lists.adequacy(place, judgedBy(bench.hop), bench.today);
    if (decision == nullptr) return withoutAdequacy(bench, false, {});
    if (!decision->scopeLimited) return adequate(bench, *decision);
    const std::set<Gap> gaps = scopeGaps(bench, decision->mechanism == "ADEQUACY_DPF");
    if (gaps.empty()) return adequate(bench, *decision);
    const bool open = gaps.count(Gap::ScopeMissing) + gaps.count(Gap::ScopeStale) > 0;
    return withoutAdequacy(bench, open, gaps);
}

Judgement plain(TransferClass value) {
    Judgement judgement;
    judgement.value = value;
    return judgement;
}

/// What was taken under a foreign law goes on under it, unless Clauses bind the exporter (D20).
std::optional<Judgement> outsideScope(const Hop& hop) {
    if (!judgedBy(hop).empty()) return std::nullopt;
    Judgement judgement = plain(TransferClass::OutsideScope);
    judgement.underForeignLaw = hop.arrival == Arrival::UnderAdequateLaw;
    return judgement;
}

}  // namespace

const std::string& wordOf(Gap gap) {
    static const std::vector<std::string> kWords{
        "place",       "mechanism",    "not_valid",  "other_group",    "scope_missing",
        "scope_stale", "scope_failed", "dpf_entity", "dpf_status",     "dpf_cover",
        "roles",       "instrument",   "unsigned",   "ended",          "categories",
        "evidence",    "tia_missing",  "tia_stale",  "tia_before_law", "tia_law_unknown",
        "tia_cover",   "routine",      "reason"};
    return kWords.at(static_cast<std::size_t>(gap));
}

bool isFresh(const manifest::Date& date, int months, Day today) {
    if (!date.isKnown() || date.value > today) return false;
    std::chrono::year_month_day limit{date.value};
    limit += std::chrono::months{months};
    if (!limit.ok()) limit = limit.year() / limit.month() / std::chrono::last;
    return Day{limit} >= today;
}

std::string judgedBy(const Hop& hop) {
    if (hop.law == ExporterLaw::EuGdpr) return "EU";
    if (hop.law == ExporterLaw::EeaEfta) return "EEA-EFTA";
    return hop.arrival == Arrival::BoundByClauses ? "EU" : "";
}

bool isUsable(const Mechanism& mechanism, const Hop& hop, Day today) {
    if (!startsWith(mechanism.usableStatus, "valid") && mechanism.usableStatus != "exceptional")
        return false;
    if (mechanism.validFrom.isKnown() && mechanism.validFrom.value > today) return false;
    if (mechanism.validTo.isKnown() && mechanism.validTo.value < today) return false;
    return has(mechanism.exporterLaws, judgedBy(hop));
}

Instrument primaryOf(const manifest::Transfer& transfer) {
    Instrument one;
    one.at = transfer.at;
    if (transfer.mechanism.isKnown()) one.mechanism = transfer.mechanism.value;
    if (transfer.instrument.isKnown()) one.instrument = transfer.instrument.value;
    one.signedOn = transfer.signedOn;
    one.ends = transfer.ends;
    one.tia = transfer.tia;
    one.proofs = transfer.proofs;
    return one;
}

std::set<Gap> gapsOf(const Instrument& instrument,
                     const Hop& hop,
                     const Vocabularies& vocabularies,
                     Day today,
                     const TransferPolicy& policy) {
    const Bench bench{hop, vocabularies, today, policy};
    std::set<Gap> gaps;
    return isSafeguard(bench, instrument, gaps) ? papersMissing(bench, instrument) : gaps;
}

std::set<Gap> scopeGapsOf(const Hop& hop,
                          const Vocabularies& vocabularies,
                          Day today,
                          const TransferPolicy& policy) {
    const auto* decision = vocabularies.adequacy(hop.placeCode(), judgedBy(hop), today);
    if (decision == nullptr || !decision->scopeLimited) return {};
    return scopeGaps({hop, vocabularies, today, policy}, decision->mechanism == "ADEQUACY_DPF");
}

Judgement judge(const Hop& hop,
                const Vocabularies& vocabularies,
                Day today,
                const TransferPolicy& policy) {
    if (const auto outside = outsideScope(hop)) return *outside;
    if (hop.closeness != Closeness::Separate) return plain(TransferClass::NoTransfer);
    const std::string place = hop.placeCode();
    if (place.empty()) {
        Judgement judgement = plain(TransferClass::Unknown);
        judgement.gaps = {Gap::Place};
        return judgement;
    }
    const manifest::Country* country =
        hop.place.organisation.empty() ? vocabularies.country(place) : nullptr;
    if (country != nullptr && country->inEea) return plain(TransferClass::Eea);
    return outsideEea({hop, vocabularies, today, policy});
}

}  // namespace concordat::flowmap
