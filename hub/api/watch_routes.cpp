// SPDX-License-Identifier: Apache-2.0
// For those who watch the hub: health, figures, and what changes.
#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/metrics.h"
#include "hub/sync/standing.h"

namespace concordat::api {

namespace {

/// "starting" until some system was read; "degraded" while one of them is not as it should be.
std::string statusOf(const Rooms& rooms, bool recovering) {
    bool isAnyRead = rooms.core().plan.systems.empty();
    bool isWell = !recovering;
    for (const sync::SystemPlan& plan : rooms.core().plan.systems) {
        const sync::Standing standing = rooms.sync.status(plan.name).standing;
        isAnyRead = isAnyRead || standing.phase == sync::Phase::Loaded ||
                    standing.phase == sync::Phase::Open;
        isWell = isWell && standing.foreignTenant.empty() &&
                 !standing.isFullyStopped(rooms.core().time.now());
        if (rooms.services.problem) isWell = isWell && rooms.services.problem(plan.name).empty();
        if (!rooms.services.laneHealth) continue;
        for (const sync::LaneHealth& lane : rooms.services.laneHealth(plan.name))
            isWell = isWell && lane.breaker == sync::BreakerState::Closed;
    }
    return !isWell ? "degraded" : isAnyRead ? "ok" : "starting";
}

Reply health(const Rooms& rooms) {
    bool recovering = false;
    rooms.store.read([&](store::Reader& reader) { recovering = sync::isRecovering(reader); });
    return ok({{"status", statusOf(rooms, recovering)},
               {"version", rooms.version},
               {"node", rooms.node},
               {"systems", rooms.core().plan.systems.size()},
               {"recovery", recovering}});
}

Reply metrics(const Rooms& rooms, const Gauges& gauges) {
    Reply reply;
    reply.type = "text/plain; version=0.0.4; charset=utf-8";
    reply.body = metricsText(rooms, gauges);
    return reply;
}

}  // namespace

std::vector<Route> watchRoutes(const Rooms& rooms, const Gauges& gauges, EventStreams& streams) {
    return {
        {"GET", "/health", std::nullopt, [&rooms](const Visit&) { return health(rooms); }},
        {"GET", "/metrics", Role::ReadOnly,
         [&rooms, gauges](const Visit&) { return metrics(rooms, gauges); }, true},
        {"GET", "/v1/changes", Role::ReadOnly,
         [&streams](const Visit& visit) {
             if (visit.call.method == "HEAD") {
                 Reply head;
                 head.type = "text/event-stream";
                 return head;
             }
             return streams.open(visit.call.header("last-event-id"));
         }},
    };
}

}  // namespace concordat::api
