// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/consents.h"

#include "plugins/salesforce/times.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;
using sdk::Shown;

constexpr const char* kSource = "Concordat";

std::string purposeOf(const json& raw) {
    return textOf(member(member(raw, "DataUsePurpose"), "Name"));
}

/// True if the row names no purpose at all; a purpose we may not see is not none.
bool isForAll(const json& raw) {
    return raw.contains("DataUsePurposeId") && member(raw, "DataUsePurposeId").is_null();
}

/// True if the row speaks of what the integration is about.
bool isOurs(const json& raw, const Settings& settings) {
    return isForAll(raw) || settings.purposes.contains(purposeOf(raw));
}

Shown shownBy(const json& raw, const Settings& settings) {
    const std::string status = textOf(member(raw, "PrivacyConsentStatus"));
    if (status == "OptOut") return Shown::Deny;
    return status == "OptIn" && isOurs(raw, settings) ? Shown::Permit : Shown::None;
}

sdk::Evidence evidenceOf(const json& raw, const Settings& settings) {
    sdk::Evidence evidence;
    evidence.capturedAt = timeOf(raw, "CaptureDate");
    evidence.confirmedAt = timeOf(raw, "DoubleConsentCaptureDate");
    evidence.source = textOf(member(raw, "CaptureSource"));
    if (evidence.confirmedAt) evidence.method = "double_opt_in";
    evidence.validFrom = timeOf(raw, "EffectiveFrom");
    evidence.validTo = timeOf(raw, "EffectiveTo");
    const auto purpose = settings.purposes.find(purposeOf(raw));
    if (purpose != settings.purposes.end()) evidence.purposes = {purpose->second};
    return evidence;
}

bool isLater(const std::optional<sdk::VendorTime>& one, const std::optional<sdk::VendorTime>& two) {
    return one && (!two || two->at < one->at);
}

/// The strictest row counts, and of equal ones the latest.
void take(sdk::SlotReading& reading, const json& raw, const Settings& settings) {
    const auto rank = [](Shown shown) {
        return shown == Shown::Deny ? 3 : shown == Shown::Permit ? 2 : shown == Shown::None ? 1 : 0;
    };
    const Shown shown = shownBy(raw, settings);
    const auto time = timeOf(raw, "CaptureDate");
    const bool wins = rank(shown) > rank(reading.shown) ||
                      (shown == reading.shown && isLater(time, reading.time));
    if (!wins) return;
    reading.shown = shown;
    reading.time = time;
    reading.raw = "PrivacyConsentStatus = " + textOf(member(raw, "PrivacyConsentStatus"));
    reading.evidence.reset();
    if (shown == Shown::Permit) reading.evidence = evidenceOf(raw, settings);
}

json newRow(const PointType& point, const ConsentTerms& terms, const std::string& purpose) {
    json row = {{"attributes", {{"type", std::string(kConsent.object)}}},
                {"PartyId", terms.individual},
                {"ContactPointType", std::string(point.type)},
                {"CaptureContactPointType", "Web"},
                {"Name", (terms.creationKey + " " + std::string(point.type) + " " + purpose)}};
    if (!purpose.empty()) row["DataUsePurposeId"] = terms.purposeIds.at(purpose);
    return row;
}

void refuse(json& row, sdk::EpochMs at) {
    row["PrivacyConsentStatus"] = "OptOut";
    row["CaptureDate"] = soqlTime(at);
    row["CaptureSource"] = kSource;
}

json patchOf(const Row& row) {
    return {{"attributes", {{"type", std::string(kConsent.object)}}}, {"id", row.seen.record.id}};
}

/// The field's length. Source: reference 5.5, API v66.0.
constexpr std::size_t kMostSource = 250;

