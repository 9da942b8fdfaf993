// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/figures.h"

#include <algorithm>
#include <ctime>

namespace concordat::bench {

double seconds(Clock::time_point start, Clock::time_point end) {
    return std::chrono::duration<double>(end - start).count();
}

double processorSeconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double Latencies::at(double share) {
    if (all_.empty()) return 0;
    std::sort(all_.begin(), all_.end());
    const auto place = static_cast<std::size_t>(share * static_cast<double>(all_.size()));
    return all_[std::min(place, all_.size() - 1)];
}

}  // namespace concordat::bench
