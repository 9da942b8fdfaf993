// SPDX-License-Identifier: Apache-2.0
// The rules by their numbers; more of them as stories in tests/cases.
#include "hub/consent/effective.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;

namespace {

using Ids = std::vector<std::string>;

Event withdrawal(std::string id, EpochMs at) {
    return event(Decision::Withdrawn, std::move(id), at);
}

Event merge(std::string id, EpochMs at) {
    auto result = event(Decision::Merged, std::move(id), at);
    result.other = "bob";
    return result;
}

}  // namespace

TEST_CASE("rule 1: a restriction needs neither proof nor time") {
    auto bare = withdrawal("w", kNow);
    bare.time.reset();
    bare.system = "crm";
    const auto answer = judge({grant("g", kNow - kHour), bare});
    CHECK(answer.answer == Answer::Deny);
    CHECK(answer.rule == 5);
    CHECK(answer.deciding == Ids{"w"});
    CHECK(answer.since == kNow);
}

TEST_CASE("rule 4: a grant must be later than every restriction") {
    const auto answer = judge({withdrawal("w1", kNow - 3 * kHour), grant("g", kNow - 2 * kHour),
                               withdrawal("w2", kNow - kHour)});
    CHECK(answer.answer == Answer::Deny);
    CHECK(answer.deciding == Ids{"w2"});
    CHECK(answer.since == kNow - kHour);
    CHECK(judge({withdrawal("w1", kNow - 3 * kHour), grant("g", kNow - 2 * kHour)}).answer ==
          Answer::Permit);
}

TEST_CASE("rule 4: a grant without a time permits only where nothing restricts") {
    auto timeless = declaredGrant("g", kNow);
    timeless.time.reset();
    CHECK(judge({timeless}).answer == Answer::Permit);
    const auto contested = judge({timeless, withdrawal("w", kNow - kDay)});
    CHECK(contested.answer == Answer::Deny);
    CHECK(contested.contested == Ids{"g"});
}

TEST_CASE("rule 4: a grant that loses for another reason is not contested") {
    auto declared = declaredGrant("g", kNow);
    declared.proof->knownSource = false;
    const auto answer = judge({declared, withdrawal("w", kNow - kMinute)});
    CHECK(answer.answer == Answer::Deny);
    CHECK(answer.contested.empty());
}

TEST_CASE("rule 6: nothing, and only unproven grants, are unknown") {
    CHECK(judge({}).answer == Answer::Unknown);
    CHECK(judge({}).rule == 6);
    auto bare = declaredGrant("g", kNow);
    bare.proof.reset();
    const auto answer = judge({bare});
    CHECK(answer.answer == Answer::Unknown);
    CHECK(answer.deciding == Ids{"g"});
    CHECK(answer.reason == "declared by system salesforce");
}

TEST_CASE("rule 7: a wide restriction is overridden only by a direct grant that names the key") {
    auto wide = withdrawal("w", kNow - kDay);
    wide.channels = {"any"};
    CHECK(judge({wide, declaredGrant("g", kNow - kHour)}).rule == 7);
    CHECK(judge({wide, grant("g", kNow - kHour)}).answer == Answer::Permit);
    auto other = grant("g", kNow - kHour);
    other.purposes = {"offers"};
    CHECK(judge({wide, other}).answer == Answer::Deny);
}

TEST_CASE("rule 8: an age without contact ends a grant, and time alone may change the answer") {
    auto aging = policy();
    aging.purposes["news"].maximumAgeMs = 30 * kDay;
    const auto events = history({grant("g", kNow - 10 * kDay)});
    const auto today = effective(events, kNewsEmail, aging, kNow);
    CHECK(today.answer == Answer::Permit);
    CHECK(today.nextChange == kNow + 20 * kDay);
    const auto later = effective(events, kNewsEmail, aging, kNow + 20 * kDay);
    CHECK(later.answer == Answer::Deny);
    CHECK(later.rule == 8);
    CHECK(later.since == kNow + 20 * kDay);
    CHECK_FALSE(later.nextChange.has_value());
}

TEST_CASE("rule 8: an expired record, a pending one and the like change nothing") {
    CHECK(judge({event(Decision::Expired, "x", kNow)}).answer == Answer::Unknown);
    CHECK(judge({event(Decision::Pending, "p", kNow)}).answer == Answer::Unknown);
    CHECK(judge({grant("g", kNow - kDay), event(Decision::Expired, "x", kNow)}).answer ==
          Answer::Permit);
}

