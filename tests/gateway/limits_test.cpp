// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/limits.h"

#include "hub/gateway/breaker.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace std::chrono_literals;

namespace {

const SteadyTime kStart{std::chrono::hours(1000)};
const SystemTime kWall{std::chrono::seconds(784'111'777)};  // Sun, 06 Nov 1994 08:49:37 GMT

LimitPool poolOf(int perSecond, int perDay, int concurrency = 100) {
    LimitPool pool;
    pool.perSecond = perSecond;
    pool.perDay = perDay;
    pool.concurrency = concurrency;
    return pool;
}

int startedAtOnce(PoolLimits& limits, Priority priority, SteadyTime now) {
    int count = 0;
    while (limits.waitFor(priority, now) == Milliseconds(0)) {
        limits.started(now);
        limits.ended();
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("a bucket gives its capacity at once and then its rate") {
    TokenBucket bucket(10, 1000ms, kStart);
    CHECK(bucket.waitFor(1, kStart) == 0ms);
    bucket.take(10, kStart);
    CHECK(bucket.waitFor(1, kStart) == 100ms);
    CHECK(bucket.waitFor(1, kStart + 100ms) == 0ms);
    CHECK(bucket.remaining(kStart + 1h) == 10);
}

TEST_CASE("a share of the rate is kept for tightening") {
    PoolLimits limits(poolOf(100, 0), kStart);
    CHECK(startedAtOnce(limits, Priority::Sweep, kStart) == 70);
    CHECK(startedAtOnce(limits, Priority::Read, kStart) == 15);
    CHECK(startedAtOnce(limits, Priority::Consent, kStart) == 10);
    CHECK(startedAtOnce(limits, Priority::Tightening, kStart) == 5);
    CHECK(startedAtOnce(limits, Priority::Tightening, kStart + 100ms) == 10);
}

TEST_CASE("a pool of one per second still serves everybody") {
    PoolLimits limits(poolOf(1, 0), kStart);
    CHECK(startedAtOnce(limits, Priority::Sweep, kStart) == 1);
    CHECK(limits.waitFor(Priority::Sweep, kStart) == 1000ms);
}

TEST_CASE("one place is kept for tightening when several may run") {
    PoolLimits limits(poolOf(0, 0, 4), kStart);
    for (int i = 0; i < 3; ++i) limits.started(kStart);
    CHECK_FALSE(limits.waitFor(Priority::Read, kStart));
    CHECK(limits.waitFor(Priority::Tightening, kStart) == 0ms);
    limits.started(kStart);
    CHECK_FALSE(limits.waitFor(Priority::Tightening, kStart));
}

TEST_CASE("concurrency halves when the vendor is busy and grows back slowly") {
    AdaptiveConcurrency concurrency(8);
    concurrency.overloaded(kStart);
    CHECK(concurrency.allowed() == 4);
    concurrency.overloaded(kStart + 10ms);  // the same burst
    CHECK(concurrency.allowed() == 4);
    concurrency.overloaded(kStart + 2s);
    CHECK(concurrency.allowed() == 2);
    for (int i = 0; i < 3; ++i) concurrency.overloaded(kStart + std::chrono::seconds(4 + 2 * i));
    CHECK(concurrency.allowed() == 1);
    concurrency.succeeded();
    CHECK(concurrency.allowed() == 2);
    for (int i = 0; i < 100; ++i) concurrency.succeeded();
    CHECK(concurrency.allowed() == 8);
}

TEST_CASE("the vendor's usage header corrects the day's quota") {
    LimitPool pool = poolOf(0, 100'000);
    pool.usageHeader = "sforce-limit-info";
    PoolLimits limits(pool, kStart);
    limits.learn(
        {{"sforce-limit-info", "api-usage=14500/15000; per-app-api-usage=17/250(appName=x)"}},
        kStart);
    CHECK(limits.state(kStart).remaining == 500);
    CHECK(limits.state(kStart).limit == 15'000);
    CHECK(limits.waitFor(Priority::Sweep, kStart) > 1h);
    CHECK(limits.waitFor(Priority::Tightening, kStart) == 0ms);
}

TEST_CASE("a header of what remains corrects the day's quota") {
    LimitPool pool = poolOf(0, 0);
    pool.remainingHeader = "x-call-remain";
    PoolLimits unknown(pool, kStart);
    CHECK_FALSE(unknown.state(kStart).remaining);
    unknown.learn({{"x-call-remain", "900"}}, kStart);
    CHECK(unknown.state(kStart).remaining == 900);
    unknown.learn({{"x-call-remain", "0"}}, kStart);
    CHECK(unknown.waitFor(Priority::Tightening, kStart) > 0ms);
    const auto wait = unknown.waitFor(Priority::Tightening, kStart);
    unknown.learn({{"x-call-remain", "many"}}, kStart);
    CHECK(unknown.waitFor(Priority::Tightening, kStart) == wait);
}

TEST_CASE("what is left of the day neither raises nor empties what a second may hold") {
    LimitPool pool = poolOf(5, 0);
    pool.remainingHeader = "x-call-remain";
    PoolLimits limits(pool, kStart);
    limits.learn({{"x-call-remain", "900"}}, kStart);
    CHECK(startedAtOnce(limits, Priority::Tightening, kStart) == 5);
    CHECK(limits.waitFor(Priority::Tightening, kStart) == 200ms);
    CHECK(limits.state(kStart).remaining == 895);
    const SteadyTime later = kStart + 1s;
    limits.learn({{"x-call-remain", "3"}}, later);
    CHECK(startedAtOnce(limits, Priority::Tightening, later) == 3);
    CHECK(limits.waitFor(Priority::Tightening, later) > 1s);
}

TEST_CASE("Retry-After is read as seconds and as a date") {
    CHECK(readRetryAfter("7", kWall) == 7000ms);
    CHECK(readRetryAfter("Sun, 06 Nov 1994 08:50:37 GMT", kWall) == 60'000ms);
    CHECK(readRetryAfter("Sun, 06 Nov 1994 08:00:00 GMT", kWall) == 0ms);
    CHECK(readRetryAfter("999999999999", kWall) == 1h);
    CHECK_FALSE(readRetryAfter("later", kWall));
}

TEST_CASE("usage is read from the first pair only, and nonsense is not") {
    CHECK(readUsage("api-usage=25/5000; per-app-api-usage=17/250")->used == 25);
    CHECK_FALSE(readUsage("api-usage"));
    CHECK_FALSE(readUsage("api-usage=a/b"));
    CHECK_FALSE(readUsage("api-usage=1/0"));
}

TEST_CASE("backoff grows up to its cap, with full jitter") {
    CHECK(backoff(1, 100ms, 10s, 0.999) == 99ms);
    CHECK(backoff(4, 100ms, 10s, 0.5) == 400ms);
    CHECK(backoff(60, 100ms, 10s, 0.5) == 5s);
    CHECK(backoff(3, 100ms, 10s, 0) == 0ms);
}

TEST_CASE("the breaker opens after five failures in a row and closes after one success") {
    Breaker breaker;
    for (int i = 0; i < 4; ++i) breaker.failed(0.5, kStart);
    CHECK(breaker.state(kStart) == BreakerState::Closed);
    breaker.failed(0.5, kStart);
    CHECK(breaker.state(kStart) == BreakerState::Open);
    CHECK(breaker.retryIn(kStart) == 2500ms);
    CHECK(breaker.admit(Priority::Read, true, kStart) == Admission::Refuse);
    CHECK(breaker.state(kStart + 3s) == BreakerState::HalfOpen);
    CHECK(breaker.admit(Priority::Consent, false, kStart + 3s) == Admission::Refuse);
    CHECK(breaker.admit(Priority::Read, true, kStart + 3s) == Admission::Go);
    breaker.succeeded();
    CHECK(breaker.admit(Priority::Sweep, false, kStart + 3s) == Admission::Go);
}

TEST_CASE("half open, one read that probes goes through, and its success closes the breaker") {
    Breaker breaker;
    for (int i = 0; i < 5; ++i) breaker.failed(0.5, kStart);
    const SteadyTime later = kStart + breaker.retryIn(kStart);
    REQUIRE(breaker.state(later) == BreakerState::HalfOpen);
    CHECK(breaker.admit(Priority::Read, false, later) == Admission::Refuse);
    CHECK(breaker.admit(Priority::Read, true, later) == Admission::Go);
    const bool isTrial = breaker.started(later);
    CHECK(isTrial);
    CHECK(breaker.admit(Priority::Read, true, later) == Admission::Wait);
    breaker.succeeded();
    breaker.ended(isTrial);
    CHECK(breaker.state(later) == BreakerState::Closed);
    CHECK(breaker.admit(Priority::Read, false, later) == Admission::Go);
}

TEST_CASE("tightening passes an open breaker, one request at a time") {
    Breaker breaker;
    breaker.signInFailed(0.5, kStart);
    CHECK(breaker.state(kStart) == BreakerState::Open);
    CHECK(breaker.admit(Priority::Tightening, false, kStart) == Admission::Go);
    CHECK(breaker.started(kStart));
    CHECK(breaker.admit(Priority::Tightening, false, kStart) == Admission::Wait);
    breaker.ended(true);
    CHECK(breaker.admit(Priority::Tightening, false, kStart) == Admission::Go);
}

TEST_CASE("a failed trial opens the breaker for longer") {
    Breaker breaker;
    for (int i = 0; i < 5; ++i) breaker.failed(0.999, kStart);
    const auto first = breaker.retryIn(kStart);
    const SteadyTime later = kStart + first;
    breaker.failed(0.999, later);
    CHECK(breaker.retryIn(later) > first);
}
