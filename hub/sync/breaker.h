// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps a lane from calling a vendor or connector that does not answer.

#include "hub/sync/core.h"

namespace concordat::sync {

enum class BreakerState { Closed, Open, HalfOpen };

/// [lane]
class Breaker {
 public:
    Breaker(const Settings& settings, Random& random) : settings_(settings), random_(random) {}

    BreakerState state(EpochMs now) const;
    /// True when this failure opened it.
    bool fail(EpochMs now);
    /// True when this success closed it.
    bool succeed();
    /// Nothing is called before this time.
    EpochMs notBefore() const { return notBefore_; }

 private:
    const Settings& settings_;
    Random& random_;
    int failures_ = 0;
    EpochMs notBefore_ = 0;
};

}  // namespace concordat::sync