TEST_CASE("rule 9: a merge with an erased subject is refused") {
    auto erased = event(Decision::Erased, "x", kNow - kDay);
    erased.subject = "bob";
    const auto apart = judge({grant("g", kNow - 2 * kDay), erased, merge("m", kNow)});
    CHECK(apart.answer == Answer::Permit);
}

TEST_CASE(
    "rule 9: what named neither record nor identifier restricts both sides of an ended merge") {
    auto objection = withdrawal("w", kNow - 4 * kHour);
    objection.subject = "bob";
    auto parted = merge("u", kNow - 2 * kHour);
    parted.decision = Decision::Unmerged;
    CHECK(judge({objection, merge("m", kNow - 3 * kHour), parted}).answer == Answer::Deny);
    objection.points = {"e:bob"};
    CHECK(judge({objection, merge("m", kNow - 3 * kHour), parted}).answer == Answer::Unknown);
}

TEST_CASE("rule 10: another's restriction on an address binds it, a stranger's address does not") {
    auto others = withdrawal("w", kNow - kDay);
    others.subject = "bob";
    others.points = {"e:info"};
    History mine = history({});
    mine.points = {"e:info"};
    mine.pointEvents = {others};
    CHECK(effective(mine, kNewsEmail, policy(), kNow).rule == 10);
    mine.points = {"e:ana"};
    CHECK(effective(mine, kNewsEmail, policy(), kNow).answer == Answer::Unknown);
}

TEST_CASE("rule 10: an address that was shared binds also those who parted, or were never joined") {
    auto others = withdrawal("w", kNow - kHour);
    others.subject = "bob";
    others.points = {"e:info"};
    auto parted = merge("u", kNow - 2 * kHour);
    parted.decision = Decision::Unmerged;
    auto erased = event(Decision::Erased, "x", kNow - 4 * kHour);
    erased.subject = "bob";
    for (const auto& between : {std::vector{merge("m", kNow - 3 * kHour), parted},
                                std::vector{erased, merge("m", kNow - 3 * kHour)}}) {
        auto events = between;
        events.push_back(others);
        History mine = history(events);
        mine.points = {"e:info"};
        CHECK(effective(mine, kNewsEmail, policy(), kNow).rule == 10);
        mine.points = {"e:ana"};
        CHECK(effective(mine, kNewsEmail, policy(), kNow).answer == Answer::Unknown);
    }
}

TEST_CASE("rule 10: looked up by address, the subject's own events are not a stranger's") {
    auto own = withdrawal("w", kNow - kDay);
    own.points = {"e:ana"};
    own.system = "crm";
    History mine = history({own, declaredGrant("g", kNow - kHour)});
    mine.points = {"e:ana"};
    mine.pointEvents = {own};
    CHECK(effective(mine, kNewsEmail, policy(), kNow).answer == Answer::Permit);
}

TEST_CASE("rule 11: a tombstone denies every key until a later grant given to the hub") {
    History erased = history({declaredGrant("d", kNow)});
    erased.erased = true;
    erased.erasedAt = kNow - kDay;
    CHECK(effective(erased, kNewsEmail, policy(), kNow).rule == 11);
    erased.events.push_back(grant("g", kNow - kHour));
    CHECK(effective(erased, kNewsEmail, policy(), kNow).answer == Answer::Permit);
    CHECK(effective(erased, {"acme", "offers", "email"}, policy(), kNow).answer == Answer::Deny);
    erased.erasedAt = 0;
    CHECK(effective(erased, kNewsEmail, policy(), kNow).answer == Answer::Deny);
}

TEST_CASE("rule 13: a voided observation no longer restricts, also as another's address") {
    auto others = withdrawal("w", kNow - kDay);
    others.subject = "bob";
    others.system = "crm";
    others.points = {"e:info"};
    auto voided = event(Decision::Voided, "v", kNow);
    voided.names = {"w"};
    History mine = history({});
    mine.points = {"e:info"};
    mine.pointEvents = {others, voided};
    CHECK(effective(mine, kNewsEmail, policy(), kNow).answer == Answer::Unknown);
}

TEST_CASE("rule 14: of two equal restrictions one is named, whatever their order") {
    const auto a = withdrawal("a", kNow - kHour);
    const auto b = withdrawal("b", kNow - kHour);
    CHECK(judge({a, b}) == judge({b, a}));
    CHECK(judge({b, a}).deciding == Ids{"a", "b"});
}

TEST_CASE("what binds one slot only does not answer for the key") {
    auto kept = event(Decision::Refused, "k", kNow);
    kept.slotOnly = true;
    CHECK(judge({kept}).answer == Answer::Unknown);
}
