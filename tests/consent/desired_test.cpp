// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/desired.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;
using concordat::sdk::Shown;

namespace {

SlotPlace place() {
    SlotPlace place;
    place.rules.slot.id = "email";
    place.rules.scope = "acme";
    place.rules.purposes = {"news", "offers"};
    place.rules.channels = {"email"};
    place.system = "crm";
    place.record = {"Contact", "1"};
    return place;
}

Desired wish(const SlotPlace& at, const std::vector<Event>& events) {
    const auto all = history(events);
    std::vector<KeyAnswer> answers;
    for (const auto& key : coveredKeys(at.rules, policy()))
        answers.push_back({key, effective(all, key, policy(), kNow)});
    return desired(at, answers, all, policy());
}

Event both(Event event) {
    event.purposes = {"news", "offers"};
    return event;
}

}  // namespace

TEST_CASE("one permitted key of two leaves the slot untouched") {
    CHECK(wish(place(), {grant("g", kNow)}).wish == Wish::Untouched);
    const auto permit = wish(place(), {both(grant("g", kNow))});
    CHECK(permit.wish == Wish::Permit);
    CHECK(permit.grantId == "g");
}

TEST_CASE("one denied key of two denies the slot, and says that this is stricter than asked") {
    const auto deny = wish(place(), {event(Decision::Withdrawn, "w", kNow)});
    CHECK(deny.wish == Wish::Deny);
    CHECK(deny.stricterThanAsked);
    CHECK(deny.because == std::vector<std::string>{"w"});
    CHECK_FALSE(wish(place(), {both(event(Decision::Withdrawn, "w", kNow))}).stricterThanAsked);
}

TEST_CASE("a narrower slot for the denied key spares the wide one, an equally wide one does not") {
    auto at = place();
    at.others = {place().rules};
    at.others.front().slot.id = "twin";
    const std::vector<Event> events{event(Decision::Withdrawn, "w", kNow)};
    CHECK(wish(at, events).wish == Wish::Deny);
    at.others.front().purposes = {"news"};
    CHECK(wish(at, events).wish == Wish::Untouched);
    at.others.front().slot.writable = false;
    CHECK(wish(at, events).wish == Wish::Deny);
}

TEST_CASE("a restriction as wide as the slot denies it beside every narrower slot") {
    auto at = place();
    at.others = {place().rules};
    at.others.front().slot.id = "news";
    at.others.front().purposes = {"news"};
    auto objection = event(Decision::Objected, "o", kNow - kDay);
    CHECK(wish(at, {objection}).wish == Wish::Deny);
    const auto stricter = wish(at, {objection, grant("g", kNow)});
    CHECK(stricter.wish == Wish::Deny);
    CHECK(stricter.stricterThanAsked);
}

TEST_CASE("a slot that can be loosened once is loosened once") {
    auto at = place();
    at.rules.slot.loosen = concordat::sdk::Loosen::Once;
    const std::vector<Event> events{both(grant("g", kNow))};
    CHECK(wish(at, events).wish == Wish::Permit);
    at.wasLoosened = true;
    CHECK(wish(at, events).wish == Wish::Untouched);
    at.shadow = SlotShadow{};
    at.shadow->seen = Shown::Permit;
    CHECK(wish(at, events).wish == Wish::Permit);
}

TEST_CASE("a permit of ours that lost its ground goes back to what was before it") {
    auto at = place();
    at.shadow = SlotShadow{};
    at.shadow->seen = Shown::Permit;
    CHECK(wish(at, {}).wish == Wish::Untouched);  // somebody else's
    at.shadow->valueBeforeOurs = Shown::Deny;
    CHECK(wish(at, {}).wish == Wish::Deny);
    CHECK(wish(at, {}).lostGround);
    at.shadow->valueBeforeOurs = Shown::Permit;
    CHECK(wish(at, {}).wish == Wish::Untouched);
    at.shadow->valueBeforeOurs.reset();
    at.shadow->sent = Sent{};
    at.shadow->sent->permit = true;
    CHECK(wish(at, {}).wish == Wish::Deny);  // what was before is not known
}

TEST_CASE("absence that was kept asks for a grant after it") {
    auto at = place();
    auto kept = event(Decision::Refused, "k", kNow - kHour);
    kept.slotOnly = true;
    kept.system = "crm";
    kept.slot = "email";
    kept.record = at.record;
    CHECK(wish(at, {kept, both(grant("g", kNow - kDay))}).wish == Wish::Untouched);
    CHECK(wish(at, {kept, both(grant("g", kNow))}).wish == Wish::Permit);
    kept.record = concordat::sdk::RecordRef{"Contact", "2"};
    CHECK(wish(at, {kept, both(grant("g", kNow - kDay))}).wish == Wish::Permit);
}

TEST_CASE("a slot that cannot be written is left alone") {
    auto at = place();
    at.rules.slot.writable = false;
    CHECK(wish(at, {event(Decision::Withdrawn, "w", kNow)}).wish == Wish::Untouched);
}

TEST_CASE("what an observation is judged by follows from the answers") {
    const auto all = history({grant("g", kNow)});
    std::vector<KeyAnswer> answers;
    const auto rules = place().rules;
    for (const auto& key : coveredKeys(rules, policy()))
        answers.push_back({key, effective(all, key, policy(), kNow)});
    const auto context = contextOf(rules, answers, all, policy());
    CHECK_FALSE(context.denyWanted);
    CHECK_FALSE(context.permitWanted);
    concordat::sdk::Evidence ours;
    ours.source = "portal";
    ours.capturedAt = concordat::sdk::VendorTime{kNow, concordat::sdk::Precision::Minute, {}, {}};
    CHECK(context.knownEvidence.count(evidenceHash(ours)) == 1);
    ours.source = "elsewhere";
    CHECK(context.knownEvidence.count(evidenceHash(ours)) == 0);
}
