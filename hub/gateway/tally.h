// SPDX-License-Identifier: Apache-2.0
#pragma once
// What went where, how often, how fast. Not synchronised: its owner's thread only.

#include <map>
#include <string>
#include <tuple>

#include "hub/gateway/gateway.h"

namespace concordat::gateway {

/// One attempt, or one refusal, to be counted.
struct Tallied {
    std::string system;
    std::string host;
    long long bytesOut = 0;
    long long bytesIn = 0;
    bool failed = false;
};

class Tally {
 public:
    void attempt(const Tallied& what, std::chrono::duration<double> took, SystemTime now);
    void refused(const std::string& system, SystemTime now);
    Counts counts() const;

 private:
    HostCount& at(const std::string& system, const std::string& host, SystemTime now);

    std::map<std::tuple<std::string, std::string, std::string>, HostCount>
        hosts_;  // by day, system, host
    std::map<std::string, LatencyHistogram> latencies_;
};

}  // namespace concordat::gateway
