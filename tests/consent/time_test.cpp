// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/time.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;
using concordat::sdk::Precision;
using concordat::sdk::VendorTime;

namespace {

VendorTime at(EpochMs time, Precision precision) {
    VendorTime result;
    result.at = time;
    result.precision = precision;
    return result;
}

constexpr EpochMs kMidnight = kNow - 10 * kHour;

}  // namespace

TEST_CASE("a time is rounded up to the end of its precision and down to its start") {
    const EpochMs odd = kNow + 123'456;
    CHECK(latestMoment(at(odd, Precision::Millisecond)) == odd);
    CHECK(latestMoment(at(odd, Precision::Second)) == kNow + 123'999);
    CHECK(latestMoment(at(odd, Precision::Minute)) == kNow + 179'999);
    CHECK(latestMoment(at(odd, Precision::Hour)) == kNow + kHour - 1);
    CHECK(earliestMoment(at(odd, Precision::Second)) == kNow + 123'000);
    CHECK(earliestMoment(at(odd, Precision::Minute)) == kNow + 120'000);
    CHECK(earliestMoment(at(odd, Precision::Hour)) == kNow);
}

TEST_CASE("times before 1970 are rounded in the same direction") {
    CHECK(earliestMoment(at(-1, Precision::Second)) == -1000);
    CHECK(latestMoment(at(-1, Precision::Second)) == -1);
}

TEST_CASE("a date reaches from UTC+14 to UTC-12 unless its zone is known") {
    auto date = at(kMidnight, Precision::Day);
    CHECK(earliestMoment(date) == kMidnight - 14 * kHour);
    CHECK(latestMoment(date) == kMidnight + kDay + 12 * kHour - 1);
    date.utcOffsetMinutes = 60;
    CHECK(earliestMoment(date) == kMidnight - kHour);
    CHECK(latestMoment(date) == kMidnight + kDay - kHour - 1);
}

TEST_CASE("the margin is nothing on one steady clock and at least five minutes between two") {
    const EventTime hub{kNow, "hub:1", 0};
    CHECK(margin(hub, hub) == 0);
    CHECK(margin(hub, {kNow, "hub:2", 0}) == 5 * kMinute);
    CHECK(margin({kNow, "", 0}, {kNow, "", 0}) == 5 * kMinute);
    CHECK(margin({kNow, "system:a", 100}, {kNow, "system:a", 200}) == 5 * kMinute);
    CHECK(margin(hub, {kNow, "system:a", -10 * kMinute}) == 11 * kMinute);
    CHECK(margin({kNow, "system:b", 3 * kMinute}, {kNow, "system:a", 4 * kMinute}) == 8 * kMinute);
}

TEST_CASE("later means later by more than the margin") {
    CHECK(certainlyLater({kNow + 1, "hub:1", 0}, {kNow, "hub:1", 0}));
    CHECK_FALSE(certainlyLater({kNow, "hub:1", 0}, {kNow, "hub:1", 0}));
    CHECK_FALSE(certainlyLater({kNow + 5 * kMinute, "", 0}, {kNow, "hub:1", 0}));
    CHECK(certainlyLater({kNow + 5 * kMinute + 1, "", 0}, {kNow, "hub:1", 0}));
}

TEST_CASE("a capped time keeps the measured skew and loses its clock") {
    SlotClock clock;
    clock.system = "crm";
    clock.observedAt = kNow;
    clock.skewMs = 10 * kMinute;
    clock.slotTime = at(kNow + kMinute, Precision::Second);
    CHECK(restrictionTime(clock) == EventTime{kNow, "", 10 * kMinute});
}

TEST_CASE("a capture time far in the future is no time") {
    SlotClock clock;
    clock.system = "crm";
    clock.observedAt = kNow;
    CHECK_FALSE(grantTime(clock, at(kNow + 6 * kMinute, Precision::Second), false).has_value());
    CHECK(grantTime(clock, at(kNow + 4 * kMinute, Precision::Second), false).has_value());
    CHECK_FALSE(grantTime(clock, std::nullopt, true).has_value());
    clock.lastNotPermissiveAt = kNow - kHour;
    CHECK(grantTime(clock, std::nullopt, true) == EventTime{kNow - kHour, "hub", 0});
    CHECK_FALSE(grantTime(clock, std::nullopt, false).has_value());
}

TEST_CASE("a record's time of change is never a grant's time") {
    SlotClock clock;
    clock.observedAt = kNow;
    clock.modifiedAt = at(kNow - kHour, Precision::Second);
    clock.recordTimeMoves = true;
    CHECK_FALSE(grantTime(clock, std::nullopt, true).has_value());
}