void consent(json& row, const sdk::Evidence& proof) {
    row["PrivacyConsentStatus"] = "OptIn";
    row["CaptureDate"] = soqlTime(proof.capturedAt->at);
    row["CaptureSource"] = sdk::shortened(proof.source, kMostSource);
    const auto put = [&row](const char* field, const std::optional<sdk::VendorTime>& time) {
        if (time) row[field] = soqlTime(time->at);
    };
    put("DoubleConsentCaptureDate", proof.confirmedAt);
    put("EffectiveFrom", proof.validFrom);
    put("EffectiveTo", proof.validTo);
}

/// Names of the purposes that the proof covers. A proof that names none covers the one there is.
std::set<std::string> coveredBy(const sdk::Evidence& proof, const Settings& settings) {
    std::set<std::string> codes;
    for (const auto& purpose : proof.purposes) codes.insert(purpose.substr(0, purpose.find('@')));
    if (codes.empty())
        for (const auto& [name, code] : settings.purposes) codes.insert(code);
    if (proof.purposes.empty() && codes.size() != 1) return {};
    std::set<std::string> names;
    for (const auto& [name, code] : settings.purposes)
        if (codes.contains(code)) names.insert(name);
    return names;
}

}  // namespace

std::vector<sdk::SlotReading> consentReadings(const std::vector<Row>& rows,
                                              const Settings& settings) {
    std::vector<sdk::SlotReading> readings;
    for (const auto& row : rows)
        if (!row.raw.contains("PrivacyConsentStatus")) return {};
    for (const auto& point : kPointTypes) {
        sdk::SlotReading reading;
        reading.slot = point.slot;
        reading.shown = Shown::Absent;
        for (const auto& row : rows)
            if (!row.seen.deleted && textOf(member(row.raw, "ContactPointType")) == point.type)
                take(reading, row.raw, settings);
        readings.push_back(std::move(reading));
    }
    return readings;
}

ConsentRows refusalOf(const PointType& point,
                      const std::vector<Row>& rows,
                      const ConsentTerms& terms,
                      const Settings& settings) {
    ConsentRows refusal;
    std::set<std::string> named;
    bool forAll = false;
    for (const auto& row : rows) {
        if (row.seen.deleted || textOf(member(row.raw, "ContactPointType")) != point.type ||
            !isOurs(row.raw, settings))
            continue;
        forAll = forAll || isForAll(row.raw);
        named.insert(purposeOf(row.raw));
        if (textOf(member(row.raw, "PrivacyConsentStatus")) == "OptOut") continue;
        json patch = patchOf(row);
        refuse(patch, terms.at);
        refusal.patches.push_back(std::move(patch));
    }
    if (forAll) return refusal;
    std::vector<std::string> purposes;
    for (const auto& [name, id] : terms.purposeIds) purposes.push_back(name);
    // An org that names none of our purposes gets a refusal of all.
    if (purposes.empty()) purposes.emplace_back();
    for (const auto& purpose : purposes) {
        if (named.contains(purpose)) continue;
        json row = newRow(point, terms, purpose);
        refuse(row, terms.at);
        refusal.creations.push_back(std::move(row));
    }
    return refusal;
}

ConsentRows grantOf(const PointType& point,
                    const std::vector<Row>& rows,
                    const ConsentTerms& terms,
                    const sdk::Evidence& proof,
                    const Settings& settings) {
    ConsentRows grant;
    auto missing = coveredBy(proof, settings);
    const auto covered = missing;
    if (covered.empty())
        grant.obstacle =
            "the proof names no purpose that the setting purposes knows, and an OptIn for every "
            "purpose would say more than was given";
    for (const auto& name : covered)
        if (!terms.purposeIds.contains(name))
            grant.obstacle = "the org has no DataUsePurpose named " + name;
    for (const auto& row : rows) {
        if (row.seen.deleted || textOf(member(row.raw, "ContactPointType")) != point.type) continue;
        const std::string status = textOf(member(row.raw, "PrivacyConsentStatus"));
        if (!covered.contains(purposeOf(row.raw))) {
            if (status == "OptOut")
                grant.obstacle = "a refusal that the proof does not answer stands in consent " +
                                 row.seen.record.id + "; it is lifted in Salesforce";
            continue;
        }
        missing.erase(purposeOf(row.raw));
        if (status == "OptIn") continue;
        grant.patches.push_back(patchOf(row));
        consent(grant.patches.back(), proof);
    }
    for (const auto& name : missing) {
        if (!terms.purposeIds.contains(name)) break;
        grant.creations.push_back(newRow(point, terms, name));
        consent(grant.creations.back(), proof);
    }
    return grant;
}

