// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <curl/curl.h>

namespace concordat::gateway {

namespace {

constexpr auto kSecond = std::chrono::seconds(1);
constexpr auto kDay = std::chrono::hours(24);
constexpr Milliseconds kLongestWait = std::chrono::hours(1);

// What a priority must leave alone, as a share of the limit.
double reserve(Priority priority) {
    switch (priority) {
        case Priority::Tightening:
            return 0;
        case Priority::Consent:
            return 0.05;
        case Priority::Read:
            return 0.15;
        case Priority::Sweep:
            return 0.3;
    }
    return 0.3;
}

double needed(const TokenBucket& bucket, Priority priority) {
    return 1 + reserve(priority) * std::max(0.0, bucket.capacity() - 1);
}

std::optional<double> numberAt(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    long long value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    return static_cast<double>(value);
}

}  // namespace

TokenBucket::TokenBucket(double capacity, Milliseconds period, SteadyTime now)
    : capacity_(capacity), period_(period), level_(capacity), at_(now) {}

double TokenBucket::remaining(SteadyTime now) const {
    const double passed = std::chrono::duration<double>(now - at_) / period_;
    return std::min(capacity_, level_ + capacity_ * passed);
}

Milliseconds TokenBucket::waitFor(double count, SteadyTime now) const {
    const double missing = std::min(count, capacity_) - remaining(now);
    if (missing <= 1e-9) return Milliseconds(0);
    const double share = missing / capacity_;
    return Milliseconds(
        static_cast<long long>(std::ceil(share * static_cast<double>(period_.count()))));
}

void TokenBucket::take(double count, SteadyTime now) {
    level_ = std::max(0.0, remaining(now) - count);
    at_ = now;
}

void TokenBucket::correct(double left, std::optional<double> capacity, SteadyTime now) {
    if (capacity && *capacity > 0) capacity_ = *capacity;
    level_ = std::min(left, capacity_);
    at_ = now;
}

void AdaptiveConcurrency::succeeded() { allowed_ = std::min(most_, allowed_ + 1 / allowed_); }

void AdaptiveConcurrency::overloaded(SteadyTime now) {
    // Replies to one burst are one sign, not many.
    if (now - halvedAt_ < kSecond && halvedAt_ != SteadyTime{}) return;
    allowed_ = std::max(1.0, allowed_ / 2);
    halvedAt_ = now;
}

PoolLimits::PoolLimits(LimitPool pool, SteadyTime now)
    : pool_(std::move(pool)), concurrency_(std::max(1, pool_.concurrency)) {
    if (pool_.perSecond > 0) second_.emplace(pool_.perSecond, kSecond, now);
    if (pool_.perDay > 0) day_.emplace(pool_.perDay, kDay, now);
}

int PoolLimits::allowedFor(Priority priority) const {
    const int all = static_cast<int>(concurrency_.allowed());
    return priority == Priority::Tightening ? all : std::max(1, all - 1);
}

std::optional<Milliseconds> PoolLimits::waitFor(Priority priority, SteadyTime now) const {
    if (running_ >= allowedFor(priority)) return std::nullopt;
    Milliseconds wait{0};
    if (pausedUntil_ > now) wait = std::chrono::ceil<Milliseconds>(pausedUntil_ - now);
    for (const auto& bucket : {second_, day_}) {
        if (bucket) wait = std::max(wait, bucket->waitFor(needed(*bucket, priority), now));
    }
    return wait;
}

void PoolLimits::started(SteadyTime now) {
    ++running_;
    if (second_) second_->take(1, now);
    if (day_) day_->take(1, now);
}

void PoolLimits::ended() { --running_; }

void PoolLimits::learn(const Headers& headers, SteadyTime now) {
    if (const std::string* text = filled(headers, pool_.usageHeader)) {
        if (const auto usage = readUsage(*text)) {
            if (!day_) day_.emplace(usage->limit, kDay, now);
            day_->correct(std::max(0.0, usage->limit - usage->used), usage->limit, now);
        }
    }
    const std::string* text = filled(headers, pool_.remainingHeader);
    const auto left = text ? numberAt(*text) : std::nullopt;
    if (!left) return;
    // What is left of a day says nothing of a second: the pace stays as it was declared.
    if (!day_) day_.emplace(std::max(1.0, *left), kDay, now);
    const auto larger = *left > day_->capacity() ? left : std::nullopt;
    day_->correct(*left, larger, now);
}

void PoolLimits::succeeded() { concurrency_.succeeded(); }

void PoolLimits::overloaded(Milliseconds pause, SteadyTime now) {
    concurrency_.overloaded(now);
    pausedUntil_ = std::max(pausedUntil_, now + std::min(pause, kLongestWait));
}

PoolState PoolLimits::state(SteadyTime now) const {
    PoolState state;
    state.name = pool_.name;
    state.concurrency = concurrency_.allowed();
    state.running = running_;
    if (pausedUntil_ > now) state.pausedFor = std::chrono::ceil<Milliseconds>(pausedUntil_ - now);
    const auto& bucket = day_ ? day_ : second_;
    if (bucket) {
        state.remaining = static_cast<long long>(bucket->remaining(now));
        state.limit = static_cast<long long>(bucket->capacity());
    }
    return state;
}

std::optional<Usage> readUsage(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::size_t slash = text.find('/', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || slash == std::string::npos) return std::nullopt;
    const auto used = numberAt(std::string_view(text).substr(equals + 1));
    const auto limit = numberAt(std::string_view(text).substr(slash + 1));
    if (!used || !limit || *limit <= 0) return std::nullopt;
    return Usage{*used, *limit};
}

std::optional<Milliseconds> readRetryAfter(const std::string& text, SystemTime now) {
    if (const auto seconds = numberAt(text)) {
        return std::min(kLongestWait,
                        Milliseconds(static_cast<long long>(std::min(*seconds, 3600.0) * 1000)));
    }
    const std::time_t date = curl_getdate(text.c_str(), nullptr);
    if (date < 0) return std::nullopt;
    const auto wait =
        std::chrono::ceil<Milliseconds>(std::chrono::system_clock::from_time_t(date) - now);
    return std::clamp(wait, Milliseconds(0), kLongestWait);
}

Milliseconds backoff(int failures, Milliseconds base, Milliseconds cap, double random) {
    const int doublings = std::clamp(failures - 1, 0, 20);
    const Milliseconds ceiling = std::min(cap, base * (1L << doublings));
    return Milliseconds(static_cast<long long>(random * static_cast<double>(ceiling.count())));
}

}  // namespace concordat::gateway
