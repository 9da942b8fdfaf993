// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

namespace concordat::host {

/// When a crashed connector may start again: full-jitter backoff, and once a minute after 5 crashes
/// in 10 minutes; never no more, as a withdrawal may wait for it. Pure; times are epoch
/// milliseconds.
class RestartPolicy {
 public:
    static constexpr std::size_t kMostCrashes = 5;
    static constexpr std::int64_t kWindowMs = 10 * 60 * 1000;

    /// `random` is uniform over its whole range.
    void crashed(std::int64_t now, std::uint64_t random);
    /// Milliseconds until it may start; 0: now.
    std::int64_t waitMs(std::int64_t now) const;

 private:
    std::deque<std::int64_t> crashes_;  // inside the window, oldest first
    std::int64_t startAt_ = 0;
};

}  // namespace concordat::host
