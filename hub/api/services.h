// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the API asks of rooms it may not know; hub/app fills it. Everything is [http]: several calls
// at once.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/api/webhooks.h"
#include "hub/gateway/gateway.h"
#include "hub/sync/system_sync.h"
#include "sdk/concordat/messages.h"

namespace concordat::api {

/// What one round of reading and writing came to.
struct SyncRound {
    std::int64_t pulled = 0;
    std::int64_t events = 0;
    std::int64_t written = 0;
    std::int64_t verified = 0;
};

/// One setting as it may be shown: of a secret the reference, never the value.
struct SettingView {
    std::string name;
    std::string value;
    std::string origin;
    std::string unit;
    std::string help;
    bool secret = false;
};

/// What a system is called, and by which connector it is spoken to.
struct SystemLabel {
    std::string system;
    std::string title;
    std::string connector;
};

/// An empty function is answered with 501, unless its line says otherwise.
struct Services {
    std::vector<SystemLabel> systems;  ///< in the order they are shown
    bool lanesRun = true;              ///< false: systems are read and written only by `syncOnce`

    /// Probes a system; throws PluginError if the connector fails.
    std::function<sdk::Check(const std::string& system)> check;
    std::function<SyncRound(const std::string& system)> syncOnce;
    /// Records as the vendor shows them now, for the samples of a rehearsal. Empty: no samples.
    std::function<std::vector<sdk::Observation>(const std::string& system,
                                                const std::vector<sdk::RecordRef>& records)>
        read;
    /// Of the reading lane and the writing lane, in this order. Empty function: no health known.
    std::function<std::vector<sync::LaneHealth>(const std::string& system)> laneHealth;
    /// Why a system cannot be used at all (its connector did not start); empty text: it can. Empty
    /// function: all can.
    std::function<std::string(const std::string& system)> problem;

    /// Empty functions: no figures.
    std::function<std::optional<gateway::SystemState>(const std::string& system)> gatewayState;
    std::function<gateway::Counts()> gatewayCounts;

    /// Where a person signs in to the vendor.
    std::function<std::string(const std::string& system)> authorize;
    /// Ends the sign-in that `state` belongs to and says which system it was for. Throws
    /// RequestError for a state that nobody began.
    std::function<std::string(const std::string& code, const std::string& state)> authorized;

    /// "none": no person needs to; else whether one has: "missing", "pending" (begun), "present".
    /// Empty function: "none".
    std::function<std::string(const std::string& system)> authorization;

    std::function<std::vector<SettingView>()> settings;
    /// The path a backup may be written to; throws RequestError for one where it may not.
    std::function<std::string(const std::string& path)> backupPath;
    /// Posts an alert's JSON to whoever wants it; false: not delivered, to be tried again. Empty:
    /// no such sink.
    std::function<bool(const std::string& json)> postAlert;
    /// The systems that take webhooks.
    std::map<std::string, Hook> hooks;
};

}  // namespace concordat::api
