// SPDX-License-Identifier: Apache-2.0
#pragma once
// The routes by topic. Handlers are thin: they check what came, ask sync or the store, and show.

#include <string>
#include <vector>

#include "hub/api/event_streams.h"
#include "hub/api/router.h"
#include "hub/api/services.h"
#include "hub/api/webhooks.h"
#include "hub/sync/service.h"

namespace concordat::api {

/// Lets a call wait without holding up the end of the program. [any]
class Closing {
 public:
    /// Waits so long; true once the program ends.
    bool wait(std::chrono::milliseconds time);
    void begin();

 private:
    std::mutex mutex_;  // guards begun_
    std::condition_variable changed_;
    bool begun_ = false;
};

/// What the routes work with; all of it outlives them.
struct Rooms {
    store::Store& store;
    sync::Service& sync;
    const Services& services;
    Closing& closing;
    std::string region;  ///< where national phone numbers belong
    std::string node;
    std::string version;

    sync::Core& core() const { return sync.core(); }
    const consent::Policy& policy() const { return sync.core().plan.policy; }
    /// A function of `services` that was not filled: RequestError 501.
    static void require(bool filled, const char* what);
};

/// What /metrics tells besides sync, store and gateway.
struct Gauges {
    std::function<const WebhookCounts&()> webhooks;
    std::function<std::vector<std::pair<std::string, int>>()> connections;  ///< by server
    std::function<std::size_t()> eventStreams;
};

std::vector<Route> systemRoutes(const Rooms& rooms);
std::vector<Route> rehearsalRoutes(const Rooms& rooms);
std::vector<Route> subjectRoutes(const Rooms& rooms);
std::vector<Route> choiceRoutes(const Rooms& rooms);
std::vector<Route> inboxRoutes(const Rooms& rooms);
/// Deliveries, incidents and quarantine.
std::vector<Route> recordRoutes(const Rooms& rooms);
/// Settings, backup, integrity, vendors' sign-in.
std::vector<Route> keeperRoutes(const Rooms& rooms);
/// Health, metrics, changes.
std::vector<Route> watchRoutes(const Rooms& rooms, const Gauges& gauges, EventStreams& streams);
/// The status page and /openapi.yaml.
std::vector<Route> pageRoutes();

}  // namespace concordat::api
