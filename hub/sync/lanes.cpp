// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/lanes.h"

#include <algorithm>

#include <Poco/Logger.h>

#include "hub/consent/error.h"

namespace concordat::sync {

namespace {
constexpr EpochMs kAfterErrorMs = 1'000;
}  // namespace

/// One thread that steps one lane.
class Lanes::Runner {
 public:
    Runner(Core& core,
           std::unique_ptr<Lane> lane,
           host::Connector& connector,
           std::function<void(bool pull)> beforeStep)
        : core_(core),
          lane_(std::move(lane)),
          connector_(connector),
          beforeStep_(std::move(beforeStep)),
          thread_([this](std::stop_token stop) { run(stop); }) {}

    ~Runner() {
        thread_.request_stop();
        connector_.cancel();
    }

    void stop() { thread_.request_stop(); }

    void notify(bool pull) {
        {
            const std::lock_guard lock(mutex_);
            isWoken_ = true;
            pulls_ = pulls_ || pull;
        }
        wake_.notify_all();
    }

    LaneHealth health() const { return lane_->health(); }

 private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            bool pull = false;
            {
                const std::lock_guard lock(mutex_);
                isWoken_ = false;
                std::swap(pull, pulls_);
            }
            const auto rest = step(pull);
            if (!rest.atOnce) waitUntil(rest.until, stop);
        }
    }

    Rest step(bool pull) {
        try {
            beforeStep_(pull);
            return lane_->step();
        } catch (const Poco::Exception& error) {
            // The store refuses, or a defect: said once, tried again.
            Poco::Logger::get("hub.sync").error(error.displayText());
        } catch (const std::exception& error) {
            Poco::Logger::get("hub.sync").error(error.what());
        }
        return {false, core_.time.now() + kAfterErrorMs};
    }

    void waitUntil(EpochMs until, const std::stop_token& stop) {
        const auto ms = std::max<EpochMs>(0, until - core_.time.now());
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, std::chrono::milliseconds(ms), [this] { return isWoken_; });
    }

    Core& core_;
    std::unique_ptr<Lane> lane_;
    host::Connector& connector_;
    const std::function<void(bool pull)> beforeStep_;
    std::mutex mutex_;  // guards isWoken_, pulls_
    bool isWoken_ = false;
    bool pulls_ = false;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: it uses all of the above
};

Lanes::Lanes(Core& core, std::vector<SystemConnectors> systems) {
    for (auto& system : systems) {
        const auto* plan = core.plan.system(system.system);
        if (!plan) throw ConfigError("There is no system '" + system.system + "' in the plan.");
        auto reader = std::make_unique<ReadLane>(core, *plan, system.reading);
        auto writer = std::make_unique<WriteLane>(core, *plan, system.writing);
        auto* reads = reader.get();
        auto* writes = writer.get();
        const auto skew = system.skewMs;
        auto& runners = runners_[system.system];
        runners.push_back(std::make_unique<Runner>(core, std::move(reader), system.reading,
                                                   [reads, skew](bool pull) {
                                                       if (skew) reads->setSkew(skew());
                                                       if (pull) reads->pullNow();
                                                   }));
        runners.push_back(
            std::make_unique<Runner>(core, std::move(writer), system.writing, [writes, skew](bool) {
                if (skew) writes->setSkew(skew());
            }));
    }
}

Lanes::~Lanes() {
    // All are told first, so that they end together and not one after the other.
    for (auto& [system, runners] : runners_)
        for (auto& runner : runners) runner->stop();
}

void Lanes::notify(const std::string& system) {
    const auto found = runners_.find(system);
    if (found == runners_.end()) return;
    for (auto& runner : found->second) runner->notify(false);
}

void Lanes::pullNow(const std::string& system) {
    const auto found = runners_.find(system);
    if (found == runners_.end()) return;
    for (auto& runner : found->second) runner->notify(true);
}

std::vector<LaneHealth> Lanes::health(const std::string& system) const {
    std::vector<LaneHealth> result;
    const auto found = runners_.find(system);
    if (found == runners_.end()) return result;
    for (const auto& runner : found->second) result.push_back(runner->health());
    return result;
}

}  // namespace concordat::sync
