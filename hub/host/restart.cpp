// SPDX-License-Identifier: Apache-2.0
#include "hub/host/restart.h"

#include <algorithm>

namespace concordat::host {
namespace {

constexpr std::int64_t kFirstCeilingMs = 500;
constexpr std::int64_t kLongestWaitMs = 60'000;

}  // namespace

void RestartPolicy::crashed(std::int64_t now, std::uint64_t random) {
    while (!crashes_.empty() && crashes_.front() <= now - kWindowMs) crashes_.pop_front();
    crashes_.push_back(now);
    startAt_ = now + kLongestWaitMs;
    if (crashes_.size() >= kMostCrashes) return;
    const auto ceiling = static_cast<std::uint64_t>(kFirstCeilingMs << (crashes_.size() - 1));
    startAt_ = now + static_cast<std::int64_t>(random % ceiling);
}

std::int64_t RestartPolicy::waitMs(std::int64_t now) const {
    const std::int64_t wait = startAt_ - now;
    return wait > kLongestWaitMs ? 0 : std::max<std::int64_t>(0, wait);  // or the clock went back
}

}  // namespace concordat::host
