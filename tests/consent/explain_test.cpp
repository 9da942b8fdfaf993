// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/explain.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;

TEST_CASE("an answer is told in one sentence") {
    auto withdrawal = event(Decision::Withdrawn, "w", kNow - kHour);
    withdrawal.system = "sellsy";
    withdrawal.actor = "Jeanne Canary";
    withdrawal.points = {"e:canary"};
    const std::vector<Event> events{withdrawal};
    const auto text = explain(judge(events), kNewsEmail, events);
    CHECK(text ==
          "news by email in the name of acme is denied since 2026-03-02 09:00 UTC: withdrawn in "
          "sellsy at 2026-03-02 09:00 UTC (rule 5: a restriction that no later proven grant "
          "answers).");
}

TEST_CASE("what is contested, what else decided, and when it may change are told too") {
    auto close = grant("g", kNow);
    close.time->clock = "hub:2";
    close.validTo = kNow + kDay;
    const std::vector<Event> events{event(Decision::Withdrawn, "w1", kNow - kMinute),
                                    event(Decision::Withdrawn, "w2", kNow - kMinute), close};
    const auto text = explain(judge(events), kNewsEmail, events);
    CHECK(text.find("contested") != std::string::npos);
    CHECK(text.find("and 1 more") != std::string::npos);
    CHECK(text.find("2026-03-03 10:00 UTC") != std::string::npos);
}

TEST_CASE("nothing known is told as that") {
    CHECK(explain(judge({}), kNewsEmail, {}) ==
          "news by email in the name of acme is unknown (rule 6: nothing is known).");
}

TEST_CASE("decisions have one spelling") {
    for (int i = 0; i <= static_cast<int>(Decision::Erased); ++i) {
        const auto decision = static_cast<Decision>(i);
        CHECK_FALSE(toString(decision).empty());
        CHECK(decisionFrom(toString(decision)) == decision);
    }
    CHECK_FALSE(decisionFrom("Granted").has_value());
}
