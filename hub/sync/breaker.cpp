// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/breaker.h"

namespace concordat::sync {

BreakerState Breaker::state(EpochMs now) const {
    if (failures_ < settings_.breakerFailures) return BreakerState::Closed;
    return now < notBefore_ ? BreakerState::Open : BreakerState::HalfOpen;
}

bool Breaker::fail(EpochMs now) {
    notBefore_ = now + backoffMs(settings_, failures_, random_);
    return ++failures_ == settings_.breakerFailures;
}

bool Breaker::succeed() {
    const bool wasOpen = failures_ >= settings_.breakerFailures;
    failures_ = 0;
    notBefore_ = 0;
    return wasOpen;
}

}  // namespace concordat::sync
