// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shipped lists (CSV) that manifests and rules name codes of.

#include <cstdint>
#include <string>
#include <vector>

#include "hub/manifest/document.h"
#include "hub/manifest/value.h"

namespace concordat::manifest {

struct Country {
    std::string code;
    Localised name;
    bool inEu = false;
    bool inEea = false;
    std::string transferClass;  ///< EEA, ADEQUATE, ADEQUATE_PARTIAL, THIRD
    std::string adequacyCode;
    bool scopeLimited = false;
    Date lawChangedOn;  ///< absent: not known
    double latitude = 0;
    double longitude = 0;
    std::string confidence;
};

/// A decision by which a place counts as adequate.
struct Adequacy {
    std::string code;
    Localised name;
    std::string decisionRef;
    Date adopted;
    Date expires;
    std::string status;
    bool organisation = false;
    bool scopeLimited = false;
    std::string mechanism;      ///< ADEQUACY or ADEQUACY_DPF
    std::string eeaEftaStatus;  ///< pending, unverified or empty
    std::string scope;
};

struct Mechanism {
    std::string code;
    std::string family;  ///< none, adequacy, safeguard, derogation, legacy, foreign
    std::string article;
    Localised label;
    std::string exporterRole;
    std::string importerRole;
    std::string tiaRequired;  ///< yes, no, conditional, unknown
    std::string tiaCondition;
    std::string usableStatus;
    Date validFrom;
    Date validTo;
    std::vector<std::string> evidenceFields;
    std::string evidenceConditional;
    std::vector<std::string> exporterLaws;  ///< EU, EEA-EFTA, UK, CH
    std::string hopClass;
    std::string dpvIri;
};

struct LegalBasis {
    std::string code;
    std::string family;  ///< art6, art9, art10, eprivacy
    std::string article;
    Localised label;
    std::string dpvIri;
};

struct Category {
    std::string code;
    std::string parent;
    Localised label;
    std::string cnilBlock;
    std::string fidesKey;
    std::string dpv;
    std::string special;  ///< none, art9, art10, art87, vulnerable
    std::int64_t sensitivity = 0;
    std::string anonymiseAction;
};

struct PurposeRow {
    std::string code;
    std::string parent;
    Localised label;
    std::vector<std::string> basesB2c;
    std::vector<std::string> basesB2b;
    std::string consentScope;
    bool profiling = false;
    bool directMarketing = false;
    std::string supersededBy;  ///< empty: in use
    std::string channel;
    std::string retention;
    std::string dpv;
    std::string fidesUse;
};

struct ChannelRow {
    std::string code;
    Localised label;
    std::string supersededBy;
};

struct PurposeBasis {
    std::string code;
    std::string purpose;
    std::string channel;
    std::string audience;
    std::string country;
    std::string art6;
    std::string eprivacy;
    std::string condition;
    Date validFrom;
    Date validTo;
};

struct RetentionRow {
    std::string code;
    std::string jurisdiction;
    std::string what;
    std::string phase;
    Duration duration;
    Duration minimum;
    Duration maximum;
    std::string condition;
    std::string start;
    std::string legalRef;
};

struct RecipientType {
    std::string code;
    Localised label;
    std::vector<std::string> roles;
};

struct RegisterField {
    std::string code;
    std::string controllerOrProcessor;
    std::string block;
    Localised label;
    std::string gdprRef;
    std::string level;
    std::string type;
};

struct CodeRow {
    std::string code;
    std::string kind;
    Localised label;
    std::string dpv;
};

/// One row of consent-rules.csv that bars a channel in a sector.
struct SectorRule {
    std::string code;
    std::string country;
    std::string channel;
    std::string audience;
    std::string purpose;
    std::string sector;
    std::string stage;
    std::string unless;
    Date validFrom;
    Date validTo;
};

/// A rule of compliance-rules.csv with what D5 adds.
struct Rule {
    std::string id;
    std::string phase;
    std::string severity;  ///< blocker, high, medium, low
    std::string scope;     ///< organisation, activity, system, party, flow, hop, engagement
    std::vector<std::string> feeds;  ///< manifest:…, hub:…, data:…, or none
    std::string feedNeeded;
    std::string tense;  ///< state, event
    std::string thresholdBasis;
    std::string threshold;
    std::string appliesWhen;
    std::string passCondition;
    std::string legalRef;
    std::string inputs;
    std::vector<std::string> sources;
    std::string confidence;
    Localised title;
    Localised why;
    Localised fix;
};

struct Vocabularies {
    std::string version;  ///< hash of all the files
    std::vector<Country> countries;
    std::vector<Adequacy> adequacies;
    std::vector<Mechanism> mechanisms;
    std::vector<LegalBasis> bases;
    std::vector<Category> categories;
    std::vector<PurposeRow> purposes;
    std::vector<PurposeBasis> purposeBases;
    std::vector<ChannelRow> channels;
    std::vector<RetentionRow> retention;
    std::vector<RecipientType> recipientTypes;
    std::vector<RegisterField> registerFields;
    std::vector<CodeRow> measures;
    std::vector<CodeRow> subjects;
    std::vector<CodeRow> dpiaCriteria;
    std::vector<CodeRow> rights;
    std::vector<SectorRule> sectorRules;
    std::vector<Rule> rules;

    const Country* country(const std::string& code) const;
    const Mechanism* mechanism(const std::string& code) const;
    const LegalBasis* basis(const std::string& code) const;
    const Category* category(const std::string& code) const;
    const PurposeRow* purpose(const std::string& code) const;
    const Rule* rule(const std::string& id) const;
    /// The decision for a country or organisation, by mechanism, that is in force on `day` for an
    /// exporter of this law ("EU", "EEA-EFTA"); null if there is none.
    const Adequacy* adequacy(const std::string& place,
                             const std::string& exporterLaw,
                             Day day) const;
};

/// Reads every CSV of the folder; a row that cannot be read is a problem with its line.
Vocabularies readVocabularies(const std::string& folder, std::vector<Problem>& problems);

}  // namespace concordat::manifest
