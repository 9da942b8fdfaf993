// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/breaker.h"

#include <algorithm>

#include "hub/gateway/limits.h"

namespace concordat::gateway {

namespace {
constexpr int kFailuresToOpen = 5;
constexpr Milliseconds kShortestPause{2000};
constexpr Milliseconds kFirstPause{5000};
constexpr Milliseconds kLongestOpen{120'000};
}  // namespace

BreakerState Breaker::state(SteadyTime now) const {
    if (!isOpen_) return BreakerState::Closed;
    return now < halfOpenAt_ ? BreakerState::Open : BreakerState::HalfOpen;
}

Milliseconds Breaker::retryIn(SteadyTime now) const {
    if (state(now) != BreakerState::Open) return Milliseconds(0);
    return std::chrono::ceil<Milliseconds>(halfOpenAt_ - now);
}

Admission Breaker::admit(Priority priority, bool probe, SteadyTime now) const {
    const BreakerState current = state(now);
    if (current == BreakerState::Closed) return Admission::Go;
    const bool mayTry =
        priority == Priority::Tightening || (probe && current == BreakerState::HalfOpen);
    if (!mayTry) return Admission::Refuse;
    return trying_ ? Admission::Wait : Admission::Go;
}

bool Breaker::started(SteadyTime now) {
    if (state(now) == BreakerState::Closed) return false;
    trying_ = true;
    return true;
}

void Breaker::ended(bool isTrial) {
    if (isTrial) trying_ = false;
}

void Breaker::succeeded() {
    failuresInARow_ = 0;
    openings_ = 0;
    isOpen_ = false;
}

void Breaker::failed(double random, SteadyTime now) {
    ++failuresInARow_;
    const bool fromHalfOpen = state(now) == BreakerState::HalfOpen;
    if (fromHalfOpen || (!isOpen_ && failuresInARow_ >= kFailuresToOpen)) open(random, now);
}

void Breaker::signInFailed(double random, SteadyTime now) {
    if (state(now) != BreakerState::Open) open(random, now);
}

void Breaker::open(double random, SteadyTime now) {
    isOpen_ = true;
    ++openings_;
    halfOpenAt_ =
        now + std::max(kShortestPause, backoff(openings_, kFirstPause, kLongestOpen, random));
}

}  // namespace concordat::gateway
