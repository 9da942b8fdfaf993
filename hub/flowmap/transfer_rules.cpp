// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/flowmap/rules.h"

namespace concordat::flowmap {

using manifest::Mechanism;

namespace {

/// One hop before the bar.
struct Charge {
    const RuleContext& context;
    const Edge& edge;
    const JudgedHop& judged;
    const Hop& hop;
    const Mechanism* mechanism;  ///< named as primary; null: none, or not one of the list
    Bar& bar;

    std::string key() const {
        const std::string named = mechanism == nullptr ? "" : "/" + mechanism->code;
        return hop.exporter + ">" + hop.importer + "@" + hop.placeCode() + named;
    }
    void pass() const { bar.pass(); }
    void fail(const std::string& gap) const {
        bar.fail(edge.id, key() + (gap.empty() ? "" : ":" + gap), hop.at,
                 {{"exporter", hop.exporter},
                  {"importer", hop.importer},
                  {"place", hop.placeCode()},
                  {"mechanism", mechanism == nullptr ? "" : mechanism->code},
                  {"gap", gap}});
    }
    void said(const std::string& what) const { bar.said(edge.id, key() + ":" + what, hop.at); }
    bool isFamily(const char* family) const {
        return mechanism != nullptr && mechanism->family == family;
    }
};

using ChargeFunction = void (*)(const Charge&);

/// All hops, whatever their place and law.
void eachHop(const RuleContext& context, Bar& bar, ChargeFunction hear) {
    for (const Edge& edge : context.graph.edges)
        for (const JudgedHop& judged : edge.hops) {
            const auto* transfer = judged.hop.transfer;
            const Mechanism* named =
                transfer == nullptr || !transfer->mechanism.isKnown()
                    ? nullptr
                    : context.vocabularies.mechanism(transfer->mechanism.value);
            hear({context, edge, judged, judged.hop, named, bar});
        }
}

bool isTransfer(const RuleContext& context, const Hop& hop) {
    if (judgedBy(hop).empty() || hop.closeness != Closeness::Separate) return false;
    if (hop.placeCode().empty()) return false;
    const auto* country =
        hop.place.organisation.empty() ? context.vocabularies.country(hop.placeCode()) : nullptr;
    return country == nullptr || !country->inEea;
}

/// Hops that leave the EEA under the law of the Union.
template <ChargeFunction Hear>
void eachTransfer(const RuleContext& context, Bar& bar) {
    eachHop(context, bar, [](const Charge& charge) {
        if (isTransfer(charge.context, charge.hop)) Hear(charge);
    });
}

std::set<Gap> primaryGaps(const Charge& charge) {
    return gapsOf(primaryOf(*charge.hop.transfer), charge.hop, charge.context.vocabularies,
                  charge.context.today, charge.context.policy);
}

/// Fails for each of `counted` that is there, else passes.
void judgeBy(const Charge& charge, const std::set<Gap>& gaps, const std::set<Gap>& counted) {
    bool good = true;
    for (const Gap gap : gaps) {
        if (counted.count(gap) == 0) continue;
        good = false;
        charge.fail(wordOf(gap));
    }
    if (good) charge.pass();
}

bool isKnownPlace(const Charge& charge) {
    const manifest::Place& place = charge.hop.place;
    const auto& lists = charge.context.vocabularies;
    if (place.organisation.empty()) return lists.country(place.country.value) != nullptr;
    return std::any_of(lists.adequacies.begin(), lists.adequacies.end(), [&](const auto& one) {
        return one.organisation && one.code == place.organisation;
    });
}

void placeIsNamed(const Charge& charge) {
    const manifest::Place& place = charge.hop.place;
    if (charge.hop.closeness == Closeness::OwnStaff || charge.hop.closeness == Closeness::Person)
        return charge.pass();
    const std::string use = manifest::wordOf(charge.hop.use);
    if (charge.hop.placeCode().empty())
        return place.country.isUnknown() ? charge.said(use) : charge.fail(use);
    isKnownPlace(charge) ? charge.pass() : charge.fail(use);
}

void mechanismIsValid(const Charge& charge) {
    const TransferClass value = charge.judged.judgement.value;
    if (charge.isFamily("derogation") && value == TransferClass::Unsafeguarded) return;
    if (value == TransferClass::Unknown) return charge.said("class");
    value == TransferClass::Unsafeguarded ? charge.fail("") : charge.pass();
}

void scopeIsChecked(const Charge& charge) {
    const auto* decision = charge.context.vocabularies.adequacy(
        charge.hop.placeCode(), judgedBy(charge.hop), charge.context.today);
    if (!charge.isFamily("adequacy") || decision == nullptr || !decision->scopeLimited) return;
    if (charge.hop.transfer->scopeCheck.isUnknown()) return charge.said("scope_check");
    const auto gaps = scopeGapsOf(charge.hop, charge.context.vocabularies, charge.context.today,
                                  charge.context.policy);
    judgeBy(charge, gaps, gaps);
}

bool isFallback(const Charge& charge, const manifest::Instrument& one) {
    if (one.mechanism == "SCC_M4" ||
        (one.mechanism.rfind("SCC_M", 0) != 0 && one.mechanism.rfind("BCR_", 0) != 0))
        return false;
    const auto gaps = gapsOf(one, charge.hop, charge.context.vocabularies, charge.context.today,
                             charge.context.policy);
    return gaps.count(Gap::NotValid) + gaps.count(Gap::OtherGroup) + gaps.count(Gap::Roles) +
               gaps.count(Gap::TiaMissing) ==
           0;
}

void frameworkHasFallback(const Charge& charge) {
    if (charge.mechanism == nullptr || charge.mechanism->code != "ADEQUACY_DPF") return;
    const auto& all = charge.hop.transfer->fallbacks;
    std::any_of(all.begin(), all.end(), [&](const auto& one) { return isFallback(charge, one); })
        ? charge.pass()
        : charge.fail("");
}

void moduleMatchesRoles(const Charge& charge) {
    if (charge.mechanism == nullptr || charge.mechanism->code.rfind("SCC_M", 0) != 0) return;
    judgeBy(charge, primaryGaps(charge), {Gap::Roles, Gap::Evidence});
}

bool asksForTia(const Charge& charge) {
    if (!charge.isFamily("safeguard")) return false;
    if (charge.mechanism->tiaRequired != "conditional")
        return charge.mechanism->tiaRequired == "yes";
    const auto& proofs = charge.hop.transfer->proofs;
    const auto said = proofs.find("tia_condition");
    return said == proofs.end() || said->second != "no";
}

void analysisFits(const Charge& charge) {
    if (!asksForTia(charge)) return;
    const auto gaps = primaryGaps(charge);
    const auto& tia = charge.hop.transfer->tia;
    if (tia && (tia->ref.isUnknown() || tia->date.isUnknown())) return charge.said("tia");
    const bool rest = gaps.count(Gap::TiaMissing) + gaps.count(Gap::TiaStale) +
                          gaps.count(Gap::TiaBeforeLaw) + gaps.count(Gap::TiaCover) >
                      0;
    if (!rest && gaps.count(Gap::TiaLawUnknown) > 0) return charge.said("law_change_considered");
    judgeBy(charge, gaps, {Gap::TiaMissing, Gap::TiaStale, Gap::TiaBeforeLaw, Gap::TiaCover});
}

void derogationIsOccasional(const Charge& charge) {
    if (!charge.isFamily("derogation")) return;
    const TransferClass value = charge.judged.judgement.value;
    if (value == TransferClass::Derogation) return charge.pass();
    if (value == TransferClass::Unsafeguarded)
        judgeBy(charge, charge.judged.judgement.gaps, charge.judged.judgement.gaps);
}

void failIfInvalid(const Charge& charge, const std::string& code, bool& good) {
    const Mechanism* named = charge.context.vocabularies.mechanism(code);
    if (named == nullptr || (named->family != "legacy" && named->family != "foreign")) return;
    good = false;
    charge.fail(code);
}

void noInvalidInstrument(const Charge& charge) {
    if (charge.hop.transfer == nullptr || judgedBy(charge.hop).empty()) return;
    const manifest::Transfer& transfer = *charge.hop.transfer;
    bool good = true;
    if (transfer.mechanism.isKnown()) failIfInvalid(charge, transfer.mechanism.value, good);
    for (const auto& one : transfer.fallbacks) failIfInvalid(charge, one.mechanism, good);
    for (const auto& one : transfer.others) failIfInvalid(charge, one.mechanism, good);
    if (good) charge.pass();
}

void noInvalidInstruments(const RuleContext& context, Bar& bar) {
    eachHop(context, bar, noInvalidInstrument);
}

void placesAreNamed(const RuleContext& context, Bar& bar) { eachHop(context, bar, placeIsNamed); }

void decisionIsInForce(const Charge& charge) {
    if (!charge.isFamily("adequacy")) return;
    const auto* decision = charge.context.vocabularies.adequacy(
        charge.hop.placeCode(), judgedBy(charge.hop), charge.context.today);
    decision != nullptr && decision->mechanism == charge.mechanism->code ? charge.pass()
                                                                         : charge.fail("");
}

void instrumentIsComplete(const Charge& charge) {
    if (!charge.isFamily("safeguard")) return;
    if (charge.hop.transfer->instrument.isUnknown() || charge.hop.transfer->signedOn.isUnknown())
        return charge.said("instrument");
    judgeBy(charge, primaryGaps(charge),
            {Gap::NotValid, Gap::OtherGroup, Gap::Instrument, Gap::Unsigned, Gap::Ended,
             Gap::Categories});
}

void organisationIsItsOwn(const Charge& charge) {
    const manifest::Party* importer = charge.context.model.party(charge.hop.importer);
    const bool organisation = importer != nullptr && !importer->organisation.empty();
    if (charge.hop.place.organisation.empty()) {
        if (organisation) charge.fail("seat");
        return;
    }
    const bool other = charge.isFamily("safeguard") || charge.isFamily("derogation");
    isKnownPlace(charge) || other ? charge.pass() : charge.fail("");
}

}  // namespace

void addTransferRules(std::map<std::string, RuleFunction>& rules) {
    rules["TRF-001"] = placesAreNamed;
    rules["TRF-002"] = eachTransfer<mechanismIsValid>;
    rules["TRF-003"] = eachTransfer<scopeIsChecked>;
    rules["TRF-004"] = eachTransfer<frameworkHasFallback>;
    rules["TRF-005"] = eachTransfer<moduleMatchesRoles>;
    rules["TRF-006"] = eachTransfer<analysisFits>;
    rules["TRF-007"] = eachTransfer<derogationIsOccasional>;
    rules["TRF-008"] = noInvalidInstruments;
    rules["TRF-009"] = eachTransfer<decisionIsInForce>;
    rules["TRF-011"] = eachTransfer<instrumentIsComplete>;
    rules["TRF-012"] = eachTransfer<organisationIsItsOwn>;
}

}  // namespace concordat::flowmap
