// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/vocabularies.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "hub/manifest/csv.h"
#include "hub/manifest/digest.h"

namespace concordat::manifest {

namespace {

/// One row by column names; a cell of a wrong form is a problem.
class Row {
 public:
    Row(const Table& table, std::size_t index, std::vector<Problem>& problems)
        : table_(table), index_(index), problems_(problems) {}

    const std::string& operator[](const char* column) const { return table_.cell(index_, column); }
    bool yes(const char* column) const { return (*this)[column] == "yes"; }
    Localised label(const std::string& stem) const {
        return {table_.cell(index_, stem + "_en"), table_.cell(index_, stem + "_fr"),
                table_.cell(index_, stem + "_it")};
    }
    Date date(const char* column) const {
        Date date;
        if ((*this)[column].empty()) return date;
        date.saying = Saying::Known;
        if (!dayFrom((*this)[column], date.value)) wrong(column, "is no day of the calendar");
        return date;
    }
    Duration duration(const char* column) const {
        Duration duration;
        if ((*this)[column].empty()) return duration;
        duration.saying = Saying::Known;
        if (!periodFrom((*this)[column], duration.value)) wrong(column, "is no ISO 8601 duration");
        return duration;
    }

 private:
    void wrong(const char* column, const std::string& message) const {
        problems_.push_back(
            {table_.file, table_.lines[index_], 1,
             std::string("'") + (*this)[column] + "' in column " + column + " " + message});
    }

    const Table& table_;
    std::size_t index_;
    std::vector<Problem>& problems_;
};

/// The files of a folder, and the text of all that were read.
struct Shelf {
    std::string folder;
    std::vector<Problem>& problems;
    std::string text;

    template <typename Entry>
    void read(const std::string& name, std::vector<Entry>& entries, Entry (*make)(const Row&)) {
        const Table table = readTable(folder + "/" + name, problems);
        text += name + "\n" + table.text;
        for (std::size_t i = 0; i < table.rows.size(); ++i)
            entries.push_back(make(Row(table, i, problems)));
    }
};

Country countryOf(const Row& row) {
    Country country;
    country.code = row["alpha2"];
    country.name = row.label("name");
    country.inEu = row.yes("in_eu");
    country.inEea = row.yes("in_eea");
    country.transferClass = row["transfer_class"];
    country.adequacyCode = row["adequacy_code"];
    country.scopeLimited = row.yes("scope_limited");
    country.lawChangedOn = row.date("law_changed_on");
    country.latitude = std::atof(row["latitude"].c_str());
    country.longitude = std::atof(row["longitude"].c_str());
    country.confidence = row["confidence"];
    return country;
}

Adequacy adequacyOf(const Row& row) {
    Adequacy decision;
    decision.code = row["code"];
    decision.name = {row["name"], row["name_fr"], row["name_it"]};
    decision.decisionRef = row["decision_ref"];
    decision.adopted = row.date("adopted_on");
    decision.expires = row.date("expires_on");
    decision.status = row["status"];
    decision.organisation = row["place_type"] == "organisation";
    decision.scopeLimited = row.yes("scope_limited");
    decision.mechanism = row["mechanism"];
    decision.eeaEftaStatus = row["eea_efta_status"];
    decision.scope = row["scope"];
    return decision;
}

Mechanism mechanismOf(const Row& row) {
    Mechanism one;
    one.code = row["code"];
    one.family = row["family"];
    one.article = row["article"];
    one.label = row.label("label");
    one.exporterRole = row["exporter_role"];
    one.importerRole = row["importer_role"];
    one.tiaRequired = row["tia_required"];
    one.tiaCondition = row["tia_condition"];
    one.usableStatus = row["usable_status"];
    one.validFrom = row.date("valid_from");
    one.validTo = row.date("valid_to");
    one.evidenceFields = parts(row["evidence_fields"]);
    one.evidenceConditional = row["evidence_conditional"];
    one.exporterLaws = parts(row["exporter_law"]);
    one.hopClass = row["hop_class"];
    one.dpvIri = row["dpv_iri"];
    return one;
}

LegalBasis basisOf(const Row& row) {
    return {row["code"], row["family"], row["article"], row.label("label"), row["dpv_iri"]};
}

Category categoryOf(const Row& row) {
    return {row["code"],
            row["parent"],
            row.label("label"),
            row["cnil_block"],
            row["fides_key"],
            row["dpv_pd"],
            row["special"],
            std::atoll(row["sensitivity"].c_str()),
            row["anonymise_action"]};
}

PurposeRow purposeRowOf(const Row& row) {
    PurposeRow one;
    one.code = row["code"];
    one.parent = row["parent"];
    one.label = row.label("label");
    one.basesB2c = parts(row["legal_basis_b2c"]);
    one.basesB2b = parts(row["legal_basis_b2b"]);
    one.consentScope = row["consent_scope"];
    one.profiling = row.yes("profiling");
    one.directMarketing = row.yes("direct_marketing");
    one.supersededBy = row["superseded_by"];
    one.channel = row["channel"];
    one.retention = row["retention_code"];
    one.dpv = row["dpv_purpose"];
    one.fidesUse = row["fides_use"];
    return one;
}

PurposeBasis purposeBasisOf(const Row& row) {
    return {row["code"],         row["purpose"],   row["channel"],
            row["audience"],     row["country"],   row["art6"],
            row["eprivacy"],     row["condition"], row.date("valid_from"),
            row.date("valid_to")};
}

ChannelRow channelOf(const Row& row) {
    return {row["code"], row.label("label"), row["superseded_by"]};
}

RetentionRow retentionOf(const Row& row) {
    return {row["code"],
            row["jurisdiction"],
            row["data_or_purpose"],
            row["phase"],
            row.duration("duration_iso8601"),
            row.duration("duration_min"),
            row.duration("duration_max"),
            row["duration_condition"],
            row["start_event"],
            row["legal_ref"]};
}

RecipientType recipientOf(const Row& row) {
    return {row["code"], row.label("label"), parts(row["role"])};
}

RegisterField registerFieldOf(const Row& row) {
    return {row["code"],     row["register"], row["block"], row.label("label"),
            row["gdpr_ref"], row["level"],    row["type"]};
}

CodeRow codeOf(const Row& row) {
    const std::string& kind = row["kind"];
    const std::string& list = row["list"];
    return {row["code"], kind.empty() ? list : kind, row.label("label"), row["fides_key"]};
}

SectorRule sectorRuleOf(const Row& row) {
    return {row["code"],         row["country"], row["channel"],
            row["audience"],     row["purpose"], row["sector"],
            row["stage"],        row["unless"],  row.date("valid_from"),
            row.date("valid_to")};
}

Rule ruleOf(const Row& row) {
    Rule rule;
    rule.id = row["rule_id"];
    rule.phase = row["phase"];
    rule.severity = row["severity"];
    rule.scope = row["scope"];
    rule.feeds = parts(row["feed"]);
    rule.feedNeeded = row["feed_needed"];
    rule.tense = row["tense"];
    rule.thresholdBasis = row["threshold_basis"];
    rule.threshold = row["threshold"];
    rule.appliesWhen = row["applies_when"];
    rule.passCondition = row["pass_condition"];
    rule.legalRef = row["legal_ref"];
    rule.inputs = row["inputs"];
    rule.sources = parts(row["source"]);
    rule.confidence = row["confidence"];
    rule.title = {row["title"], row["title_fr"], row["title_it"]};
    rule.why = row.label("why");
    rule.fix = row.label("fix");
    return rule;
}

template <typename Entry>
const Entry* byCode(const std::vector<Entry>& entries, const std::string& code) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.code == code; });
    return found == entries.end() ? nullptr : &*found;
}

}  // namespace

