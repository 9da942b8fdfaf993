// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hub's own time: never goes back, across restarts and clock jumps.

#include <mutex>

#include "hub/store/store.h"
#include "hub/sync/clock.h"

namespace concordat::sync {

/// Follows the wall clock, and the monotonic clock while the wall clock stands before a time that
/// was already given out. [any]
class HubTime {
 public:
    /// Goes on from the last time that `store` gave out.
    HubTime(Clock& clock, store::Store& store);

    EpochMs now();
    std::chrono::steady_clock::time_point monotonic() { return clock_.monotonic(); }

 private:
    Clock& clock_;
    std::mutex mutex_;  // guards last_, lastTick_
    EpochMs last_ = 0;
    std::chrono::steady_clock::time_point lastTick_;
};

}  // namespace concordat::sync
