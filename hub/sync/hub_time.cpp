// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/hub_time.h"

#include <algorithm>
#include <cstdlib>

namespace concordat::sync {

namespace {
constexpr EpochMs kRememberEveryMs = 1'000;
constexpr auto kKind = "sync.time";
}  // namespace

HubTime::HubTime(Clock& clock, store::Store& store) : clock_(clock), lastTick_(clock.monotonic()) {
    store.read([&](store::Reader& reader) {
        if (const auto document = reader.document(kKind, "last"))
            last_ = std::strtoll(document->json.c_str(), nullptr, 10) + kRememberEveryMs;
    });
    last_ = std::max(last_, clock.now());
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

void HubTime::remember(store::Writer& unit) {
    const auto time = now();
    {
        const std::lock_guard lock(mutex_);
        if (time < remembered_ + kRememberEveryMs) return;
        remembered_ = time;
    }
    unit.put(store::Document{kKind, "last", std::to_string(time), 0});
}

}  // namespace concordat::sync
