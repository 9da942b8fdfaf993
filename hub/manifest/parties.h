// SPDX-License-Identifier: Apache-2.0
#pragma once
// Legal entities, the places they keep data in, and what binds one of them to another.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/words.h"

namespace concordat::manifest {

/// A country (ISO 3166-1 alpha-2) or an international organisation (EPO), never both (D35).
struct Place {
    Position at;
    Text country;
    std::string organisation;
    std::string city;
    std::string region;    ///< a provider's region code, such as eu-west-3
    std::string latitude;  ///< decimal degrees as written; empty: the country's display point
    std::string longitude;
    std::vector<PlaceUse> uses;  ///< empty: store, process and read
    std::string service;
    Source source;
};

/// How an entity is reached; the columns of the register.
struct Contact {
    std::string name;
    std::string email;
    std::string phone;
    std::string address;
    std::string postcode;
    std::string town;
    std::string country;
};

/// An exact name, or "*." and a name (D23).
struct Host {
    Position at;
    std::string name;
    std::string path;                  ///< prefix; empty: all
    std::vector<std::string> methods;  ///< empty: all
    std::string party;                 ///< whose it is; empty: the one of the element it stands in
};

/// What one instrument needs to count, by the names of transfer-mechanisms.csv.
using Proofs = std::map<std::string, std::string>;

struct Tia {
    Position at;
    Text ref;
    Date date;
    Date review;
    std::vector<std::string> categories;  ///< covered; empty: all of the hop
    std::string importer;                 ///< entity covered; empty: the one of the transfer
    Flag lawChangeConsidered;             ///< where the data do not say when the law changed
};

/// A mechanism beside the primary one: the fallback of a DPF hop, or one that covers other hops.
struct Instrument {
    Position at;
    std::string mechanism;
    std::string instrument;
    Date signedOn;
    Date ends;
    std::string covers;  ///< in words, for the card (D39)
    std::optional<Tia> tia;
    Proofs proofs;
    Source source;
};

/// What makes one hop lawful: it binds this exporter and this importer (D7).
struct Transfer {
    Position at;
    std::string from;
    std::string to;
    std::vector<PlaceUse> uses;  ///< empty: any
    std::vector<Place> places;   ///< empty: wherever the importer is
    Text mechanism;              ///< a code of transfer-mechanisms.csv
    Text instrument;
    Date signedOn;
    Date ends;
    std::vector<std::string> categories;  ///< covered; empty: all of the hop
    std::vector<std::string> subjects;
    std::optional<Tia> tia;
    Stated<ScopeCheck> scopeCheck;
    Date checkedOn;
    std::vector<Instrument> fallbacks;
    std::vector<Instrument> others;
    Stated<Frequency> frequency;
    Text reason;
    Proofs proofs;
    Source source;
};

struct Access {
    Position at;
    Stated<AccessBy> who;
    std::string entity;
    Text country;
    std::string purpose;
    Source source;
};

struct Contract {
    Position at;
    Text ref;
    Date signedOn;
    Date ends;
    std::vector<std::string>
        items;               ///< of Art. 28(3): a … h, subject, duration, nature, data, persons
    Text flowDown;           ///< 28(4): contract or attestation for those further down
    Stated<Fate> finalFate;  ///< 28(3)(g)
    Text fateProof;
};

/// A vendor's word that a sub-processor comes, changes or goes.
struct SubProcessorNotice {
    Position at;
    std::string party;
    Date seen;
    Date effective;
    Date objectionUntil;
    Stated<NoticeDecision> decision;
    Date decidedOn;
};

/// One entity works for, or gets data from, another (D17). A chain is one engagement after another.
struct Engagement {
    Position at;
    std::string unit;  ///< the unit it was written in, such as "party/harrow-pike"
    std::string from;  ///< a controller of ours, or the party above
    std::string party;
    Stated<Role> role;
    std::string service;
    std::vector<std::string> systems;  ///< which of ours it concerns; empty: all that use the party
    std::optional<Contract> contract;
    Stated<Authorisation> authorisation;
    std::vector<SubProcessorNotice> notices;
    std::vector<std::string> categories;
    std::vector<std::string> purposes;
    std::vector<std::string> subjects;
    std::vector<Place> places;  ///< empty: those of the party
    std::vector<Access> access;
    std::vector<Transfer> transfers;
    Text breachContact;
    Number breachHours;
    Text sharingTerms;  ///< controller to controller: what was agreed
    Date reviewedOn;    ///< its list of sub-processors
    Source source;
};

struct ControlledFrom {
    Position at;
    Text country;
    Text analysis;  ///< of foreign access: reference
    Date analysisDate;
    Source source;
};

struct DpfEntry {
    Position at;
    std::string entity;  ///< the exact legal name on the list
    Stated<DpfStatus> status;
    std::vector<std::string> covers;  ///< hr, non-hr
    std::vector<std::string> entities;
    Date checkedOn;
    Date nextCertification;
    Source source;
};

struct Certification {
    Position at;
    std::string name;
    std::string scope;
    Date validTo;
    Source source;
};

/// Where the plain facts of a party or a connector come from.
struct SourcedFact {
    Position at;
    std::string of;  ///< the key, such as legal_name
    Text value;      ///< what it says, where no key of its own holds it
    Source source;
};

struct Party {
    Position at;
    std::string id;
    Text legalName;
    Text number;  ///< in its commercial register
    Text address;
    Text privacyContact;
    Text country;               ///< of establishment
    Stated<ExporterLaw> law;    ///< absent: by country
    std::string organisation;   ///< EPO: an international organisation
    std::string recipientType;  ///< a code of recipient-types.csv
    std::optional<ControlledFrom> controlledFrom;
    std::string group;
    std::vector<Place> places;
    std::vector<Host> hosts;
    std::vector<Certification> certifications;
    std::optional<DpfEntry> dpf;
    std::optional<Transfer> defaultTransfer;
    std::vector<SourcedFact> facts;
    bool shipped = false;  ///< comes with the hub
};

}  // namespace concordat::manifest
