// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time and chance as sync sees them; a simulator hands in virtual ones.

#include <chrono>
#include <cstdint>

#include "hub/consent/event.h"

namespace concordat::sync {

using consent::EpochMs;
using consent::kDayMs;
using consent::kHourMs;
using consent::kMinuteMs;

/// [any]
class Clock {
 public:
    virtual ~Clock() = default;
    virtual EpochMs now() = 0;
    virtual std::chrono::steady_clock::time_point monotonic() = 0;
};

/// [any]
class Random {
 public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
};

}  // namespace concordat::sync
