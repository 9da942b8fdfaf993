// SPDX-License-Identifier: Apache-2.0
// Opening systems: they are read to their end, what would be written is shown, a person approves.
#include <map>
#include <set>

#include <Poco/Timestamp.h>
#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/routes.h"
#include "hub/api/system_view.h"
#include "hub/api/views.h"
#include "hub/consent/error.h"
#include "hub/sync/wanted.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "api.rehearsal";
constexpr int kSamples = 5;
constexpr int kSampled = 50;  ///< records looked at for samples
constexpr std::int64_t kKeptMs = 7LL * 24 * 3'600'000;
constexpr std::chrono::milliseconds kClosingPatience{1'000};

void keep(const Rooms& rooms, const Json& rehearsal) {
    rooms.store.write([&](store::Writer& writer) {
        writer.put(store::Document{kKind, rehearsal.at("id"), rehearsal.dump(),
                                   Poco::Timestamp().epochMicroseconds() / 1'000 + kKeptMs});
    });
}

Json kept(const Rooms& rooms, const std::string& id) {
    std::optional<store::Document> document;
    rooms.store.read([&](store::Reader& reader) { document = reader.document(kKind, id); });
    if (!document) throw RequestError("there is no such rehearsal", 404);
    return Json::parse(document->json);
}

std::vector<std::string> stillLoading(const Rooms& rooms, const Json& rehearsal) {
    std::vector<std::string> loading;
    for (const std::string system : rehearsal.at("systems")) {
        const auto phase = rooms.sync.status(system).standing.phase;
        if (phase == sync::Phase::New || phase == sync::Phase::Loading) loading.push_back(system);
    }
    return loading;
}

std::string readingOf(const consent::SlotRules& rules, sdk::Shown shown) {
    const int laxness = sync::laxness(rules.slot, shown);
    return laxness == 0 ? "deny" : laxness == 2 ? "permit" : nameOf(shown);
}

/// Up to five of each slot: the vendor's own value beside what it is read as.
Json samplesOf(const Rooms& rooms, const std::string& system) {
    Json samples = Json::array();
    if (!rooms.services.read) return samples;
    std::vector<sdk::RecordRef> refs;
    rooms.store.read([&](store::Reader& reader) {
        for (const store::Record& record : reader.records(system, {"", kSampled}))
            if (!record.deleted && !record.closed) refs.push_back(record.ref);
    });
    if (refs.empty()) return samples;
    const auto observations = rooms.services.read(system, refs);
    for (const consent::SlotRules& rules : known(rooms, system).slots) {
        int taken = 0;
        for (const sdk::Observation& observation : observations)
            for (const sdk::SlotReading& reading : observation.slots) {
                if (reading.slot != rules.slot.id || taken == kSamples) continue;
                ++taken;
                samples.push_back({{"slot", reading.slot},
                                   {"object", observation.record.object},
                                   {"record", observation.record.id},
                                   {"raw", reading.raw},
                                   {"reading", readingOf(rules, reading.shown)}});
            }
    }
    return samples;
}

Json figuresOf(const Rooms& rooms, const sync::Rehearsal& rehearsal) {
    Json systems = Json::array();
    for (const sync::SystemFigures& one : rehearsal.systems)
        systems.push_back({{"system", one.system},
                           {"records", one.records},
                           {"subjects", one.subjects},
                           {"tighten", one.tightening},
                           {"loosen", one.loosening},
                           {"irreversible", one.irreversible},
                           {"untouched", one.untouched},
                           {"samples", samplesOf(rooms, one.system)}});
    return {{"subjects", rehearsal.subjects}, {"per_system", systems}};
}

/// Counts once everything is read.
void advance(const Rooms& rooms, Json& rehearsal) {
    if (rehearsal.at("state") != "loading") return;
    const auto loading = stillLoading(rooms, rehearsal);
    const auto all = static_cast<double>(rehearsal.at("systems").size());
    rehearsal["progress"] = 1.0 - static_cast<double>(loading.size()) / all;
    if (!loading.empty()) return;
    const sync::Rehearsal counted =
        sync::rehearse(rooms.core(), rehearsal.at("systems").get<std::vector<std::string>>());
    rehearsal["sync"] = counted.id;
    rehearsal["figures"] = figuresOf(rooms, counted);
    rehearsal["state"] = "ready";
    keep(rooms, rehearsal);
}

Reply shown(Json rehearsal) {
    rehearsal.erase("sync");
    return ok(rehearsal);
}

Reply begin(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"systems"});
    auto systems = texts(body, "systems", 1'000);
    if (systems.empty())
        for (const sync::SystemPlan& plan : rooms.core().plan.systems) systems.push_back(plan.name);
    if (systems.empty()) throw RequestError("no system is connected yet", 409);
    for (const std::string& system : systems) known(rooms, system);
    const std::set<std::string> unique(systems.begin(), systems.end());
    Json rehearsal{{"systems", unique},
                   {"state", "loading"},
                   {"progress", 0.0},
                   {"figures", {{"subjects", 0}, {"per_system", Json::array()}}}};
    rooms.store.write([&](store::Writer& writer) { rehearsal["id"] = writer.newId(); });
    keep(rooms, rehearsal);
    advance(rooms, rehearsal);
    return shown(std::move(rehearsal));
}

/// Without lanes nobody reads but whoever waits.
void lend(const Rooms& rooms, const Json& rehearsal) {
    const auto loading = stillLoading(rooms, rehearsal);
    if (loading.empty()) return;
    if (rooms.services.lanesRun || !rooms.services.syncOnce) {
        rooms.closing.wait(kClosingPatience);
        return;
    }
    for (const std::string& system : loading) rooms.services.syncOnce(system);
}

Reply show(const Rooms& rooms, const Visit& visit) {
    Json rehearsal = kept(rooms, visit.part("id"));
    if (visit.call.parameter("wait") == "1" && rehearsal.at("state") == "loading")
        lend(rooms, rehearsal);
    advance(rooms, rehearsal);
    return shown(std::move(rehearsal));
}

Reply approve(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    Json rehearsal = kept(rooms, visit.part("id"));
    if (rehearsal.at("state") != "ready")
        throw RequestError("this rehearsal is '" + rehearsal.at("state").get<std::string>() +
                               "'; only one that is ready can be approved",
                           409);
    try {
        sync::approve(rooms.core(), rehearsal.at("sync"), visit.caller.name);
    } catch (const RequestError& error) {
        if (error.code() != 409) throw;
        rehearsal["state"] = "stale";
        keep(rooms, rehearsal);
        throw;
    }
    rehearsal["state"] = "approved";
    keep(rooms, rehearsal);
    return shown(std::move(rehearsal));
}

}  // namespace

std::vector<Route> rehearsalRoutes(const Rooms& rooms) {
    return {
        {"POST", "/v1/rehearsals", Role::Admin,
         [&rooms](const Visit& visit) { return begin(rooms, visit); }},
        {"GET", "/v1/rehearsals/{id}", Role::ReadOnly,
         [&rooms](const Visit& visit) { return show(rooms, visit); }},
        {"POST", "/v1/rehearsals/{id}/approve", Role::Admin,
         [&rooms](const Visit& visit) { return approve(rooms, visit); }},
    };
}

}  // namespace concordat::api
