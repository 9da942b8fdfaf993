// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the API needs from rooms it may not include; filled by hub/app. All of it may be called from
// any thread.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace concordat::api {

/// A slot as it is mapped in one system.
struct SlotFacts {
    std::string slot;
    std::string label;
    std::vector<std::string> purposes;
    std::vector<std::string> channels;
    std::string loosen;  ///< yes, once, never
    bool lostUpdate = false;
};

/// What does not change of a system while the hub runs.
struct SystemFacts {
    std::string system;
    std::string title;
    std::string connector;
    std::string controller;
    std::string region;
    std::int64_t intervalMs = 0;
    std::vector<SlotFacts> slots;
};

/// How the lanes and the gateway of a system stand. Times are epoch milliseconds, 0 = never.
struct SystemLive {
    std::string lastError;
    std::int64_t lastErrorAt = 0;
    std::int64_t lastReadAt = 0;
    std::string breaker = "closed";  ///< closed, open, half_open
    std::map<std::string, std::int64_t> quotaLeft;
    std::int64_t requests = 0;  ///< through the gateway since the start
    std::int64_t failures = 0;
    std::int64_t refused = 0;  ///< by the egress rules
};

struct ProbeView {
    std::string name;
    std::string state;  ///< pass, warn, fail
    std::string message;
    std::string fix;
};

struct CheckView {
    std::vector<ProbeView> probes;
    std::string tenantId;
    std::string tenantName;
};

/// One round of reading and writing.
struct RoundView {
    std::int64_t pulled = 0;
    std::int64_t events = 0;
    std::int64_t written = 0;
    std::int64_t verified = 0;
};

struct SettingView {
    std::string name;
    std::string value;  ///< of a secret: its reference
    std::string origin;
    std::string unit;
    std::string help;
    bool secret = false;
};

/// Filled once before the first call. Functions throw Error with one sentence.
struct Services {
    std::string version;
    std::string node;
    std::vector<SystemFacts> systems;
    std::vector<SettingView> settings;
    std::function<SystemLive(const std::string& system)> live;
    std::function<CheckView(const std::string& system)> check;
    std::function<RoundView(const std::string& system)> round;
    /// The address where a person signs in at the vendor.
    std::function<std::string(const std::string& system)> authorize;
    /// The vendor sent the person back with these.
    std::function<void(const std::string& code, const std::string& state)> authorized;
    /// Posts JSON to the alert webhook through the gateway; false if it was not taken.
    std::function<bool(const std::string& body)> postAlert;
};

}  // namespace concordat::api
