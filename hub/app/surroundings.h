// SPDX-License-Identifier: Apache-2.0
#pragma once
// The outside world as the rooms' interfaces ask for it: HTTP through the gateway, the machine's
// clock and randomness.

#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "hub/gateway/gateway.h"
#include "hub/host/services.h"
#include "hub/store/store.h"
#include "hub/sync/clock.h"
#include "hub/sync/hub_time.h"

namespace concordat::app {

/// The machine's clocks. [any]
class MachineClock : public sync::Clock {
 public:
    sync::EpochMs now() override;
    std::chrono::steady_clock::time_point monotonic() override;
};

/// The hub's own time, for everything that is compared with the ledger: the machine's, but never
/// before one that `store` gave out, whatever somebody sets the machine's clock to. [any]
class HubClock : public sync::Clock {
 public:
    explicit HubClock(store::Store& store) : time_(machine_, store) {}
    sync::EpochMs now() override { return time_.now(); }
    std::chrono::steady_clock::time_point monotonic() override { return machine_.monotonic(); }

 private:
    MachineClock machine_;
    sync::HubTime time_;
};

/// The kernel's randomness. [any]
class MachineRandom : public sync::Random {
 public:
    std::uint64_t next() override;

 private:
    std::mutex mutex_;  // guards device_
    std::random_device device_;
};

/// How far a system's clock is from the hub's, from the Date headers of its replies. [any]
class ClockSkew {
 public:
    /// `date`: the header's text; `receivedAt`: epoch milliseconds of the hub. What cannot be read
    /// is left out.
    void learn(const std::string& date, sync::EpochMs receivedAt);
    std::int64_t ms() const { return skewMs_.load(); }

 private:
    std::atomic<std::int64_t> skewMs_ = 0;
};

/// One system's way out. [any] What it is given must outlive it.
class GatewayHttp : public host::HttpService {
 public:
    GatewayHttp(gateway::Gateway& gateway, ClockSkew& skew, sync::Clock& clock, std::string system);
    std::vector<sdk::HttpReply> send(const std::vector<sdk::HttpRequest>& requests,
                                     const host::CallContext& context) override;
    void cancel() override {}  // The host's own token, in the context, ends what is under way.

 private:
    gateway::Gateway& gateway_;
    ClockSkew& skew_;
    sync::Clock& clock_;
    std::string system_;
};

/// Time, randomness and the log of one system's connector. [any] `clock` must outlive it.
class ConnectorSurroundings : public host::Surroundings {
 public:
    ConnectorSurroundings(std::string system, sync::Clock& clock);
    sdk::EpochMs now() override;
    std::uint64_t random() override;
    void log(const std::string& level, const std::string& text) override;
    void progress(const std::string& what, double share) override;

 private:
    std::string system_;
    sync::Clock& clock_;
    MachineRandom random_;
};

/// Refresh tokens, sealed in the store. [any]
class StoredTokens : public gateway::TokenStore {
 public:
    explicit StoredTokens(store::Store& store);
    std::optional<std::string> load(const std::string& system) override;
    void save(const std::string& system, const std::string& token) override;

 private:
    store::Store& store_;
};

}  // namespace concordat::app
