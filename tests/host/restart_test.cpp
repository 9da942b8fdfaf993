// SPDX-License-Identifier: Apache-2.0
#include "hub/host/restart.h"

#include "tests/support/check.h"

using concordat::host::RestartPolicy;

TEST_CASE("a connector that never crashed starts at once") {
    CHECK(RestartPolicy().waitMs(0) == 0);
}

TEST_CASE("the wait is anything up to a ceiling that doubles with each crash") {
    RestartPolicy policy;
    policy.crashed(1000, 499);
    CHECK(policy.waitMs(1000) == 499);
    CHECK(policy.waitMs(1499) == 0);
    policy.crashed(2000, 500);
    CHECK(policy.waitMs(2000) == 500);
    policy.crashed(3000, 2000);
    CHECK(policy.waitMs(3000) == 0);
}

TEST_CASE("after the fifth crash within ten minutes it starts once a minute") {
    RestartPolicy policy;
    for (int i = 0; i < 5; ++i) policy.crashed(i * 1000, 0);
    CHECK(policy.waitMs(4000) == 60'000);
    CHECK(policy.waitMs(64'000) == 0);
    policy.crashed(64'000, 7);
    CHECK(policy.waitMs(65'000) == 59'000);
}

TEST_CASE("a clock that goes back makes nobody wait longer") {
    RestartPolicy policy;
    for (int i = 0; i < 5; ++i) policy.crashed(RestartPolicy::kWindowMs, 0);
    CHECK(policy.waitMs(0) == 0);
}

TEST_CASE("crashes that lie more than ten minutes back do not count") {
    RestartPolicy policy;
    for (int i = 0; i < 4; ++i) policy.crashed(i, 0);
    policy.crashed(RestartPolicy::kWindowMs + 10, 0);
    CHECK(policy.waitMs(RestartPolicy::kWindowMs + 10) == 0);
}
