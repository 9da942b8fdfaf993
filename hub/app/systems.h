// SPDX-License-Identifier: Apache-2.0
#pragma once
// The connected systems of one hub while it runs: their connectors, their lanes, and what a person
// may ask of them.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "hub/app/connectors.h"
#include "hub/sync/lanes.h"
#include "hub/sync/service.h"

namespace concordat::app {

/// What one round came to.
struct Round {
    std::int64_t pulled = 0;
    std::int64_t events = 0;
    std::int64_t written = 0;
    std::int64_t verified = 0;
};

/// [any] after construction. `service` and `plan` must outlive it.
class Systems {
 public:
    Systems(std::map<std::string, std::unique_ptr<ConnectedSystem>> connected,
            sync::Service& service,
            const sync::Plan& plan);
    ~Systems();
    Systems(const Systems&) = delete;
    Systems& operator=(const Systems&) = delete;

    /// Starts two lanes for each system; before, nothing is read or written on its own. Once.
    /// [main]
    void runLanes();
    /// Probes of a system, asked of an instance of its own. Throws PluginError.
    sdk::Check check(const std::string& system);
    /// Records as the vendor shows them now. Throws PluginError.
    std::vector<sdk::Observation> read(const std::string& system,
                                       const std::vector<sdk::RecordRef>& records);
    /// Reads to the newest row and writes until nothing is due.
    Round round(const std::string& system);
    void wake(const std::string& system);
    std::vector<sync::LaneHealth> health(const std::string& system) const;
    const ConnectedSystem& connected(const std::string& system) const;
    std::vector<std::string> names() const;
    /// Subscribes `address` at every vendor whose webhooks are wanted and that can do it, on a
    /// thread of its own: vendors take their time. What fails is logged. Once. [main]
    void subscribeWebhooks(std::function<std::string(const std::string&)> address);

 private:
    Round roundByHand(const std::string& system);
    Round roundOfLanes(const std::string& system);
    ConnectedSystem& at(const std::string& system) const;
    static void subscribe(ConnectedSystem& system,
                          const std::string& address,
                          const std::stop_token& stop);

    std::map<std::string, std::unique_ptr<ConnectedSystem>> connected_;
    sync::Service& service_;
    const sync::Plan& plan_;
    std::vector<Instance> instances_;
    std::unique_ptr<sync::Lanes> lanes_;
    std::atomic<sync::Lanes*> awake_ = nullptr;  ///< lanes_, once they run
    std::jthread subscriber_;                    ///< last: it uses the above
};

}  // namespace concordat::app
