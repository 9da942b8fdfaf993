// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/loader.h"

#include <algorithm>

#include "hub/manifest/digest.h"
#include "hub/manifest/fields.h"
#include "hub/manifest/yaml_shape.h"

namespace concordat::manifest {

namespace {

const Words kKinds{"organisation", "company",   "activity", "party",     "integration",
                   "connector",    "inventory", "hub",      "vocabulary"};

/// The connected side of a system, which only counts where there is a connector.
bool isConnected(const Node& root) { return root.find("connector") != nullptr; }

}  // namespace

Loader::Loader(Manifests& all) : all_(all) { all_.model.files.emplace_back(); }

std::uint32_t Loader::numberOf(const std::string& file) {
    auto& files = all_.model.files;
    if (files.back() != file) files.push_back(file);
    return static_cast<std::uint32_t>(files.size() - 1);
}

void Loader::say(const Position& at, const std::string& message) {
    all_.problems.push_back({all_.model.files[at.file], static_cast<int>(at.line),
                             static_cast<int>(at.column), message});
}

template <typename T>
void Loader::fill(const Parsed& parsed, T& value) {
    Reading reading{parsed.file, numberOf(parsed.file), codes_, all_.problems};
    YamlShape shape(reading, parsed.root);
    shape.foreign("kind", "");
    describe(shape, value);
    shape.finish();
}

void Loader::readOrganisation(const Parsed& parsed) {
    if (!all_.company.file.empty()) {
        all_.problems.push_back({parsed.file, std::max(parsed.root.line, 1),
                                 std::max(parsed.root.column, 1),
                                 "a second company; the first is in " + all_.company.file});
        return;
    }
    all_.company = readCompany(parsed.file, parsed.root, all_.problems);
    fill(parsed, all_.company);
    for (Controller& controller : all_.company.controllers) {
        if (controller.name.empty()) controller.name = controller.id;
        checkSpread(controller.spread, controller.group, controller.at, parsed.file, all_.problems);
    }
    for (const Scope& scope : all_.company.scopes)
        checkSpread(scope.spread, scope.group, scope.at, parsed.file, all_.problems);
}

void Loader::useCodes() {
    codes_ = CodeBook(all_.vocabularies, all_.company.ownPurposes);
    all_.model.organisation = all_.company;
}

void Loader::readOther(const Parsed& parsed) {
    const std::string kind = kindOf(parsed.root);
    if (kind == "integration" || kind == "hub") return readSystem(parsed, kind == "hub");
    if (kind == "connector") return readConnector(parsed);
    if (kind == "inventory") return readInventory(parsed);
    if (kind == "party") {
        PartyFile file;
        fill(parsed, file);
        return readParty(std::move(file), parsed.shipped);
    }
    if (kind == "activity") {
        Activity activity;
        fill(parsed, activity);
        activity.unit = "activity/" + activity.id;
        all_.model.activities.push_back(std::move(activity));
        return;
    }
    const auto near = nearest(kind, kKinds);
    all_.problems.push_back(
        {parsed.file, std::max(parsed.root.line, 1), std::max(parsed.root.column, 1),
         "'kind' must be organisation, activity, party, integration, connector, inventory, hub or "
         "vocabulary" +
             (kind.empty() ? "" : ", not '" + kind + "'") +
             (near ? ": did you mean '" + *near + "'?" : "")});
}

void Loader::readParty(PartyFile file, bool shipped) {
    file.party.shipped = shipped;
    for (Engagement& engagement : file.engagements) {
        if (engagement.party.empty()) engagement.party = file.party.id;
        engagement.unit = "party/" + file.party.id;
        all_.model.engagements.push_back(std::move(engagement));
    }
    addParty(std::move(file.party));
}

void Loader::addParty(Party party) {
    const Party* same = all_.model.party(party.id);
    if (same == nullptr) {
        all_.model.parties.push_back(std::move(party));
    } else if (factsOf(*same) != factsOf(party)) {
        say(party.at, "the party '" + party.id + "' says something else at " +
                          all_.model.where(same->at) +
                          ": keep one manifest of it, and put what differs into engagements");
    }
}

void Loader::readSystem(const Parsed& parsed, bool isHub) {
    SystemFile file;
    fill(parsed, file);
    System& system = file.system;
    if (isHub && system.id != "hub")
        say(system.at, "a manifest of kind hub has 'system: hub', not '" + system.id + "'");
    if (isConnected(parsed.root)) {
        Integration wiring = readIntegration(parsed.file, parsed.root, all_.problems);
        system.slots = wiring.slots;
        system.externalIds = wiring.externalIds;
        system.internalNetwork = wiring.connection.internal;
        // The gateway reads rules with ports and judges them; the map shows names.
        for (const std::string& rule : wiring.connection.hosts)
            if (!rule.empty() && rule.front() != '[')
                system.hosts.push_back({system.at, rule.substr(0, rule.find(':')), "", {}, ""});
        all_.integrations.push_back(std::move(wiring));
    } else {
        for (const char* key : {"connection", "slots", "identifiers", "policies"})
            if (parsed.root.find(key) != nullptr)
                say(system.at, std::string("'") + key +
                                   "' needs 'connector': name the plugin that reads this system, "
                                   "or take '" +
                                   key + "' out");
        if (!isSystemName(system.id) && !system.id.empty())
            say(system.at, "'" + system.id +
                               "' must be a short name of a-z, 0-9 and '-', beginning with a "
                               "letter, such as salesforce-france");
    }
    system.unit = "integration/" + system.id;
    system.controllers = all_.model.controllersOf(system.controller);
    settleTerms(system);
    for (Flow& flow : system.flows) flow.unit = system.unit;
    for (Engagement& engagement : system.engagements) engagement.unit = system.unit;
    for (PartyFile& party : file.parties) readParty(std::move(party), false);
    if (isHub && all_.model.hub)
        say(system.at, "a second manifest of kind hub; the first is at " +
                           all_.model.where(all_.model.hub->at) + ": keep one");
    else if (isHub)
        all_.model.hub = std::move(system);
    else
        all_.model.systems.push_back(std::move(system));
}

/// PROSPECTING.EMAIL is read as (PROSPECTING, email); naming the channel as well would be a second
/// way to write the same choice (D30).
void Loader::settleTerms(System& system) {
    const auto settle = [&](std::string& purpose, const Position& at, bool hasChannel) {
        const PurposeRow* row = all_.vocabularies.purpose(purpose);
        if (row == nullptr || row->supersededBy.empty()) return std::string();
        const std::string whole = row->supersededBy.substr(0, row->supersededBy.find(';'));
        if (hasChannel)
            say(at, "'" + purpose + "' already names a channel: write purpose " + whole +
                        " and channel " + row->channel);
        purpose = whole;
        return row->channel;
    };
    for (PurposeUse& use : system.purposes) {
        const std::string channel = settle(use.purpose, use.at, !use.channels.empty());
        if (!channel.empty() && use.channels.empty()) use.channels = {channel};
    }
    for (Flow& flow : system.flows)
        for (Term& term : flow.terms) {
            const std::string channel = settle(term.purpose, term.at, !term.channel.empty());
            if (!channel.empty() && term.channel.empty()) term.channel = channel;
        }
}

void Loader::readConnector(const Parsed& parsed) {
    ConnectorFile file;
    fill(parsed, file);
    ConnectorManifest& connector = file.connector;
    connector.unit = "connector/" + connector.id;
    for (Engagement& engagement : connector.subProcessors) {
        if (engagement.from.empty()) engagement.from = connector.vendor.value;
        engagement.unit = connector.unit;
    }
    if (const ConnectorManifest* same = all_.model.connector(connector.id))
        say(connector.at, "the connector '" + connector.id + "' is also at " +
                              all_.model.where(same->at) + ": keep one manifest of it");
    for (PartyFile& party : file.parties) readParty(std::move(party), parsed.shipped);
    all_.model.connectors.push_back(std::move(connector));
}

void Loader::readInventory(const Parsed& parsed) {
    Inventory inventory;
    fill(parsed, inventory);
    inventory.unit =
        "inventory/" + (inventory.system.empty() ? std::string("organisation") : inventory.system);
    for (InventoryItem& item : inventory.items)
        if (item.system.empty()) item.system = inventory.system;
    for (const Inventory& other : all_.model.inventories)
        if (other.unit == inventory.unit)
            say(inventory.at, "a second inventory of '" + inventory.system + "'; the first is at " +
                                  all_.model.where(other.at) + ": keep one");
    all_.model.inventories.push_back(std::move(inventory));
}

}  // namespace concordat::manifest
