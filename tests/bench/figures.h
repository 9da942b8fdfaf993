// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the bench programs measure with, and how they say it: one JSON object on standard output.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace concordat::bench {

using Clock = std::chrono::steady_clock;

/// Seconds from `start` to `end`.
double seconds(Clock::time_point start, Clock::time_point end = Clock::now());

/// Processor time of this process so far, all threads, in seconds.
double processorSeconds();

/// The middle one; 0 of nothing.
double median(std::vector<double> values);

/// Latencies in milliseconds, kept one by one.
class Latencies {
 public:
    void add(double ms) { all_.push_back(ms); }
    std::size_t count() const { return all_.size(); }
    /// The value that `share` (0 to 1) of them do not exceed; 0 of nothing.
    double at(double share);

 private:
    std::vector<double> all_;
};

}  // namespace concordat::bench
