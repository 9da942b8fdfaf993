// SPDX-License-Identifier: Apache-2.0
#pragma once
// What sync counts since the start, for /metrics.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace concordat::sync {

/// A copy of the counts. `latency[i]`: verified changes whose time from accepted to verified was at
/// most `kLatencyBoundsMs[i]`; the last cell has no bound.
struct Counts {
    std::int64_t observations = 0;
    std::int64_t events = 0;
    std::int64_t staleReads = 0;
    std::int64_t drifts = 0;
    std::int64_t webhooks = 0;
    std::map<std::string, std::int64_t> deliveries;  ///< by stage
    std::array<std::int64_t, 10> latency{};
    std::int64_t latencySumMs = 0;
};

inline constexpr std::array<std::int64_t, 9> kLatencyBoundsMs{50,    100,    250,    500,    1'000,
                                                              2'500, 10'000, 60'000, 600'000};

/// [any]
class Counters {
 public:
    Counts counts() const;
    void add(std::int64_t Counts::*what, std::int64_t number = 1);
    void delivery(const std::string& stage);
    void verified(std::int64_t latencyMs);

 private:
    mutable std::mutex mutex_;  // guards counts_
    Counts counts_;
};

}  // namespace concordat::sync
