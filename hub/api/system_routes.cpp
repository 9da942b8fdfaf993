// SPDX-License-Identifier: Apache-2.0
// Systems: how they stand, and what a person does to one of them.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/routes.h"
#include "hub/api/system_view.h"
#include "hub/consent/error.h"
#include "hub/sync/people.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr int kRetriedAtOnce = 500;

std::string nameOf(sdk::ProbeState state) {
    return state == sdk::ProbeState::Pass   ? "pass"
           : state == sdk::ProbeState::Warn ? "warn"
                                            : "fail";
}

Reply list(const Rooms& rooms) {
    Json items = Json::array();
    for (const SystemLabel& label : rooms.services.systems)
        items.push_back(systemView(rooms, label.system));
    return page(items);
}

Reply show(const Rooms& rooms, const std::string& system) {
    Json view = systemView(rooms, system);
    view["slots"] = slotsView(rooms, system);
    return ok(view);
}

Reply check(const Rooms& rooms, const std::string& system) {
    known(rooms, system);
    Rooms::require(static_cast<bool>(rooms.services.check), "check systems");
    const sdk::Check check = rooms.services.check(system);
    Json probes = Json::array();
    for (const sdk::Probe& probe : check.probes)
        probes.push_back({{"name", probe.name},
                          {"state", nameOf(probe.state)},
                          {"message", probe.message},
                          {"fix", probe.fix}});
    return ok(
        {{"probes", probes}, {"tenant", {{"id", check.tenantId}, {"name", check.tenantName}}}});
}

Reply pause(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"reason"});
    rooms.sync.pause(visit.part("system"), requiredText(body, "reason"), visit.caller.name);
    return ok(systemView(rooms, visit.part("system")));
}

Reply fullStop(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"reason", "hours"});
    const std::int64_t hours = number(body, "hours", 1);
    if (hours < 1 || hours > 24) throw RequestError("'hours' must be from 1 to 24");
    rooms.sync.fullStop(visit.part("system"), requiredText(body, "reason"), visit.caller.name,
                        hours * consent::kHourMs);
    return ok(systemView(rooms, visit.part("system")));
}

Reply resume(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    rooms.sync.resume(visit.part("system"), visit.caller.name);
    return ok(systemView(rooms, visit.part("system")));
}

Reply readAgain(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    rooms.sync.readAgain(visit.part("system"));
    return ok(systemView(rooms, visit.part("system")));
}

Reply retryParked(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    const std::string& system = visit.part("system");
    known(rooms, system);
    std::int64_t retried = 0;
    store::Slice slice{"", kRetriedAtOnce};
    for (std::vector<store::TargetRecord> parked;; slice.after = store::cursorOf(parked.back())) {
        rooms.store.read([&](store::Reader& reader) { parked = reader.parked(system, slice); });
        for (const store::TargetRecord& row : parked)
            sync::retry(rooms.core(), row.subject, system);
        retried += static_cast<std::int64_t>(parked.size());
        if (parked.size() < kRetriedAtOnce) break;
    }
    return ok({{"retried", retried}});
}

Reply syncNow(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    const std::string& system = visit.part("system");
    known(rooms, system);
    Rooms::require(static_cast<bool>(rooms.services.syncOnce), "run a round of a system");
    const SyncRound round = rooms.services.syncOnce(system);
    const sync::SystemStatus status = rooms.sync.status(system);
    return ok({{"pulled", round.pulled},
               {"events", round.events},
               {"written", round.written},
               {"verified", round.verified},
               {"due", status.due},
               {"parked", parkedCount(rooms, system)}});
}

Reply authorize(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    known(rooms, visit.part("system"));
    Rooms::require(static_cast<bool>(rooms.services.authorize), "begin a sign-in at a vendor");
    return ok({{"url", rooms.services.authorize(visit.part("system"))}});
}

}  // namespace

std::vector<Route> systemRoutes(const Rooms& rooms) {
    const auto with = [&rooms](Reply (*handler)(const Rooms&, const Visit&)) {
        return [&rooms, handler](const Visit& visit) { return handler(rooms, visit); };
    };
    return {
        {"GET", "/v1/systems", Role::ReadOnly, [&rooms](const Visit&) { return list(rooms); }},
        {"GET", "/v1/systems/{system}", Role::ReadOnly,
         [&rooms](const Visit& visit) { return show(rooms, visit.part("system")); }},
        {"POST", "/v1/systems/{system}/check", Role::Reviewer,
         [&rooms](const Visit& visit) {
             bodyOf(visit.call, {});
             return check(rooms, visit.part("system"));
         }},
        {"POST", "/v1/systems/{system}/pause", Role::Reviewer, with(pause)},
        {"POST", "/v1/systems/{system}/resume", Role::Reviewer, with(resume)},
        {"POST", "/v1/systems/{system}/full-stop", Role::Admin, with(fullStop)},
        {"POST", "/v1/systems/{system}/read-again", Role::Admin, with(readAgain)},
        {"POST", "/v1/systems/{system}/retry-parked", Role::Reviewer, with(retryParked)},
        {"POST", "/v1/systems/{system}/sync", Role::Reviewer, with(syncNow)},
        {"POST", "/v1/systems/{system}/authorize", Role::Admin, with(authorize)},
    };
}

}  // namespace concordat::api
