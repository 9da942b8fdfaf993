// SPDX-License-Identifier: Apache-2.0
#include "hub/host/restart.h"

#include <algorithm>

namespace concordat::host {
namespace {

constexpr std::int64_t kFirstWaitMs = 250;
constexpr std::int64_t kLongestWaitMs = 60'000;

}  // namespace

void RestartPolicy::crashed(std::int64_t now, std::uint64_t random) {
    while (!crashes_.empty() && crashes_.front() <= now - kWindowMs) crashes_.pop_front();
    crashes_.push_back(now);
    isStopped_ = isStopped_ || crashes_.size() >= kMostCrashes;
    const std::int64_t ceiling =
        std::min(kLongestWaitMs, kFirstWaitMs << std::min<std::size_t>(crashes_.size(), 8));
    startAt_ = now + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(ceiling));
}

std::optional<std::int64_t> RestartPolicy::waitMs(std::int64_t now) const {
    if (isStopped_) return std::nullopt;
    return std::max<std::int64_t>(0, startAt_ - now);
}

void RestartPolicy::reset() {
    crashes_.clear();
    startAt_ = 0;
    isStopped_ = false;
}

}  // namespace concordat::host
