// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/tally.h"

#include <algorithm>

namespace concordat::gateway {

namespace {

constexpr auto kKept = std::chrono::days(41);

std::string dayOf(SystemTime time) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    const auto padded = [](unsigned value) {
        return (value < 10 ? "0" : "") + std::to_string(value);
    };
    return std::to_string(static_cast<int>(date.year())) + "-" +
           padded(static_cast<unsigned>(date.month())) + "-" +
           padded(static_cast<unsigned>(date.day()));
}

void add(LatencyHistogram& histogram, double seconds) {
    const auto* bound = std::lower_bound(std::begin(LatencyHistogram::kBounds),
                                         std::end(LatencyHistogram::kBounds), seconds);
    ++histogram.counts[bound - std::begin(LatencyHistogram::kBounds)];
    histogram.sum += seconds;
}

}  // namespace

HostCount& Tally::at(const std::string& system, const std::string& host, SystemTime now) {
    const std::string day = dayOf(now);
    const auto [it, isNew] = hosts_.try_emplace({day, system, host});
    if (!isNew) return it->second;
    it->second.system = system;
    it->second.day = day;
    it->second.host = host;
    const std::string oldest = dayOf(now - kKept);
    std::erase_if(hosts_, [&](const auto& entry) { return std::get<0>(entry.first) <= oldest; });
    return it->second;
}

void Tally::attempt(const Tallied& what, std::chrono::duration<double> took, SystemTime now) {
    HostCount& count = at(what.system, what.host, now);
    ++count.requests;
    count.failures += what.failed ? 1 : 0;
    count.bytesOut += what.bytesOut;
    count.bytesIn += what.bytesIn;
    add(latencies_[what.system], took.count());
}

void Tally::refused(const std::string& system, SystemTime now) {
    // The host was chosen by a connector and may be anything, so it is no key.
    ++at(system, "", now).refused;
}

Counts Tally::counts() const {
    Counts out;
    for (const auto& [key, count] : hosts_) out.hosts.push_back(count);
    for (const auto& [system, histogram] : latencies_) out.latencies.push_back({system, histogram});
    return out;
}

}  // namespace concordat::gateway
