// SPDX-License-Identifier: Apache-2.0
// Edges of the observation table that stories in tests/cases do not show.
#include "hub/consent/observe.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;
using concordat::sdk::Shown;

namespace {

SlotRules rules() {
    SlotRules rules;
    rules.slot.id = "email";
    rules.scope = "acme";
    rules.purposes = {"news"};
    rules.channels = {"any"};
    return rules;
}

RecordView record() {
    RecordView record;
    record.system = "crm";
    record.subject = "ana";
    record.observation.record = {"Contact", "1"};
    record.observation.askedAt = kNow;
    record.observedAt = kNow;
    record.points = {"e:ana", "p:ana", "x:ana"};
    return record;
}

SlotResult observe(Shown shown, const std::optional<SlotShadow>& shadow = std::nullopt) {
    concordat::sdk::SlotReading reading;
    reading.slot = "email";
    reading.shown = shown;
    return observeSlot(rules(), record(), shadow, reading, {}, policy());
}

SlotShadow seen(Shown shown) {
    SlotShadow shadow;
    shadow.slot = "email";
    shadow.seen = shown;
    shadow.seenAt = kNow - kDay;
    return shadow;
}

}  // namespace

TEST_CASE("a restriction carries the whole cover and the addresses that messages go to") {
    const auto result = observe(Shown::Deny);
    REQUIRE(result.event.has_value());
    CHECK(result.event->channels == std::vector<std::string>{"any"});
    CHECK(result.event->points == std::vector<std::string>{"e:ana", "p:ana"});
    CHECK(result.event->decision == Decision::Refused);
}

TEST_CASE("a grant spells its channels out and names the version of its purposes") {
    const auto result = observe(Shown::Permit);
    REQUIRE(result.event.has_value());
    CHECK(result.event->purposes == std::vector<std::string>{"news@1"});
    CHECK(result.event->channels == std::vector<std::string>{"email", "phone", "post", "sms"});
    CHECK_FALSE(result.event->proof.has_value());
}

TEST_CASE("sightings are remembered by what they did not show") {
    auto shadow = observe(Shown::Permit).shadow;
    CHECK(shadow.lastNotRestrictiveAt == kNow);
    CHECK(shadow.lastNotPermissiveAt == 0);
    shadow = observe(Shown::Deny).shadow;
    CHECK(shadow.lastNotRestrictiveAt == 0);
    CHECK(shadow.lastNotPermissiveAt == kNow);
    CHECK(shadow.seenAt == kNow);
}

TEST_CASE(
    "a trusted slot grants without evidence, from the last sighting that was not permissive") {
    auto trusted = rules();
    trusted.trustedSlot = true;
    auto shadow = seen(Shown::None);
    shadow.lastNotPermissiveAt = kNow - kHour;
    concordat::sdk::SlotReading reading;
    reading.shown = Shown::Permit;
    SlotContext deny;
    deny.denyWanted = true;
    const auto result = observeSlot(trusted, record(), shadow, reading, deny, policy());
    REQUIRE(result.event.has_value());
    CHECK(result.event->proof->trusted);
    CHECK(result.event->time == EventTime{kNow - kHour, "hub", 0});
    CHECK_FALSE(result.candidate.has_value());
}

TEST_CASE("an observation asked for before a write ended is read again") {
    auto observation = record().observation;
    CHECK(freshness(0, kNow - 10, kNow - 5, observation) == Freshness::Fresh);
    CHECK(freshness(0, kNow - 10, kNow, observation) == Freshness::ReadAgain);
    CHECK(freshness(0, kNow - 10, 0, observation) == Freshness::ReadAgain);
    CHECK(freshness(0, kNow - 1, kNow - 100, observation) == Freshness::ReadAgain);
    CHECK(freshness(0, 0, 0, observation) == Freshness::Fresh);
}

