// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every step of sync works with. References live as long as the program's sync.

#include <functional>
#include <map>
#include <string>

#include "hub/consent/identity.h"
#include "hub/store/store.h"
#include "hub/sync/clock.h"
#include "hub/sync/counters.h"
#include "hub/sync/fuse.h"
#include "hub/sync/hub_time.h"
#include "hub/sync/plan.h"

namespace concordat::sync {

/// The keyed hash of a normalised point, made with the store's keys. [any]
using PointHash = std::function<std::string(const consent::Point&)>;

/// Called after a commit that may have made work for other systems' lanes. [any]
using Wake = std::function<void(const std::string& system)>;

struct Core {
    store::Store& store;
    const Plan& plan;
    HubTime& time;
    Random& random;
    Counters& counters;
    Fuse& fuse;
    PointHash pointHash;
    std::string keyId;  ///< of the key behind pointHash
    Wake wake;
};

/// Full jitter: anything up to base x 2^attempts, at most the cap.
std::int64_t backoffMs(const Settings& settings, int attempts, Random& random);

/// "Contact/003…": one text for a record, for cursors and document ids.
std::string nameOf(const sdk::RecordRef& ref);

/// The name under which the open candidate of one slot stands in the inbox.
std::string candidateName(const std::string& system,
                          const sdk::RecordRef& ref,
                          const std::string& slot);

}  // namespace concordat::sync
