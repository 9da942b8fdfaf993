// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the company does with data in one system, and the flows from and to it (D18).

#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/integration.h"
#include "hub/manifest/parties.h"

namespace concordat::manifest {

/// Why data may flow, for one group of people.
struct Term {
    Position at;
    std::string activity;
    std::string purpose;
    std::string channel;                 ///< empty: none
    std::string audience;                ///< B2C, B2B, ALL …; empty: ALL
    std::vector<std::string> countries;  ///< of the people; empty: all
    Text basis;                          ///< art6 code of legal-bases.csv
    Text eprivacyBasis;
    Text art9;
};

struct Retention {
    Position at;
    std::string category;  ///< "*": every category
    std::string purpose;   ///< "*": every purpose
    Stated<Phase> phase;
    Duration duration;
    Text start;
    Stated<Fate> fate;
};

struct Evidence {
    Position at;
    Stated<EvidenceKind> kind;
    std::string who;
    Date when;
    std::string how;
    std::string source;
};

/// How someone's "no" reaches a recipient that holds data (D24).
struct Withdrawal {
    Position at;
    Stated<WithdrawalPath> path;
    Duration latency;
    std::string contact;
};

struct Backups {
    Position at;
    Duration term;
    Flag erasuresReplayed;
};

struct Flow {
    Position at;
    std::string unit;
    std::string id;
    std::string from;  ///< a system, party or controller; `people`; `hub`
    std::string to;
    std::string title;
    Stated<FlowKind> kind;
    Stated<FlowState> state;
    Stated<RunBy> runBy;
    Date effective;  ///< of the latest change: planned or since
    std::string owner;
    std::vector<std::string> categories;
    std::vector<std::string> subjects;
    std::vector<Term> terms;
    std::vector<Retention> retention;  ///< at the destination
    std::vector<std::string> createdThere;
    std::vector<std::string> returns;
    Stated<Frequency> frequency;
    Stated<Mode> mode;
    std::string schedule;  ///< in words or cron, such as "02:00 every night"
    Text protocol;
    std::vector<Host> hosts;
    Text encryption;
    std::vector<Place> places;  ///< at the destination; empty: those of the engagement or party
    std::vector<Access> access;
    std::vector<Transfer> transfers;
    Evidence evidence;
    Withdrawal withdrawal;
    std::optional<Backups> backups;
    std::vector<std::string> labels;
    std::string comment;
    bool derived = false;  ///< made from the slot mapping, not written by a person
};

struct PurposeUse {
    Position at;
    std::string purpose;
    std::string activity;
    std::vector<std::string> channels;
    Text basis;
    Text eprivacyBasis;
    Text art9;
};

struct DataField {
    Position at;
    std::string field;
    Text category;
    std::vector<std::string> purposes;
    std::vector<Retention> retention;
    Flag optional;
    std::string why;
};

struct SubjectGroup {
    Position at;
    std::string subject;
    Text volume;  ///< a band, such as 1000-10000
};

/// Where data that do not come from the person come from.
struct DataSource {
    Position at;
    std::string provider;  ///< a party
    std::string country;
    Text lawfulCollection;
    Text art14Notice;
};

struct Collection {
    Position at;
    Stated<Origin> origin;
    std::vector<std::string> ways;
    std::vector<DataSource> sources;
};

struct Measure {
    Position at;
    std::string measure;  ///< a code of security-measures.csv
    std::string note;
    Text evidence;
};

struct RightsSupport {
    Position at;
    Stated<Support> access;
    Stated<Support> rectify;
    Stated<Support> erase;
    Stated<Support> restrict;
    Stated<Support> port;
    Stated<Support> object;
    Stated<Support> withdraw;
    std::vector<std::string> exportFormats;
    Date verified;
    std::string how;
};

struct BreachContact {
    Position at;
    Text contact;
    Number hours;
};

struct Owner {
    Position at;
    std::string name;
    std::string email;
    std::string department;
};

struct Review {
    Position at;
    Date reviewedOn;
    Date due;
    std::string by;
};

/// One system on the map: the manifest of kind integration without its wiring, which is an
/// Integration. The hub's own (kind `hub`, D22) has the id "hub".
struct System {
    Position at;
    std::string unit;
    std::string id;
    std::string title;
    std::string connector;                 ///< empty: the hub is not connected to it
    std::string controller;                ///< a controller or a scope
    std::vector<std::string> controllers;  ///< those of `controller`, resolved
    Text operatedBy;                       ///< the party or controller that runs it
    Stated<Role> ourRole;
    Stated<Role> vendorRole;
    std::optional<Owner> owner;
    std::string environment;
    std::vector<PurposeUse> purposes;
    std::vector<DataField> data;
    std::vector<SubjectGroup> subjects;
    std::optional<Collection> collection;
    std::vector<SlotMapping> slots;
    std::vector<ExternalId> externalIds;
    std::vector<std::string> readFields;  ///< read beyond slots, identifiers and merge keys
    std::vector<Flow> flows;
    std::vector<Engagement> engagements;
    std::vector<Transfer> transfers;
    std::vector<Place> places;
    std::vector<Access> access;
    std::vector<Host> hosts;
    bool internalNetwork = false;
    std::vector<Measure> security;
    std::optional<RightsSupport> rights;
    std::optional<BreachContact> breach;
    std::optional<Review> review;
    std::optional<Backups> backups;
    std::vector<std::string> labels;
    std::string comment;
};

/// One thing a system is used for (D40); which members count depends on `use`.
struct InventoryItem {
    Position at;
    Use use = Use::WebForm;
    std::string name;
    std::string system;
    std::string party;
    std::vector<std::string> purposes;
    std::vector<std::string> categories;
    std::string activity;
    Text basis;
    Text notice;
    Text country;
    Duration retention;
    Duration lifetime;
    Flag recording;
    Flag exempt;
    std::vector<std::string> countryRules;
    Text direction;  ///< in, out, both
    Flag audiences;
    Stated<Role> role;
    Text lawfulCollection;
    Text art14Notice;
    std::vector<std::string> apiScopes;
    std::string note;
};

struct Inventory {
    Position at;
    std::string unit;
    std::string system;  ///< of every item that names none
    std::vector<InventoryItem> items;
    std::vector<Use> none;  ///< looked for, and not used
};

}  // namespace concordat::manifest
