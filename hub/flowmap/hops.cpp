// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/flowmap/graph.h"

namespace concordat::flowmap {

using manifest::Engagement;
using manifest::Flow;
using manifest::Model;
using manifest::Party;
using manifest::Place;
using manifest::PlaceUse;
using manifest::Role;
using manifest::System;
using manifest::Transfer;

namespace {

constexpr PlaceUse kUses[] = {PlaceUse::Store, PlaceUse::Process, PlaceUse::Read};

template <typename T>
bool contains(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// What all hops of one edge share.
struct Journey {
    const HopSource& source;
    std::vector<const std::vector<Transfer>*> transfers;  ///< nearest first
    const Engagement* engagement = nullptr;
    const std::vector<Place>* places = nullptr;
    std::vector<const manifest::Access*> access;
    Hop pattern;
};

const std::string& groupOf(const Model& model, const std::string& entity) {
    static const std::string kNone;
    if (const manifest::Controller* ours = model.controller(entity)) return ours->group;
    const Party* party = model.party(entity);
    return party == nullptr ? kNone : party->group;
}

std::string countryOf(const Model& model, const std::string& entity) {
    if (const manifest::Controller* ours = model.controller(entity)) return ours->country;
    const Party* party = model.party(entity);
    return party != nullptr && party->country.isKnown() ? party->country.value : "";
}

/// An exporter nobody knows is judged as one under the GDPR.
manifest::ExporterLaw lawOfEntity(const HopSource& source, const std::string& entity) {
    const manifest::Controller* ours = source.model.controller(entity);
    const Party* party = source.model.party(entity);
    if (ours != nullptr && ours->law.isKnown()) return ours->law.value;
    if (party != nullptr && party->law.isKnown()) return party->law.value;
    const std::string country = countryOf(source.model, entity);
    return country.empty() ? manifest::ExporterLaw::EuGdpr
                           : manifest::lawOf(country, source.vocabularies);
}

const Engagement* engagementOf(const HopSource& source,
                               const std::string& from,
                               const std::string& party,
                               const std::string& system) {
    const Engagement* found = nullptr;
    for (const Engagement& one : source.engagements) {
        const std::vector<std::string> scope = source.model.controllersOf(one.from);
        if (one.party != party || (one.from != from && !contains(scope, from))) continue;
        if (contains(one.systems, system)) return &one;
        if (one.systems.empty()) found = &one;
    }
    return found;
}

Role exporterRoleOf(const HopSource& source, const std::string& exporter) {
    if (source.model.controller(exporter) != nullptr) return Role::Controller;
    for (const Engagement& one : source.engagements)
        if (one.party == exporter && one.role.isKnown()) return one.role.value;
    return Role::Processor;
}

bool matches(const Transfer& transfer, const Hop& hop) {
    const bool from = transfer.from.empty() || transfer.from == hop.exporter;
    const bool to = transfer.to.empty() || transfer.to == hop.importer;
    const bool use = transfer.uses.empty() || contains(transfer.uses, hop.use);
    const bool place =
        transfer.places.empty() ||
        std::any_of(transfer.places.begin(), transfer.places.end(), [&](const Place& one) {
            return one.country.value == hop.place.country.value &&
                   one.organisation == hop.place.organisation;
        });
    return from && to && use && place;
}

void findTransfer(const Journey& journey, Hop& hop) {
    for (const auto* list : journey.transfers)
        for (const Transfer& one : *list)
            if (matches(one, hop)) {
                hop.transfer = &one;
                hop.at = one.at;
                return;
            }
    const Party* party = journey.source.model.party(hop.importer);
    if (party == nullptr || !party->defaultTransfer) return;
    hop.transfer = &*party->defaultTransfer;
    hop.byDefault = true;
}

void bindImporter(const Journey& journey, Hop& hop, const std::string& importer) {
    const Model& model = journey.source.model;
    hop.importer = importer;
    hop.importerGroup = groupOf(model, importer);
    hop.importerCountry = countryOf(model, importer);
    const Party* party = model.party(importer);
    hop.dpf = party != nullptr && party->dpf ? &*party->dpf : nullptr;
    if (hop.closeness == Closeness::Separate && hop.exporter == importer && !importer.empty())
        hop.closeness = Closeness::SameEntity;
}

void addAccess(const Journey& journey, const manifest::Access& access, std::vector<Hop>& hops) {
    Hop hop = journey.pattern;
    hop.use = PlaceUse::Read;
    hop.place = {};
    hop.place.at = access.at;
    hop.place.country = access.country;
    hop.at = access.at;
    const bool staff = access.who.isKnown() && access.who.value == manifest::AccessBy::OwnStaff;
    if (staff && access.entity.empty()) hop.closeness = Closeness::OwnStaff;
    if (!access.entity.empty() && access.entity != hop.importer) {
        if (!hop.importer.empty()) hop.exporter = hop.importer;
        hop.exporterGroup = hop.importerGroup;
        hop.exporterRole = hop.importerRole;
        hop.importerRole = Role::SubProcessor;
        hop.law = lawOfEntity(journey.source, hop.exporter);
        hop.arrival = Arrival::BoundByClauses;
        hop.closeness = Closeness::Separate;
        bindImporter(journey, hop, access.entity);
    }
    findTransfer(journey, hop);
    hops.push_back(std::move(hop));
}

bool isFor(const Place& place, PlaceUse use) {
    return place.uses.empty() || contains(place.uses, use);
}

/// A use without a place is a hop to nobody knows where, and not a hop less.
std::vector<Hop> hopsOfJourney(const Journey& journey) {
    std::vector<Hop> hops;
    for (const PlaceUse use : kUses) {
        const std::size_t before = hops.size();
        for (const Place& place : *journey.places) {
            if (!isFor(place, use)) continue;
            hops.push_back(journey.pattern);
            hops.back().use = use;
            hops.back().place = place;
            findTransfer(journey, hops.back());
        }
        if (hops.size() > before || (use == PlaceUse::Read && !journey.access.empty())) continue;
        hops.push_back(journey.pattern);
        hops.back().use = use;
    }
    for (const manifest::Access* access : journey.access) addAccess(journey, *access, hops);
    return hops;
}

/// The person sends it, and the controller has it kept by whoever operates the system.
std::vector<std::string> collectorsOf(const Model& model, const Flow& flow) {
    std::vector<std::string> all{"people"};
    if (const System* system = model.system(flow.to))
        all.insert(all.end(), system->controllers.begin(), system->controllers.end());
    return all;
}

std::vector<std::string> exportersOf(const Model& model, const Flow& flow) {
    const System* system = model.system(flow.from);
    if (flow.from == "people") return collectorsOf(model, flow);
    if (system == nullptr && flow.from != "hub") return {flow.from};
    if (flow.runBy.isKnown() && flow.runBy.value == manifest::RunBy::Party)
        return {operatorOf(model, flow.from)};
    if (system != nullptr && flow.from != "hub") return system->controllers;
    const System* other = model.system(flow.to);
    if (other != nullptr && !other->controllers.empty()) return other->controllers;
    return system == nullptr ? std::vector<std::string>{} : system->controllers;
}

const std::vector<Place>* placesOf(const Model& model, const Flow& flow, const Journey& journey) {
    static const std::vector<Place> kNone;
    const System* system = model.system(flow.to);
    const Party* party = model.party(journey.pattern.importer);
    if (!flow.places.empty()) return &flow.places;
    if (system != nullptr && !system->places.empty()) return &system->places;
    if (journey.engagement != nullptr && !journey.engagement->places.empty())
        return &journey.engagement->places;
    return party != nullptr ? &party->places : &kNone;
}

void startFrom(const HopSource& source, const std::string& exporter, Hop& pattern) {
    pattern.exporter = exporter;
    pattern.exporterGroup = groupOf(source.model, exporter);
    pattern.law = lawOfEntity(source, exporter);
    pattern.exporterRole = exporterRoleOf(source, exporter);
    if (exporter == "people") pattern.closeness = Closeness::Person;
}

void addAll(std::vector<const manifest::Access*>& all, const std::vector<manifest::Access>& more) {
    for (const manifest::Access& one : more) all.push_back(&one);
}

bool isRoutine(const Flow& flow) {
    using manifest::FlowKind;
    const bool hosting = flow.kind.isKnown() && (flow.kind.value == FlowKind::Sync ||
                                                 flow.kind.value == FlowKind::Hosting ||
                                                 flow.kind.value == FlowKind::Backup);
    return hosting || !flow.frequency.isKnown() ||
           flow.frequency.value == manifest::Frequency::Regular;
}

Journey journeyOf(const Flow& flow, const std::string& exporter, const HopSource& source) {
    Journey journey{source, {}, nullptr, nullptr, {}, {}};
    startFrom(source, exporter, journey.pattern);
    journey.pattern.at = flow.at;
    journey.pattern.categories = flow.categories;
    journey.pattern.subjects = flow.subjects;
    journey.pattern.routine = isRoutine(flow);
    const std::string importer = operatorOf(source.model, flow.to);
    bindImporter(journey, journey.pattern, importer);
    journey.engagement = engagementOf(source, exporter, importer, flow.to);
    const System* system = source.model.system(flow.to);
    if (source.model.controller(importer) != nullptr)
        journey.pattern.importerRole = Role::Controller;
    else if (journey.engagement != nullptr && journey.engagement->role.isKnown())
        journey.pattern.importerRole = journey.engagement->role.value;
    else if (system != nullptr && system->vendorRole.isKnown())
        journey.pattern.importerRole = system->vendorRole.value;
    journey.transfers.push_back(&flow.transfers);
    addAll(journey.access, flow.access);
    if (journey.engagement != nullptr) {
        journey.pattern.authorisation = journey.engagement->authorisation;
        journey.transfers.push_back(&journey.engagement->transfers);
        addAll(journey.access, journey.engagement->access);
    }
    if (system != nullptr) {
        journey.transfers.push_back(&system->transfers);
        addAll(journey.access, system->access);
    }
    if (source.model.controller(exporter) == nullptr && exporter != "people")
        journey.pattern.arrival = Arrival::BoundByClauses;
    journey.places = placesOf(source.model, flow, journey);
    return journey;
}

}  // namespace

std::string operatorOf(const Model& model, const std::string& node) {
    const System* system = model.system(node);
    if (system == nullptr) return node == "hub" ? "" : node;
    return system->operatedBy.isKnown() ? system->operatedBy.value : "";
}

std::vector<Hop> hopsOf(const Flow& flow, const HopSource& source) {
    std::vector<Hop> hops;
    for (const std::string& exporter : exportersOf(source.model, flow))
        for (Hop& hop : hopsOfJourney(journeyOf(flow, exporter, source)))
            hops.push_back(std::move(hop));
    return hops;
}

std::vector<Hop> hopsOf(const Engagement& engagement,
                        const std::string& exporter,
                        Arrival arrival,
                        const HopSource& source) {
    static const std::vector<Place> kNone;
    Journey journey{source, {&engagement.transfers}, &engagement, nullptr, {}, {}};
    startFrom(source, exporter, journey.pattern);
    journey.pattern.arrival = arrival;
    journey.pattern.at = engagement.at;
    journey.pattern.importerRole =
        engagement.role.isKnown() ? engagement.role.value : Role::SubProcessor;
    journey.pattern.categories = engagement.categories;
    journey.pattern.subjects = engagement.subjects;
    journey.pattern.authorisation = engagement.authorisation;
    bindImporter(journey, journey.pattern, engagement.party);
    addAll(journey.access, engagement.access);
    const Party* party = source.model.party(engagement.party);
    journey.places = !engagement.places.empty() ? &engagement.places
                     : party != nullptr         ? &party->places
                                                : &kNone;
    return hopsOfJourney(journey);
}

}  // namespace concordat::flowmap
