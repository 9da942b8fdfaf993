// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/counters.h"

#include <algorithm>

namespace concordat::sync {

Counts Counters::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

void Counters::add(std::int64_t Counts::*what, std::int64_t number) {
    const std::lock_guard lock(mutex_);
    counts_.*what += number;
}

void Counters::delivery(const std::string& stage) {
    const std::lock_guard lock(mutex_);
    ++counts_.deliveries[stage];
}

void Counters::verified(std::int64_t latencyMs) {
    const auto bound =
        std::lower_bound(kLatencyBoundsMs.begin(), kLatencyBoundsMs.end(), latencyMs);
    const std::lock_guard lock(mutex_);
    ++counts_.latency[static_cast<std::size_t>(bound - kLatencyBoundsMs.begin())];
    counts_.latencySumMs += latencyMs;
}

}  // namespace concordat::sync
