// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/hub_time.h"

namespace concordat::sync {

HubTime::HubTime(Clock& clock, store::Store& store) : clock_(clock), lastTick_(clock.monotonic()) {
    store.write([&](store::Writer& unit) { last_ = unit.observedAt(clock.now()); });
}

EpochMs HubTime::now() {
    const auto wall = clock_.now();
    const auto tick = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(tick - lastTick_).count();
    if (wall >= last_) {
        last_ = wall;
        lastTick_ = tick;
    } else if (elapsed > 0) {
        last_ += elapsed;
        lastTick_ += std::chrono::milliseconds(elapsed);
    }
    return last_;
}

}  // namespace concordat::sync
