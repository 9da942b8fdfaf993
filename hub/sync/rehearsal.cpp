// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/rehearsal.h"

#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "hub/sync/standing.h"
#include "hub/sync/unit.h"
#include "hub/sync/wanted.h"

namespace concordat::sync {

namespace {

constexpr auto kRehearsalKind = "sync.rehearsal";
constexpr int kAtOnce = 500;

void count(store::Reader& reader,
           const Core& core,
           const SystemPlan& plan,
           const store::Record& record,
           SystemFigures& figures,
           std::set<std::string>& subjects) {
    ++figures.records;
    const auto book = readBook(reader, record.subject);
    const auto needs = needsOf(plan, record, book, core.plan.policy);
    if (needs.empty())
        ++figures.untouched;
    else
        subjects.insert(record.subject);
    for (const auto& need : needs) {
        ++(need.permit ? figures.loosening : figures.tightening);
        const auto loosen = need.rules->slot.loosen;
        if (!need.permit && loosen != sdk::Loosen::Yes) ++figures.irreversible;
    }
}

/// `touched` gathers the subjects with a write over several systems.
SystemFigures figuresOf(Core& core, const SystemPlan& plan, std::set<std::string>& touched) {
    SystemFigures figures;
    figures.system = plan.name;
    std::set<std::string> subjects;
    std::string after;
    bool more = true;
    while (more) {
        // One view for each stretch, so that a long walk keeps no old view of the store alive.
        core.store.read([&](store::Reader& reader) {
            const auto records = reader.records(plan.name, {after, kAtOnce});
            for (const auto& record : records) count(reader, core, plan, record, figures, subjects);
            more = static_cast<int>(records.size()) == kAtOnce;
            if (more) after = store::cursorOf(records.back());
        });
    }
    figures.subjects = static_cast<std::int64_t>(subjects.size());
    touched.merge(subjects);
    return figures;
}

bool isNear(std::int64_t was, std::int64_t is, double slack) {
    return std::abs(static_cast<double>(is - was)) <= slack * static_cast<double>(was);
}

bool areNear(const SystemFigures& was, const SystemFigures& is, double slack) {
    return isNear(was.subjects, is.subjects, slack) &&
           isNear(was.tightening, is.tightening, slack) &&
           isNear(was.loosening, is.loosening, slack) &&
           isNear(was.irreversible, is.irreversible, slack);
}

nlohmann::json toJson(const SystemFigures& figures) {
    return {{"system", figures.system},
            {"records", figures.records},
            {"untouched", figures.untouched},
            {"subjects", figures.subjects},
            {"tightening", figures.tightening},
            {"loosening", figures.loosening},
            {"irreversible", figures.irreversible}};
}

SystemFigures figuresFrom(const nlohmann::json& json) {
    return {json.value("system", ""),
            json.value("records", std::int64_t{0}),
            json.value("untouched", std::int64_t{0}),
            json.value("subjects", std::int64_t{0}),
            json.value("tightening", std::int64_t{0}),
            json.value("loosening", std::int64_t{0}),
            json.value("irreversible", std::int64_t{0})};
}

}  // namespace

Rehearsal rehearse(Core& core, const std::vector<std::string>& systems) {
    core.store.read([&](store::Reader& reader) {
        for (const auto& system : systems) {
            core.plan.at(system);
            const auto phase = standing(reader, system).phase;
            if (phase == Phase::New || phase == Phase::Loading)
                throw RequestError("'" + system + "' is not fully read yet; try again later.", 409);
        }
    });
    Rehearsal rehearsal;
    rehearsal.at = core.time.now();
    std::set<std::string> touched;
    for (const auto& system : systems)
        rehearsal.systems.push_back(figuresOf(core, core.plan.at(system), touched));
    rehearsal.subjects = static_cast<std::int64_t>(touched.size());
    core.store.write([&](store::Writer& unit) {
        rehearsal.id = unit.newId();
        auto json = nlohmann::json::array();
        for (const auto& figures : rehearsal.systems) json.push_back(toJson(figures));
        unit.put(store::Document{kRehearsalKind, rehearsal.id, json.dump(), 0});
    });
    return rehearsal;
}

void approve(Core& core, const std::string& rehearsal, const std::string& by) {
    std::vector<SystemFigures> approved;
    core.store.read([&](store::Reader& reader) {
        const auto document = reader.document(kRehearsalKind, rehearsal);
        if (!document) throw RequestError("There is no rehearsal '" + rehearsal + "'.", 404);
        for (const auto& json : nlohmann::json::parse(document->json))
            approved.push_back(figuresFrom(json));
    });
    std::set<std::string> touched;
    for (const auto& was : approved)
        if (!areNear(was, figuresOf(core, core.plan.at(was.system), touched),
                     core.plan.settings.approvalSlack))
            throw RequestError("What would be written into '" + was.system +
                                   "' has changed since the rehearsal; rehearse again.",
                               409);
    core.store.write([&](store::Writer& unit) {
        for (const auto& figures : approved) {
            auto state = standing(unit, figures.system);
            state.phase = Phase::Open;
            state.approvedBy = by;
            put(unit, state);
        }
        unit.removeDocument(kRehearsalKind, rehearsal);
    });
    if (core.wake)
        for (const auto& figures : approved) core.wake(figures.system);
}

}  // namespace concordat::sync