TEST_CASE("an older version is told apart, and no version is never older") {
    auto observation = record().observation;
    CHECK(freshness(7, 0, 0, observation) == Freshness::Fresh);
    observation.version = 6;
    CHECK(freshness(7, 0, 0, observation) == Freshness::Older);
    observation.version = 7;
    CHECK(freshness(7, 0, 0, observation) == Freshness::Fresh);
}

TEST_CASE("a write of the other value is kept as one that may still come late") {
    Sent permit;
    permit.permit = true;
    permit.startedAt = kNow;
    Sent deny;
    deny.startedAt = kNow + kMinute;
    auto shadow = withWrite(withWrite(seen(Shown::None), permit), deny);
    REQUIRE(shadow.earlier.has_value());
    CHECK(shadow.earlier->permit);
    CHECK_FALSE(shadow.sent->permit);
    CHECK(shadow.valueBeforeOurs == Shown::None);
    // It may have been started at any time until the next one was planned.
    CHECK(withoutSettled(shadow, kNow + 2 * kMinute, 2 * kMinute).earlier.has_value());
    CHECK_FALSE(withoutSettled(shadow, kNow + 3 * kMinute, 2 * kMinute).earlier.has_value());
}

TEST_CASE("of several writes that may come late the permit is the one to know") {
    Sent permit;
    permit.permit = true;
    permit.startedAt = kNow;
    Sent deny;
    deny.startedAt = kNow + kMinute;
    Sent again = deny;
    again.startedAt = kNow + 2 * kMinute;
    auto shadow = withWrite(withWrite(withWrite(seen(Shown::None), permit), deny), again);
    REQUIRE(shadow.earlier.has_value());
    CHECK(shadow.earlier->permit);
    CHECK(shadow.valueBeforeOurs == Shown::None);
    CHECK(withoutSettled(shadow, kNow + 3 * kMinute, 2 * kMinute).earlier.has_value());
    // Seen for the first time after its time is over, it is still our own.
    SlotContext denied;
    denied.denyWanted = true;
    shadow.sent.reset();
    const auto result = observeSlot(rules(), record(), shadow,
                                    concordat::sdk::SlotReading{"email", Shown::Permit, {}, {}, ""},
                                    denied, policy());
    CHECK(result.ownLateWrite);
    CHECK_FALSE(result.event.has_value());
}

TEST_CASE("a write without an answer may come late after it was repeated, one with an answer not") {
    Sent deny;
    deny.startedAt = kNow;
    Sent again = deny;
    again.startedAt = kNow + kMinute;
    CHECK(withWrite(withWrite(seen(Shown::None), deny), again).earlier.has_value());
    const auto answered = withAcknowledgement(withWrite(seen(Shown::None), deny), kNow + 1, 0);
    CHECK_FALSE(withWrite(answered, again).earlier.has_value());
}

TEST_CASE("without versions a second act is told by the slot's time, else by the settle time") {
    auto shadow = withAcknowledgement(withWrite(seen(Shown::Deny),
                                                [] {
                                                    Sent sent;
                                                    sent.permit = true;
                                                    sent.startedAt = kNow - kHour;
                                                    return sent;
                                                }()),
                                      kNow - kHour, 0);
    CHECK(observe(Shown::Deny, shadow).event.has_value());
    auto timed = rules();
    timed.slot.hasTime = true;
    concordat::sdk::SlotReading reading;
    reading.shown = Shown::Deny;
    CHECK_FALSE(observeSlot(timed, record(), shadow, reading, {}, policy()).event.has_value());
}

TEST_CASE("a change by somebody else ends what we knew of the value before our write") {
    auto shadow = seen(Shown::Permit);
    shadow.valueBeforeOurs = Shown::None;
    CHECK(observe(Shown::Permit, shadow).shadow.valueBeforeOurs == Shown::None);
    CHECK_FALSE(observe(Shown::Deny, shadow).shadow.valueBeforeOurs.has_value());
}
