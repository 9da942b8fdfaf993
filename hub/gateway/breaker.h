// SPDX-License-Identifier: Apache-2.0
#pragma once
// Stops asking a system that does not answer. Not synchronised: its owner's thread only.

#include <string>

#include "hub/gateway/gateway.h"

namespace concordat::gateway {

enum class Admission { Go, Wait, Refuse };

/// Opens after five failures in a row, at once when the sign-in is refused. While it is open or
/// half open, tightening (and, half open, probes) still pass, one at a time, as nothing may stop a
/// withdrawal; one success closes it.
class Breaker {
 public:
    Admission admit(Priority priority, bool probe, SteadyTime now) const;
    BreakerState state(SteadyTime now) const;
    /// How long until it is half open; zero when it is not open.
    Milliseconds retryIn(SteadyTime now) const;

    /// Pass what `started` gave to `ended`: whether the request is the one that tries.
    bool started(SteadyTime now);
    void ended(bool isTrial);

    void succeeded();
    void failed(double random, SteadyTime now);
    void signInFailed(double random, SteadyTime now);

 private:
    void open(double random, SteadyTime now);

    int failuresInARow_ = 0;
    int openings_ = 0;  // since it was last closed
    bool isOpen_ = false;
    bool trying_ = false;
    SteadyTime halfOpenAt_{};
};

}  // namespace concordat::gateway