Vocabularies readVocabularies(const std::string& folder, std::vector<Problem>& problems) {
    Vocabularies all;
    Shelf shelf{folder, problems, ""};
    shelf.read("countries.csv", all.countries, countryOf);
    shelf.read("adequacy-decisions.csv", all.adequacies, adequacyOf);
    shelf.read("transfer-mechanisms.csv", all.mechanisms, mechanismOf);
    shelf.read("legal-bases.csv", all.bases, basisOf);
    shelf.read("data-categories.csv", all.categories, categoryOf);
    shelf.read("purposes.csv", all.purposes, purposeRowOf);
    shelf.read("purpose-bases.csv", all.purposeBases, purposeBasisOf);
    shelf.read("channels.csv", all.channels, channelOf);
    shelf.read("retention.csv", all.retention, retentionOf);
    shelf.read("recipient-types.csv", all.recipientTypes, recipientOf);
    shelf.read("register-fields.csv", all.registerFields, registerFieldOf);
    shelf.read("security-measures.csv", all.measures, codeOf);
    shelf.read("data-subject-categories.csv", all.subjects, codeOf);
    shelf.read("dpia-criteria.csv", all.dpiaCriteria, codeOf);
    shelf.read("data-subject-rights.csv", all.rights, codeOf);
    shelf.read("consent-rules.csv", all.sectorRules, sectorRuleOf);
    shelf.read("compliance-rules.csv", all.rules, ruleOf);
    all.version = sha256Hex(shelf.text);
    return all;
}

const Country* Vocabularies::country(const std::string& code) const {
    return byCode(countries, code);
}
const Mechanism* Vocabularies::mechanism(const std::string& code) const {
    return byCode(mechanisms, code);
}
const LegalBasis* Vocabularies::basis(const std::string& code) const { return byCode(bases, code); }
const Category* Vocabularies::category(const std::string& code) const {
    return byCode(categories, code);
}
const PurposeRow* Vocabularies::purpose(const std::string& code) const {
    return byCode(purposes, code);
}
const Rule* Vocabularies::rule(const std::string& id) const {
    const auto found =
        std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
    return found == rules.end() ? nullptr : &*found;
}

const Adequacy* Vocabularies::adequacy(const std::string& place,
                                       const std::string& exporterLaw,
                                       Day day) const {
    const Adequacy* found = byCode(adequacies, place);
    if (found == nullptr || found->status.rfind("in force", 0) != 0) return nullptr;
    if (found->adopted.isKnown() && found->adopted.value > day) return nullptr;
    if (found->expires.isKnown() && found->expires.value <= day) return nullptr;
    if (exporterLaw == "EU") return found;
    const bool settled = found->eeaEftaStatus != "pending" && found->eeaEftaStatus != "unverified";
    return exporterLaw == "EEA-EFTA" && settled ? found : nullptr;
}

}  // namespace concordat::manifest
