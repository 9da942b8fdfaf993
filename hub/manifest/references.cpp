// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/references.h"

#include <algorithm>
#include <map>
#include <set>

#include "hub/manifest/fields.h"

namespace concordat::manifest {

namespace {

using Ids = std::map<std::string, Position>;

/// The names a folder gives, and a sentence for each that is used but not given.
class References {
 public:
    References(const Model& model, std::vector<Problem>& problems)
        : model_(model), problems_(problems) {
        for (const Controller& one : model.organisation.controllers)
            give(entities_, one.id, one.at, "controller");
        for (const Party& one : model.parties) give(entities_, one.id, one.at, "party");
        ends_ = entities_;
        for (const System& one : model.systems) {
            give(ends_, one.id, one.at, "system");
            systems_.emplace(one.id, one.at);
        }
        ends_.emplace("people", Position{});
        ends_.emplace("hub", Position{});
        systems_.emplace("hub", Position{});
        for (const Scope& one : model.organisation.scopes) {
            Ids both = entities_;
            give(both, one.id, one.at, "scope");
            scopes_.emplace(one.id, one.at);
        }
        for (const Activity& one : model.activities) give(activities_, one.id, one.at, "activity");
        for (const Controller& one : model.organisation.controllers)
            controllers_.emplace(one.id, one.at);
        scopes_.insert(controllers_.begin(), controllers_.end());
    }

    void organisation() {
        for (const Scope& scope : model_.organisation.scopes)
            for (const std::string& id : scope.controllers)
                need(controllers_, id, scope.at, "controller", "add it under 'controllers'");
        for (const Activity& one : model_.activities) activity(one);
        for (const Inventory& inventory : model_.inventories) {
            system(inventory.system, inventory.at);
            for (const InventoryItem& item : inventory.items) {
                system(item.system, item.at);
                entity(item.party, item.at);
                activityId(item.activity, item.at);
            }
        }
    }

    void parties() {
        for (const Party& party : model_.parties) {
            if (party.defaultTransfer) transfer(*party.defaultTransfer);
            for (const Host& host : party.hosts) entity(host.party, host.at);
        }
        for (const Engagement* one : engagementsOf(model_)) engagement(*one);
        for (const ConnectorManifest& one : model_.connectors)
            if (one.vendor.isKnown()) entity(one.vendor.value, one.at);
    }

    void systems() {
        std::map<std::string, Position> seen;
        for (const System& one : model_.systems) systemBody(one, seen);
        if (model_.hub) systemBody(*model_.hub, seen);
    }

 private:
    void give(Ids& ids, const std::string& id, const Position& at, const std::string& what) {
        if (id.empty()) return;
        const bool reserved = id == "hub" || id == "people";
        const auto [first, isNew] = ids.emplace(id, at);
        if (!isNew || reserved)
            say(at, "the " + what + " '" + id + "' " +
                        (reserved ? "has a name the map keeps for itself: choose another"
                                  : "has the id of another element at " +
                                        model_.where(first->second) + ": give one another id"));
    }

    void need(const Ids& ids,
              const std::string& id,
              const Position& at,
              const std::string& what,
              const std::string& fix) {
        if (id.empty() || ids.contains(id)) return;
        Words words;
        for (const auto& [known, position] : ids) words.push_back(known);
        const auto near = nearest(id, words);
        say(at,
            "unknown " + what + " '" + id + "': " + (near ? "did you mean '" + *near + "'?" : fix));
    }

    void say(const Position& at, const std::string& message) {
        problems_.push_back({at.file < model_.files.size() ? model_.files[at.file] : "",
                             static_cast<int>(at.line), static_cast<int>(at.column), message});
    }

    void entity(const std::string& id, const Position& at) {
        need(entities_, id, at, "party or controller", "add a manifest of kind party for it");
    }
    void system(const std::string& id, const Position& at) {
        need(systems_, id, at, "system", "add a manifest of kind integration for it");
    }
    void activityId(const std::string& id, const Position& at) {
        need(activities_, id, at, "activity", "add a manifest of kind activity for it");
    }

    void activity(const Activity& one) {
        for (const std::string& id : one.controllers)
            need(controllers_, id, one.at, "controller", "add it to the organisation");
        for (const std::string& id : one.clients) entity(id, one.at);
        if (one.arrangement)
            need(controllers_, one.arrangement->answers, one.arrangement->at, "controller",
                 "name the controller people may turn to");
    }

    void transfer(const Transfer& one) {
        entity(one.from, one.at);
        entity(one.to, one.at);
        if (one.tia) entity(one.tia->importer, one.tia->at);
    }

