// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who decides (D15): controllers, the scopes their people's choices count in, and processing
// activities.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/parties.h"

namespace concordat::manifest {

struct DataProtectionOfficer {
    Position at;
    Flag designated;
    Text reason;  ///< why none is designated
    Contact contact;
    std::string company;
    Date since;
    Date authorityTold;
    Flag published;
};

struct Establishment {
    Position at;
    std::string country;
    std::string city;
    Flag main;
};

/// A company that decides; a consent names it.
struct Controller {
    Position at;
    std::string id;
    std::string name;
    Text legalName;
    Text number;
    Contact contact;
    std::string country;
    Stated<ExporterLaw> law;     ///< absent: by country
    std::string spread = "own";  ///< own, group: whether its people's "no" counts in the group
    std::string group;
    std::optional<DataProtectionOfficer> dpo;
    std::optional<Contact> representative;
    Flag representativeNeeded;
    std::vector<Establishment> establishments;
    std::string leadAuthority;
};

/// Controllers for whom a choice counts together (D2). Each controller is also a scope of its own.
struct Scope {
    Position at;
    std::string id;
    std::string name;
    std::vector<std::string> controllers;
    std::string spread = "own";
    std::string group;
};

struct BreachProcedure {
    Position at;
    Text ref;
    std::string owner;
    std::string authority;
    Flag templates;
    Date lastTest;
};

struct RightsChannel {
    Position at;
    Text contact;
    Flag inNotice;
    Date lastTest;
};

struct Training {
    Position at;
    Date last;
    std::string audience;
};

struct PolicyDocument {
    Position at;
    std::string name;
    std::string ref;
    Date date;
};

/// One purpose, from the vocabulary or the company's own.
struct PurposeEntry {
    std::string code;
    std::string parent;
    std::string label;
    bool directMarketing = false;
    bool channelNone = false;  ///< the purpose itself is the choice; it has no channel
    std::string version = "1";
    std::vector<std::string> accepts;
    bool doubleOptIn = false;
    std::int64_t maximumAgeDays = 0;  ///< 0: a grant does not age
    std::string source;
};

/// Kind `organisation` (or `company`): one in a folder.
struct Company {
    Position at;
    std::string file;
    std::string name;
    std::vector<Controller> controllers;
    std::vector<Scope> scopes;
    std::vector<std::string> purposes;  ///< codes asked for in this company
    std::vector<std::string> channels;
    std::vector<PurposeEntry> ownPurposes;
    std::vector<std::string> notices;
    std::optional<BreachProcedure> breach;
    std::optional<RightsChannel> rights;
    std::optional<Training> training;
    std::vector<PolicyDocument> policies;
};

struct Arrangement {
    Position at;
    Text ref;
    Date signedOn;
    Flag essencePublished;
    std::string answers;  ///< the controller people may turn to
};

/// A text people are told (Art. 13 and 14).
struct PrivacyNotice {
    Position at;
    std::string ref;
    std::string version;
    Date date;
    std::vector<std::string> languages;
    std::vector<std::string> countries;   ///< named as places data go to
    std::vector<std::string> recipients;  ///< entity ids named
    Flag transfersStated;
    Flag safeguardsStated;
    Flag interestStated;
    std::vector<std::string> items;  ///< of Art. 13 and 14 present
};

struct CategoryNeed {
    Position at;
    std::string category;
    std::vector<std::string> purposes;
    Text why;
};

/// Balancing of interests.
struct Lia {
    Position at;
    Text ref;
    Date date;
    std::vector<std::string> purposes;  ///< empty: all of the activity
};

struct Dpia {
    Position at;
    std::vector<std::string> criteria;  ///< codes of dpia-criteria.csv that hold
    Flag screened;
    Text ref;
    Date date;
    Text result;
    Text notNeededBecause;
    Flag highResidualRisk;
    Text priorConsultation;
};

/// A processing activity, over any number of systems: one line of the register.
struct Activity {
    Position at;
    std::string unit;
    std::string id;
    std::string reference;
    Localised name;
    Date created;
    Date updated;
    std::vector<std::string> controllers;
    Stated<Role> ourRole;
    std::vector<std::string> clients;  ///< 30(2): parties we process for
    std::optional<Arrangement> arrangement;
    std::vector<std::string> purposes;
    std::string mainPurpose;
    std::vector<std::string> subjects;
    std::vector<CategoryNeed> needs;
    std::vector<PrivacyNotice> notices;
    std::vector<Lia> lias;
    std::optional<Dpia> dpia;
    Flag automatedDecisions;
    Flag profiling;
    Text compatibility;                ///< test of Art. 6(4), where purposes were added
    std::vector<std::string> sectors;  ///< of consent-rules.csv
    Date activeSince;
    std::string owner;
};

}  // namespace concordat::manifest
