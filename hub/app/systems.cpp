// SPDX-License-Identifier: Apache-2.0
#include "hub/app/systems.h"

#include <algorithm>
#include <thread>

#include <Poco/Logger.h>

#include "hub/consent/error.h"
#include "hub/sync/system_sync.h"

namespace concordat::app {

namespace {

constexpr auto kLongestRound = std::chrono::minutes(5);
constexpr auto kLook = std::chrono::milliseconds(50);

Round since(const sync::Counts& before, const sync::Counts& after) {
    const auto stage = [](const sync::Counts& counts, const char* name) {
        const auto found = counts.deliveries.find(name);
        return found == counts.deliveries.end() ? 0 : found->second;
    };
    return {after.observations - before.observations, after.events - before.events,
            stage(after, "accepted") - stage(before, "accepted"),
            stage(after, "verified") - stage(before, "verified")};
}

}  // namespace

Systems::Systems(std::map<std::string, std::unique_ptr<ConnectedSystem>> connected,
                 sync::Service& service,
                 const sync::Plan& plan)
    : connected_(std::move(connected)), service_(service), plan_(plan) {
    service_.onWake([this](const std::string& name) { wake(name); });
}

void Systems::runLanes() {
    std::vector<sync::SystemConnectors> running;
    instances_.reserve(connected_.size() * 2);
    for (auto& [name, system] : connected_) {
        Instance& reading = instances_.emplace_back(system->start());
        Instance& writing = instances_.emplace_back(system->start());
        running.push_back({name, *reading.connector, *writing.connector,
                           [&one = *system] { return one.skewMs(); }});
    }
    lanes_ = std::make_unique<sync::Lanes>(service_.core(), std::move(running));
    awake_ = lanes_.get();
}

Systems::~Systems() { awake_ = nullptr; }

ConnectedSystem& Systems::at(const std::string& system) const {
    const auto found = connected_.find(system);
    if (found == connected_.end())
        throw RequestError("no system is called '" + system + "': concordat systems lists them",
                           404);
    return *found->second;
}

const ConnectedSystem& Systems::connected(const std::string& system) const { return at(system); }

std::vector<std::string> Systems::names() const {
    std::vector<std::string> all;
    for (const auto& [name, system] : connected_) all.push_back(name);
    return all;
}

sdk::Check Systems::check(const std::string& system) {
    Instance instance = at(system).start();
    return instance.connector->check({});
}

std::vector<sdk::Observation> Systems::read(const std::string& system,
                                            const std::vector<sdk::RecordRef>& records) {
    Instance instance = at(system).start();
    return instance.connector->read(records, {}).observations;
}

void Systems::wake(const std::string& system) {
    if (sync::Lanes* lanes = awake_.load()) lanes->notify(system);
}

std::vector<sync::LaneHealth> Systems::health(const std::string& system) const {
    const sync::Lanes* lanes = awake_.load();
    return lanes ? lanes->health(system) : std::vector<sync::LaneHealth>{};
}

Round Systems::round(const std::string& system) {
    at(system);
    return awake_.load() ? roundOfLanes(system) : roundByHand(system);
}

Round Systems::roundByHand(const std::string& system) {
    const sync::Counts before = service_.counts();
    Instance reading = at(system).start();
    Instance writing = at(system).start();
    const sync::SystemPlan& plan = *plan_.system(system);
    sync::ReadLane reader(service_.core(), plan, *reading.connector);
    sync::WriteLane writer(service_.core(), plan, *writing.connector);
    reader.pullNow();
    const auto end = std::chrono::steady_clock::now() + kLongestRound;
    const auto drain = [&](sync::Lane& lane) {
        while (lane.step().atOnce && std::chrono::steady_clock::now() < end) {
        }
        if (!lane.health().lastError.empty()) throw PluginError(lane.health().lastError);
    };
    drain(reader);
    drain(writer);
    return since(before, service_.counts());
}

Round Systems::roundOfLanes(const std::string& system) {
    const sync::Counts before = service_.counts();
    const auto begun = service_.core().time.now();
    lanes_->pullNow(system);
    const auto end = std::chrono::steady_clock::now() + kLongestRound;
    const auto settled = [&] {
        const auto lanes = lanes_->health(system);
        const bool stepped =
            std::all_of(lanes.begin(), lanes.end(), [&](const sync::LaneHealth& lane) {
                return lane.lastStepAt >= begun || lane.lastErrorAt > lane.lastStepAt;
            });
        return stepped && service_.status(system).due == 0;
    };
    while (!settled() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kLook);
    return since(before, service_.counts());
}

void Systems::subscribeWebhooks(std::function<std::string(const std::string&)> address) {
    subscriber_ = std::jthread([this, address = std::move(address)](const std::stop_token& stop) {
        for (auto& [name, system] : connected_) {
            if (system->integration().connection.webhookSecret.empty()) continue;
            if (stop.stop_requested()) return;
            try {
                subscribe(*system, address(name), stop);
            } catch (const Poco::Exception& error) {
                Poco::Logger::get("hub.app").warning(
                    name + ": its webhooks could not be subscribed (" + error.message() +
                    "); changes are found by polling");
            }
        }
    });
}

void Systems::subscribe(ConnectedSystem& system,
                        const std::string& address,
                        const std::stop_token& stop) {
    Instance instance = system.start();
    const std::stop_callback cancel(stop, [&] { instance.connector->cancel(); });
    const auto there = instance.connector->listWebhooks({});
    if (std::none_of(there.begin(), there.end(), [&](const sdk::Subscription& one) {
            return one.address == address && one.active;
        }))
        instance.connector->subscribeWebhook(address, {});
}

}  // namespace concordat::app
