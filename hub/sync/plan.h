// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the company wants synchronised, as values; made from the manifests by hub/app.

#include <cstdint>
#include <string>
#include <vector>

#include "hub/consent/observe.h"
#include "hub/consent/policy.h"

namespace concordat::sync {

/// Loosening writes, and withdrawals inferred from absent or none, that one source system may cause
/// in an hour: the smaller of `percent` of its records and `count`, but at least `floor`.
struct Caps {
    int percent = 5;
    int count = 500;
    int floor = 20;
};

/// One connected system.
struct SystemPlan {
    std::string name;
    std::string scope;   ///< the controller its choices count for
    std::string region;  ///< "FR": where national writings of phone numbers belong
    std::string connectorVersion;
    std::vector<consent::SlotRules> slots;
    int pageSize = 0;  ///< 0: the connector's choice
    int readBatch = 1;
    int applyBatch = 1;
    std::int64_t commitDelayMs = 0;
    bool conditionalWrites = false;
    std::int64_t pollIntervalMs = 5'000;
    Caps caps;
    bool notes = true;
    std::string tenantPin;          ///< empty: the first account reached is pinned
    bool opensByItself = false;     ///< after its first load, without a person's approval
    std::int64_t sweepMs = 60'000;  ///< between two batches of the drift sweep; 0: none
};

/// Choices of the whole hub.
struct Settings {
    std::string node = "1";
    std::int64_t leaseMs = 60'000;
    std::int64_t sendMarginMs = 5'000;  ///< no request starts so shortly before the lease ends
    int recordsPerUnit = 200;
    int webhooksPerStep = 256;
    int claimLimit = 2'000;
    std::int64_t holdMs = 300'000;      ///< a held loosening write is looked at again after so long
    std::int64_t retryMs = 86'400'000;  ///< a parked write is tried again
    int fuseFlips = 6;                  ///< in an hour
    int breakerFailures = 5;
    std::int64_t backoffMs = 1'000;
    std::int64_t backoffCapMs = 60'000;
    int regressionCap = 50;  ///< records that went back in time within an hour
    double approvalSlack = 0.01;
};

struct Plan {
    consent::Policy policy;
    std::vector<SystemPlan> systems;
    Settings settings;

    const SystemPlan* system(const std::string& name) const;
    /// As `system`; throws RequestError (404) when there is none.
    const SystemPlan& at(const std::string& name) const;
};

}  // namespace concordat::sync
