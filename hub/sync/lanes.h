// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two threads for each system: one reads, one writes.

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hub/sync/system_sync.h"

namespace concordat::sync {

/// The two running connectors of one system. They outlive the lanes.
struct SystemConnectors {
    std::string system;
    host::Connector& reading;
    host::Connector& writing;
    /// How far the system's clock is from the hub's; empty: not known. [any]
    std::function<std::int64_t()> skewMs;
};

/// Runs from construction to destruction. [main]
class Lanes {
 public:
    /// A system that the plan does not name throws ConfigError.
    Lanes(Core& core, std::vector<SystemConnectors> systems);
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// The system has something to do now. [any]
    void notify(const std::string& system);
    /// Its next step pulls, whatever the interval says. [any]
    void pullNow(const std::string& system);
    /// Nothing if the system has no lanes. [any]
    std::vector<LaneHealth> health(const std::string& system) const;

 private:
    class Runner;
    std::map<std::string, std::vector<std::unique_ptr<Runner>>> runners_;
};

}  // namespace concordat::sync
