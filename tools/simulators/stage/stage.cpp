// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/stage.h"

#include <chrono>

namespace concordat::simulators {

Stage::Stage(const Options& chosen)
    : options(chosen),
      world(chosen.seed, chosen.people, chosen.overlap, chosen.vendor),
      faults(chosen.seed),
      journal(chosen.state) {
    settings.latency_ms = chosen.latency_ms;
}

bool Stage::pause(int ms) {
    std::unique_lock lock(mutex_);
    return !closing_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return closed_; });
}

void Stage::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    closing_.notify_all();
}

void rebuild(Stage& stage, Vendor& vendor) {
    vendor.reset();
    stage.journal.readEffective([&](const Write& write) { vendor.replay(write); });
}

}  // namespace concordat::simulators
