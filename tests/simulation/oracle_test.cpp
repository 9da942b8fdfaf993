// SPDX-License-Identifier: Apache-2.0
// Worked cases of consent-rules.md section 9 against the simulator's judge, which must be right
// before it judges.
#include "tests/simulation/oracle.h"

#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::simulation;
using consent::Decision;
using consent::EventTime;

namespace {

constexpr EpochMs kMinute = 60'000;
constexpr EpochMs kDay = 86'400'000;

struct Book {
    Book() {
        consent::Purpose marketing;
        marketing.code = "marketing";
        marketing.directMarketing = true;
        policy.purposes["marketing"] = marketing;
        auto newsletter = marketing;
        newsletter.code = "newsletter";
        newsletter.parent = "marketing";
        policy.purposes["newsletter"] = newsletter;
        policy.channels = {"email", "phone"};
        policy.scopes["a"] = {"a", consent::Spread::Own, ""};
        policy.scopes["b"] = {"b", consent::Spread::Own, ""};
    }
    Event& add(const std::string& subject,
               Decision decision,
               EpochMs at,
               const std::string& clock) {
        Event event;
        event.id = std::to_string(++ids);
        event.subject = subject;
        event.scope = "a";
        event.purposes = {"newsletter"};
        event.channels = {"email"};
        event.decision = decision;
        event.time = EventTime{at, clock, 0};
        event.observedAt = at;
        auto& events = ledger.events[subject];
        events.push_back(event);
        return events.back();
    }
    Event& grant(const std::string& subject,
                 EpochMs at,
                 bool direct = true,
                 const std::string& clock = "hub:1") {
        auto& event = add(subject, Decision::Granted, at, clock);
        event.proof = consent::Proof{};
        event.proof->held = event.proof->direct = direct;
        event.proof->capturedAt = at;
        event.proof->source = "form";
        return event;
    }
    void merge(EpochMs at, bool confirmed) {
        for (const auto& [one, other] : {std::pair{"s", "t"}, std::pair{"t", "s"}}) {
            auto& event = add(one, Decision::Merged, at, "hub:1");
            event.other = other;
            event.confirmed = confirmed;
        }
    }
    std::string answer(const std::string& purpose = "newsletter",
                       const std::string& scope = "a",
                       EpochMs now = 100 * kDay) {
        return toString(Rules(policy, ledger).judge("s", {scope, purpose, "email"}, now).verdict);
    }

    consent::Policy policy;
    Ledger ledger;
    int ids = 0;
};

}  // namespace

TEST_CASE("a later direct grant overrides, an earlier or unproven one does not") {
    Book book;
    CHECK(book.answer() == "unknown");
    book.grant("s", 10 * kMinute, false);
    CHECK(book.answer() == "permit");
    book.add("s", Decision::Withdrawn, 20 * kMinute, "hub:1");
    CHECK(book.answer() == "deny");
    book.grant("s", 30 * kMinute, false);
    CHECK(book.answer() == "deny");
    book.grant("s", 40 * kMinute);
    CHECK(book.answer() == "permit");
}

TEST_CASE("clocks that differ leave a margin of five minutes, or of their skews") {
    Book book;
    book.add("s", Decision::Refused, 0, "system:x");
    book.grant("s", 3 * kMinute);
    CHECK(book.answer() == "deny");
    auto& late = book.grant("s", 8 * kMinute);
    CHECK(book.answer() == "permit");
    late.time->skewMs = 10 * kMinute;
    CHECK(book.answer() == "deny");
}

TEST_CASE("an objection to direct marketing gives way only to a direct grant that names the key") {
    Book book;
    auto& objection = book.add("s", Decision::Objected, 0, "hub:1");
    objection.purposes = {"marketing"};
    objection.channels = {"any"};
    book.grant("s", 10 * kMinute);
    CHECK(book.answer() == "permit");
    CHECK(book.answer("marketing") == "deny");
    book.ledger.events["s"].back().proof->direct = false;
    CHECK(book.answer() == "deny");
}

TEST_CASE("a merge keeps the no of both sides until a person confirms it") {
    Book book;
    book.add("t", Decision::Withdrawn, 0, "hub:1");
    book.grant("s", 20 * kMinute);
    CHECK(book.answer() == "permit");
    book.merge(30 * kMinute, false);
    CHECK(book.answer() == "deny");
    book.merge(40 * kMinute, true);
    CHECK(book.answer() == "permit");
}

TEST_CASE("grants end, and the last one that had counted leaves a no behind") {
    Book book;
    book.grant("s", 0).validTo = 50 * kDay;
    CHECK(book.answer("newsletter", "a", 40 * kDay) == "permit");
    CHECK(book.answer("newsletter", "a", 60 * kDay) == "deny");
    CHECK(book.answer("newsletter", "b", 40 * kDay) == "unknown");
}

TEST_CASE("a grant of nobody knows when never counted where the purpose has an age (seed 800291)") {
    Book book;
    book.policy.purposes["newsletter"].maximumAgeMs = 30 * kDay;
    book.grant("s", 0).time.reset();
    CHECK(book.answer("newsletter", "a", 40 * kDay) == "unknown");
}

TEST_CASE("an address binds whoever holds it, and an erased one stays denied") {
    Book book;
    book.ledger.points["s"] = {"e:x"};
    book.add("t", Decision::Withdrawn, 0, "hub:1").points = {"e:x"};
    book.grant("s", 20 * kMinute);
    CHECK(book.answer() == "deny");
    book.grant("s", 30 * kMinute).points = {"e:x"};
    CHECK(book.answer() == "permit");
    book.ledger.tombstones["e:x"] = 40 * kMinute;
    CHECK(book.answer() == "deny");
    CHECK(book.answer("marketing") == "deny");
    book.grant("s", 50 * kMinute).points = {"e:x"};
    CHECK(book.answer() == "permit");
}

TEST_CASE("a grant without a time, or in another scope, overrides nothing") {
    Book book;
    book.add("s", Decision::Refused, 0, "hub:1");
    book.grant("s", kDay).time.reset();
    book.grant("s", kDay).scope = "b";
    CHECK(book.answer() == "deny");
    CHECK(book.answer("newsletter", "b") == "permit");
}
