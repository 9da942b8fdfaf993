// SPDX-License-Identifier: Apache-2.0
#include "hub/api/system_view.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr int kRecordsAtOnce = 500;

SystemLabel labelOf(const Rooms& rooms, const std::string& system) {
    for (const SystemLabel& label : rooms.services.systems)
        if (label.system == system) return label;
    return {system, system, ""};
}

std::string nameOf(sync::BreakerState state) {
    switch (state) {
        case sync::BreakerState::Closed:
            return "closed";
        case sync::BreakerState::Open:
            return "open";
        case sync::BreakerState::HalfOpen:
            break;
    }
    return "half_open";
}

std::string nameOf(sdk::Loosen loosen) {
    return loosen == sdk::Loosen::Yes ? "yes" : loosen == sdk::Loosen::Once ? "once" : "never";
}

/// The lanes of one system as one.
struct Health {
    sync::BreakerState breaker = sync::BreakerState::Closed;
    std::string problem;
    std::int64_t lastPullAt = 0;
};

Health healthOf(const Rooms& rooms, const std::string& system) {
    Health health;
    if (rooms.services.problem) health.problem = rooms.services.problem(system);
    if (!health.problem.empty()) health.breaker = sync::BreakerState::Open;
    if (!rooms.services.laneHealth) return health;
    const auto lanes = rooms.services.laneHealth(system);
    if (!lanes.empty()) health.lastPullAt = lanes.front().lastStepAt;
    for (const sync::LaneHealth& lane : lanes) {
        const bool hasJustFailed = lane.lastErrorAt > lane.lastStepAt;
        if (health.problem.empty() && hasJustFailed) health.problem = lane.lastError;
        if (lane.breaker == sync::BreakerState::Closed) continue;
        if (health.breaker != sync::BreakerState::Open) health.breaker = lane.breaker;
        if (health.problem.empty()) health.problem = lane.lastError;
    }
    // A lane may wait long for a vendor, or know only that it failed; the gateway knows why.
    if (!rooms.services.gatewayState) return health;
    const auto state = rooms.services.gatewayState(system);
    if (!state || state->lastError.empty()) return health;
    health.problem += health.problem.empty() ? state->lastError : " (" + state->lastError + ")";
    return health;
}

std::string stateOf(const sync::Standing& standing, const Health& health, std::int64_t now) {
    if (!standing.foreignTenant.empty()) return "wrong_tenant";
    if (standing.isFullyStopped(now)) return "full_stop";
    if (health.breaker == sync::BreakerState::Open) return "down";
    if (standing.recovering) return "recovery";
    if (standing.paused) return "paused";
    switch (standing.phase) {
        case sync::Phase::New:
            return "waiting";
        case sync::Phase::Loading:
            return "loading";
        case sync::Phase::Loaded:
            return "rehearsing";
        case sync::Phase::Open:
            break;
    }
    return "open";
}

std::string problemOf(const sync::SystemStatus& status, const Health& health) {
    if (!status.standing.foreignTenant.empty())
        return "account " + status.standing.foreignTenant + " answered instead of " +
               status.standing.tenantId + ": check the credentials";
    return health.problem.empty() ? status.whyNotLoosen : health.problem;
}

Json quotasOf(const Rooms& rooms, const std::string& system) {
    Json quotas = Json::object();
    if (!rooms.services.gatewayState) return quotas;
    const auto state = rooms.services.gatewayState(system);
    if (!state) return quotas;
    for (const gateway::PoolState& pool : state->pools)
        if (pool.remaining) quotas[pool.name] = *pool.remaining;
    return quotas;
}

Json lostUpdatesOf(const sync::SystemPlan& plan) {
    Json slots = Json::array();
    for (const consent::SlotRules& rules : plan.slots)
        if (rules.slot.lostUpdate) slots.push_back(rules.slot.id);
    return slots;
}

}  // namespace

void Rooms::require(bool filled, const char* what) {
    if (!filled) throw RequestError(std::string("this hub cannot ") + what, 501);
}

const sync::SystemPlan& known(const Rooms& rooms, const std::string& system) {
    const sync::SystemPlan* plan = rooms.sync.core().plan.system(system);
    if (plan == nullptr)
        throw RequestError("there is no system of that name: GET /v1/systems lists them", 404);
    return *plan;
}

std::int64_t lagMs(const Rooms& rooms, const sync::SystemStatus& status) {
    if (!status.nextDue) return 0;
    return std::max<std::int64_t>(0, rooms.core().time.now() - *status.nextDue);
}

std::int64_t parkedCount(const Rooms& rooms, const std::string& system) {
    std::int64_t count = 0;
    rooms.store.read([&](store::Reader& reader) {
        store::Slice slice{"", kRecordsAtOnce};
        for (auto rows = reader.parked(system, slice); !rows.empty();
             rows = reader.parked(system, slice)) {
            count += static_cast<std::int64_t>(rows.size());
            if (rows.size() < kRecordsAtOnce) return;
            slice.after = store::cursorOf(rows.back());
        }
    });
    return count;
}

Json systemView(const Rooms& rooms, const std::string& system) {
    const sync::SystemPlan& plan = known(rooms, system);
    const sync::SystemStatus status = rooms.sync.status(system);
    const sync::Standing& standing = status.standing;
    const Health health = healthOf(rooms, system);
    const SystemLabel label = labelOf(rooms, system);
    const std::int64_t now = rooms.core().time.now();
    const bool isStopped = standing.isFullyStopped(now);
    return {{"system", system},
            {"title", label.title},
            {"connector", label.connector},
            {"controller", plan.scope},
            {"state", stateOf(standing, health, now)},
            {"problem", problemOf(status, health)},
            {"records", status.records},
            {"due", status.due},
            {"parked", parkedCount(rooms, system)},
            {"lag_ms", lagMs(rooms, status)},
            {"last_pull_at", health.lastPullAt},
            {"interval_ms", plan.pollIntervalMs},
            {"breaker", nameOf(health.breaker)},
            {"authorization",
             rooms.services.authorization ? rooms.services.authorization(system) : "none"},
            {"quota_left", quotasOf(rooms, system)},
            {"pause_reason", isStopped ? standing.fullStopReason : standing.pauseReason},
            {"stopped_by", isStopped || standing.paused ? standing.stoppedBy : ""},
            {"full_stop_until", isStopped ? standing.fullStopUntil : 0},
            {"lost_update_slots", lostUpdatesOf(plan)},
            {"tenant", {{"id", standing.tenantId}, {"name", standing.tenantName}}}};
}

Json slotsView(const Rooms& rooms, const std::string& system) {
    Json slots = Json::array();
    for (const consent::SlotRules& rules : known(rooms, system).slots)
        slots.push_back({{"slot", rules.slot.id},
                         {"label", rules.slot.label},
                         {"purposes", rules.purposes},
                         {"channels", rules.channels},
                         {"loosen", nameOf(rules.slot.loosen)},
                         {"lost_update", rules.slot.lostUpdate}});
    return slots;
}

}  // namespace concordat::api
