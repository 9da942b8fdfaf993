// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "hub/flowmap/graph.h"

namespace concordat::flowmap {

using manifest::Flow;
using manifest::Model;
using manifest::System;

namespace {

template <typename T>
manifest::Stated<T> knownAt(T value, manifest::Position at) {
    return {value, manifest::Saying::Known, "", at};
}

std::string categoryOf(const std::string& identifier) {
    static const std::map<std::string, std::string> kCategories{{"email", "CONTACT.EMAIL"},
                                                                {"phone", "CONTACT.PHONE"},
                                                                {"mobile", "CONTACT.MOBILE"},
                                                                {"fax", "CONTACT.FAX"},
                                                                {"postal", "CONTACT.POSTAL"}};
    const auto found = kCategories.find(identifier);
    return found == kCategories.end() ? "IDENTIFIER.CRM_ID" : found->second;
}

void addOnce(std::vector<std::string>& all, const std::string& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

manifest::Term termOf(const System& system,
                      const std::string& purpose,
                      const std::string& channel,
                      manifest::Position at) {
    manifest::Term term;
    term.at = at;
    term.purpose = purpose;
    term.channel = channel;
    for (const manifest::PurposeUse& use : system.purposes) {
        if (use.purpose != purpose) continue;
        term.activity = use.activity;
        term.basis = use.basis;
        term.eprivacyBasis = use.eprivacyBasis;
        term.art9 = use.art9;
    }
    return term;
}

std::vector<manifest::Term> termsOf(const System& system) {
    std::vector<manifest::Term> terms;
    for (const manifest::SlotMapping& slot : system.slots) {
        const manifest::Position at{system.at.file, static_cast<std::uint32_t>(slot.line),
                                    static_cast<std::uint32_t>(slot.column)};
        for (const std::string& purpose : slot.purposes)
            for (const std::string& channel : slot.channels)
                terms.push_back(termOf(system, purpose, channel, at));
    }
    return terms;
}

Flow syncFlow(const Model& model, const System& system) {
    Flow flow;
    flow.at = system.at;
    flow.unit = system.unit;
    flow.derived = true;
    flow.kind = knownAt(manifest::FlowKind::Sync, system.at);
    flow.state = knownAt(manifest::FlowState::Running, system.at);
    flow.runBy = knownAt(manifest::RunBy::Hub, system.at);
    flow.frequency = knownAt(manifest::Frequency::Regular, system.at);
    flow.evidence.kind = knownAt(manifest::EvidenceKind::Measured, system.at);
    flow.terms = termsOf(system);
    for (const manifest::SubjectGroup& group : system.subjects)
        addOnce(flow.subjects, group.subject);
    if (!system.slots.empty()) addOnce(flow.categories, "PREFERENCE");
    const manifest::ConnectorManifest* connector = model.connector(system.connector);
    if (connector != nullptr)
        for (const std::string& one : connector->identifiers)
            addOnce(flow.categories, categoryOf(one));
    if (!system.externalIds.empty()) addOnce(flow.categories, "IDENTIFIER.CRM_ID");
    flow.hosts = !system.hosts.empty()  ? system.hosts
                 : connector != nullptr ? connector->hosts
                                        : std::vector<manifest::Host>{};
    return flow;
}

bool isWritten(const Model& model, const std::string& from, const std::string& to) {
    const auto joins = [&](const Flow& flow) { return flow.from == from && flow.to == to; };
    const auto inSystem = [&](const System& system) {
        return std::any_of(system.flows.begin(), system.flows.end(), joins);
    };
    return std::any_of(model.systems.begin(), model.systems.end(), inSystem) ||
           (model.hub && inSystem(*model.hub));
}

}  // namespace

std::vector<Flow> derivedFlows(const Model& model) {
    std::vector<Flow> flows;
    const auto add = [&](Flow flow, const std::string& from, const std::string& to) {
        if (isWritten(model, from, to)) return;
        flow.id = "sync:" + from + ">" + to;
        flow.from = from;
        flow.to = to;
        flows.push_back(std::move(flow));
    };
    for (const System& system : model.systems) {
        if (system.connector.empty()) continue;
        Flow written = syncFlow(model, system);
        Flow read = written;
        for (const std::string& field : system.readFields)
            for (const manifest::DataField& one : system.data)
                if (one.field == field && one.category.isKnown())
                    addOnce(read.categories, one.category.value);
        written.withdrawal.path = knownAt(manifest::WithdrawalPath::Hub, system.at);
        add(std::move(written), "hub", system.id);
        add(std::move(read), system.id, "hub");
    }
    return flows;
}

std::vector<manifest::Engagement> allEngagements(const Model& model) {
    std::vector<manifest::Engagement> all = model.engagements;
    const auto ofSystem = [&](const System& system) {
        for (const manifest::Engagement& one : system.engagements) {
            const std::vector<std::string> from =
                one.from.empty() ? system.controllers : std::vector<std::string>{one.from};
            for (const std::string& controller : from) {
                all.push_back(one);
                all.back().from = controller;
                if (one.systems.empty()) all.back().systems = {system.id};
            }
        }
    };
    for (const System& system : model.systems) ofSystem(system);
    if (model.hub) ofSystem(*model.hub);
    for (const manifest::ConnectorManifest& connector : model.connectors)
        for (const manifest::Engagement& one : connector.subProcessors) {
            all.push_back(one);
            if (one.from.empty() && connector.vendor.isKnown())
                all.back().from = connector.vendor.value;
        }
    return all;
}

}  // namespace concordat::flowmap
