// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much and how fast one limit pool may be used. Not synchronised: its owner's thread only.
// `now` is handed in.

#include <array>
#include <functional>
#include <optional>

#include "hub/gateway/access.h"
#include "hub/gateway/gateway.h"

namespace concordat::gateway {

/// Fills evenly over its period. The last share of it is kept for more urgent requests.
class TokenBucket {
 public:
    TokenBucket(double capacity, Milliseconds period, SteadyTime now);

    /// Zero if `needed` are there, else when they will be.
    Milliseconds waitFor(double needed, SteadyTime now) const;
    void take(double count, SteadyTime now);
    /// The vendor knows better: what is left, and perhaps of how much.
    void correct(double remaining, std::optional<double> capacity, SteadyTime now);
    double remaining(SteadyTime now) const;
    double capacity() const { return capacity_; }

 private:
    double capacity_;
    Milliseconds period_;
    double level_;
    SteadyTime at_;
};

/// How many requests may run at once: one more for each round of good replies, half when the vendor
/// is busy.
class AdaptiveConcurrency {
 public:
    explicit AdaptiveConcurrency(int most) : most_(most), allowed_(most) {}
    void succeeded();
    void overloaded(SteadyTime now);
    double allowed() const { return allowed_; }

 private:
    double most_;
    double allowed_;
    SteadyTime halvedAt_{};
};

/// One pool: buckets, concurrency, pauses. `Reserve`: a share of each limit that lower priorities
/// leave alone.
class PoolLimits {
 public:
    PoolLimits(LimitPool pool, SteadyTime now);

    /// Zero if a request of this priority may start; a time to ask again; nothing if a running one
    /// must end first.
    std::optional<Milliseconds> waitFor(Priority priority, SteadyTime now) const;
    void started(SteadyTime now);
    void ended();

    /// Corrects the limits by what the vendor's headers say.
    void learn(const Headers& headers, SteadyTime now);
    void succeeded();
    /// The vendor is busy. `pause`: nothing starts so long, whatever its priority.
    void overloaded(Milliseconds pause, SteadyTime now);

    const LimitPool& pool() const { return pool_; }
    PoolState state(SteadyTime now) const;

 private:
    int allowedFor(Priority priority) const;

    LimitPool pool_;
    AdaptiveConcurrency concurrency_;
    std::optional<TokenBucket> second_;
    std::optional<TokenBucket> day_;
    int running_ = 0;
    SteadyTime pausedUntil_{};
};

/// "…=used/limit", the first one in the text.
struct Usage {
    double used = 0;
    double limit = 0;
};
std::optional<Usage> readUsage(const std::string& text);

/// Seconds, or a date. Never more than an hour, never negative; nothing if it is neither.
std::optional<Milliseconds> readRetryAfter(const std::string& text, SystemTime now);

/// Full jitter: anything between zero and `base` doubled `failures` - 1 times, at most `cap`.
Milliseconds backoff(int failures, Milliseconds base, Milliseconds cap, double random);

}  // namespace concordat::gateway