std::map<std::string, std::vector<Row>> Individuals::rowsOf(
    const std::set<std::string>& individuals) {
    std::map<std::string, std::vector<Row>> found;
    if (individuals.empty()) return found;
    mustBeDone(link_.prepare({&kConsent}), "reading consents");
    std::vector<std::string> literals;
    for (const auto& id : individuals) literals.push_back(soqlText(id));
    std::vector<std::string> queries;
    for (const auto& part : inParts(literals))
        queries.push_back(inQuery(link_.fields(kConsent), kConsent.object, "PartyId", part));
    for (auto& row : records_.search(kConsent, queries, "reading consents", true))
        found[fullId(textOf(member(row.raw, "PartyId")))].push_back(std::move(row));
    return found;
}

std::map<std::string, std::string> Individuals::purposeIds() {
    std::map<std::string, std::string> ids;
    std::vector<std::string> literals;
    for (const auto& [name, code] : settings_.purposes) literals.push_back(soqlText(name));
    std::vector<std::string> queries;
    for (const auto& part : inParts(literals))
        queries.push_back(inQuery({"Id", "Name"}, "DataUsePurpose", "Name", part));
    for (const auto& row : records_.search(kConsent, queries, "reading purposes"))
        ids[textOf(member(row.raw, "Name"))] = row.seen.record.id;
    return ids;
}

void Individuals::complete(std::vector<sdk::Observation>& seen) {
    std::set<std::string> individuals;
    for (const auto& one : seen)
        if (one.record.object == kIndividual.object) individuals.insert(one.record.id);
    if (individuals.empty()) return;
    addPersons(seen, individuals);
    if (!takesPart(settings_, kConsent)) return;
    const auto rows = rowsOf(individuals);
    for (auto& one : seen) {
        if (one.record.object != kIndividual.object) continue;
        const auto found = rows.find(one.record.id);
        const auto own = found == rows.end() ? std::vector<Row>{} : found->second;
        for (auto& reading : consentReadings(own, settings_))
            one.slots.push_back(std::move(reading));
        // A consent that changes is a change of its individual; removed ones still count in it.
        for (const auto& row : own)
            if (row.seen.version > one.version) {
                one.version = row.seen.version;
                one.modifiedAt = row.seen.modifiedAt;
                one.actor = row.seen.actor;
            }
    }
}

void Individuals::addPersons(std::vector<sdk::Observation>& seen,
                             const std::set<std::string>& individuals) {
    std::vector<std::string> literals;
    for (const auto& id : individuals) literals.push_back(soqlText(id));
    std::map<std::string, sdk::RecordRef> persons;
    for (const auto* kind : {&kContact, &kLead}) {
        if (!takesPart(settings_, *kind)) continue;
        mustBeDone(link_.prepare({kind}), "reading the persons of individuals");
        if (!link_.shape(*kind).has("IndividualId")) continue;
        std::vector<std::string> queries;
        for (const auto& part : inParts(literals))
            queries.push_back(inQuery({"Id", "IndividualId"}, kind->object, "IndividualId", part) +
                              " ORDER BY Id");
        for (const auto& row :
             records_.search(*kind, queries, "reading the persons of individuals"))
            persons.emplace(fullId(textOf(member(row.raw, "IndividualId"))), row.seen.record);
    }
    for (auto& one : seen) {
        const auto found = persons.find(one.record.id);
        if (one.record.object == kIndividual.object && found != persons.end())
            one.person = found->second;
    }
}

}  // namespace concordat::plugins::salesforce