    void engagement(const Engagement& one) {
        entity(one.from, one.at);
        entity(one.party, one.at);
        if (one.from.empty() || one.party.empty())
            say(one.at, "an engagement needs 'from' and 'party': who engages whom");
        if (one.from == one.party && !one.from.empty())
            say(one.at, "'" + one.from + "' engages itself: correct 'from' or 'party'");
        for (const std::string& id : one.systems) system(id, one.at);
        for (const SubProcessorNotice& notice : one.notices) entity(notice.party, notice.at);
        for (const Access& access : one.access) entity(access.entity, access.at);
        for (const Transfer& each : one.transfers) transfer(each);
    }

    void systemBody(const System& one, std::map<std::string, Position>& seen) {
        need(scopes_, one.controller, one.at, "controller", "add it to the organisation");
        if (one.operatedBy.isKnown()) entity(one.operatedBy.value, one.operatedBy.at);
        for (const PurposeUse& use : one.purposes) activityId(use.activity, use.at);
        if (one.collection)
            for (const DataSource& source : one.collection->sources)
                entity(source.provider, source.at);
        for (const Access& access : one.access) entity(access.entity, access.at);
        for (const Transfer& each : one.transfers) transfer(each);
        for (const Flow& each : one.flows) flow(each, seen);
    }

    void flow(const Flow& one, std::map<std::string, Position>& seen) {
        const auto [first, isNew] = seen.emplace(one.id, one.at);
        if (!isNew)
            say(one.at, "the flow '" + one.id + "' is also at " + model_.where(first->second) +
                            ": give each flow an id of its own");
        for (const std::string& end : {one.from, one.to})
            need(ends_, end, one.at, "system or party",
                 "add its manifest, or write 'people' for the persons themselves");
        for (const Term& term : one.terms) activityId(term.activity, term.at);
        for (const Access& access : one.access) entity(access.entity, access.at);
        for (const Transfer& each : one.transfers) transfer(each);
    }

    const Model& model_;
    std::vector<Problem>& problems_;
    Ids entities_;
    Ids ends_;
    Ids systems_;
    Ids scopes_;
    Ids controllers_;
    Ids activities_;
};

/// Walks down from each entity; a chain that meets itself is told once.
class Chains {
 public:
    Chains(const Model& model, std::vector<Problem>& problems)
        : model_(model), problems_(problems) {
        for (const Engagement* one : engagementsOf(model))
            if (model.controller(one->from) == nullptr &&
                (one->role.value == Role::Processor || one->role.value == Role::SubProcessor))
                below_[one->from].push_back(one);
    }

    void check() {
        for (const auto& [from, all] : below_) walk(from);
    }

 private:
    void walk(const std::string& id) {
        if (done_.contains(id)) return;
        path_.push_back(id);
        const auto found = below_.find(id);
        if (found != below_.end())
            for (const Engagement* one : found->second) step(*one);
        path_.pop_back();
        done_.insert(id);
    }

    void step(const Engagement& one) {
        const auto again = std::find(path_.begin(), path_.end(), one.party);
        if (again == path_.end()) return walk(one.party);
        std::string chain;
        for (auto it = again; it != path_.end(); ++it) chain += *it + " → ";
        problems_.push_back({model_.files[one.at.file], static_cast<int>(one.at.line),
                             static_cast<int>(one.at.column),
                             "the chain of sub-processors " + chain + one.party +
                                 " comes back to where it began: take one engagement out"});
    }

    const Model& model_;
    std::vector<Problem>& problems_;
    std::map<std::string, std::vector<const Engagement*>> below_;
    std::vector<std::string> path_;
    std::set<std::string> done_;
};

}  // namespace

std::vector<const Engagement*> engagementsOf(const Model& model) {
    std::vector<const Engagement*> all;
    const auto add = [&](const std::vector<Engagement>& some) {
        for (const Engagement& one : some) all.push_back(&one);
    };
    add(model.engagements);
    for (const ConnectorManifest& connector : model.connectors) add(connector.subProcessors);
    for (const System& system : model.systems) add(system.engagements);
    if (model.hub) add(model.hub->engagements);
    return all;
}

std::vector<const Flow*> flowsOf(const Model& model) {
    std::vector<const Flow*> all;
    for (const System& system : model.systems)
        for (const Flow& flow : system.flows) all.push_back(&flow);
    if (model.hub)
        for (const Flow& flow : model.hub->flows) all.push_back(&flow);
    return all;
}

void checkReferences(const Model& model, std::vector<Problem>& problems) {
    References references(model, problems);
    references.organisation();
    references.parties();
    references.systems();
}

void checkChains(const Model& model, std::vector<Problem>& problems) {
    Chains(model, problems).check();
}

}  // namespace concordat::manifest
