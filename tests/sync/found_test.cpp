// SPDX-License-Identifier: Apache-2.0
// What tests/simulation found, each with the first seed that showed it (hours 3, swarm).

#include "hub/consent/error.h"
#include "hub/sync/people.h"
#include "hub/sync/service.h"
#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using consent::Decision;
using sdk::Shown;

namespace {

constexpr auto kPhone = "contact.phone";

/// A flag for each of two channels.
ModelSystem& addFlags(World& world, const std::string& name) {
    auto& model = world.addFlag(name);
    model.shows[kPhone] = {{true, Shown::None}, {false, Shown::Deny}};
    auto rules = world.plan(name).slots.front();
    rules.slot.id = kPhone;
    rules.channels = {"phone"};
    world.plan(name).slots.push_back(rules);
    return model;
}

Choice said(const std::string& email, Decision decision) {
    Choice choice;
    choice.identifiers = {{sdk::IdentifierKind::Email, email, "Email"}};
    choice.region = "FR";
    choice.scope = "acme";
    choice.purposes = {"marketing"};
    choice.channels = {"email"};
    choice.decision = decision;
    if (decision != Decision::Granted) return choice;
    consent::Proof proof;
    proof.direct = true;
    proof.source = "portal";
    choice.proof = proof;
    return choice;
}

sdk::Identifier phone() { return {sdk::IdentifierKind::Phone, "+33612345678", "Phone"}; }

}  // namespace

TEST_CASE("a permit that had to wait for a deny of the same row is written after it (seed 4)") {
    World world;
    addFlags(world, "salesforce")
        .create("a", "ada@example.org", {{kEmail, Shown::Deny}, {kPhone, Shown::Deny}});
    world.start();
    world.clock.advance(3'600'000);
    // Both at once: email is granted, and somebody clears the phone flag without proof.
    say(world.core(), said("ada@example.org", Decision::Granted));
    world.system("salesforce").set("a", kPhone, Shown::None);
    world.program().readers.front()->pullNow();
    world.program().readers.front()->step();
    world.run(60'000);
    CHECK(world.system("salesforce").shown("a", kPhone) == Shown::Deny);
    CHECK(world.system("salesforce").shown("a", kEmail) == Shown::None);
}

TEST_CASE("nothing is said for an erased subject, who comes back by an address (seed 3)") {
    World world;
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    const auto subject = world.subjectOf("sellsy", "b");
    erase(world.core(), subject, "dpo");
    world.clock.advance(3'600'000);
    auto choice = said("ada@example.org", Decision::Granted);
    choice.identifiers.clear();
    choice.subject = subject;
    CHECK_THROWS_AS(say(world.core(), choice), RequestError);
    CHECK(world.answer("sellsy", "b") == "deny");
    CHECK(say(world.core(), said("ada@example.org", Decision::Granted)).subject != subject);
}

TEST_CASE("an erased subject without records is not taken for who comes back (seed 6)") {
    World world;
    world.start();
    const auto first = say(world.core(), said("ada@example.org", Decision::Withdrawn)).subject;
    erase(world.core(), first, "dpo");
    world.clock.advance(3'600'000);
    const auto again = say(world.core(), said("ada@example.org", Decision::Granted));
    CHECK(again.subject != first);
    CHECK(again.isNewSubject);
}

TEST_CASE("a deleted row holds no number, and holds it again once it is back (seed 34)") {
    World world;
    auto& flags = addFlags(world, "salesforce");
    const auto withPhone = [](Row& row) { row.identifiers.push_back(phone()); };
    for (const auto* id : {"a", "b"}) {
        flags.create(id, std::string(id) + "@example.org",
                     {{kEmail, Shown::None}, {kPhone, Shown::None}});
        flags.change(id, withPhone);
    }
    world.start();
    flags.change("a", [](Row& row) { row.deleted = true; });
    world.run(20'000);
    flags.set("b", kPhone, Shown::Deny);
    world.run(20'000);
    flags.change("a", [](Row& row) { row.deleted = false; });
    world.run(20'000);
    CHECK(flags.shown("a", kPhone) == Shown::Deny);
}

TEST_CASE("what came back from the journal counts from the start (seed 83)") {
    World world;
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    const auto subject = world.subjectOf("sellsy", "b");
    // As the store leaves it after a restored backup: the event is there, its answer is not.
    consent::Event event;
    event.id = "replayed";
    event.subject = subject;
    event.scope = "acme";
    event.purposes = {"marketing"};
    event.channels = {"email"};
    event.decision = Decision::Withdrawn;
    event.time = consent::EventTime{world.clock.wall, "hub:1", 0};
    event.observedAt = world.clock.wall;
    world.store.write([&](store::Writer& unit) {
        unit.append(event);
        unit.put(store::Document{store::kReplayedKind, subject, "{}", 0});
    });
    CHECK(world.answer("sellsy", "b") == "unknown");
    Service({world.store, world.company, world.clock, world.random, world.core().pointHash, "key"});
    CHECK(world.answer("sellsy", "b") == "deny");
    world.restart();
    world.run(20'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
}

TEST_CASE("an erased address denies everybody who holds it, at once (seed 200)") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "bob@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.clock.advance(3'600'000);
    say(world.core(), said("ada@example.org", Decision::Granted));
    world.system("sellsy").change("b", [](Row& row) {
        row.identifiers.push_back({sdk::IdentifierKind::Email, "ada@example.org", "Email2"});
    });
    world.run(20'000);
    erase(world.core(), world.subjectOf("sellsy", "b"), "dpo");
    CHECK(world.answer("salesforce", "a") == "deny");
}

TEST_CASE("who was deleted and comes back is known, also for what no address binds (seed 195)") {
    World world;
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    auto no = said("ada@example.org", Decision::Withdrawn);
    no.channels = {"phone"};
    const auto subject = say(world.core(), no).subject;
    world.system("sellsy").change("b", [](Row& row) { row.deleted = true; });
    world.run(20'000);
    world.system("sellsy").create("again", "ada@example.org", {{kEmail, Shown::Permit}});
    world.run(20'000);
    CHECK(world.subjectOf("sellsy", "again") == subject);
}

TEST_CASE("a grant that both sides of an ended merge could have given counts for none (800536)") {
    World world;
    auto& sellsy = world.addSet("sellsy");
    world.addFlag("salesforce").create("x", "old@example.org", {{kEmail, Shown::None}});
    sellsy.create("b", "old@example.org", {{kEmail, Shown::Absent}});
    sellsy.create("c", "new@example.org", {{kEmail, Shown::Absent}});
    world.start();
    sellsy.change("b", [](Row& row) {
        row.deleted = true;
        row.mergedInto = sdk::RecordRef{"Contact", "c"};
    });
    world.run(20'000);
    say(world.core(), said("old@example.org", Decision::Granted));
    world.run(20'000);
    CHECK(world.answer("salesforce", "x") == "permit");

    SECTION("one of them holds its address: it stays there") {
        unmerge(world.core(), world.subjectOf("salesforce", "x"), world.subjectOf("sellsy", "c"),
                "dpo", "two people");
        CHECK(world.answer("salesforce", "x") == "permit");
        CHECK(world.answer("sellsy", "c") != "permit");
    }
    SECTION("both hold it: nobody can say") {
        sellsy.change("c", [](Row& row) {
            row.identifiers.push_back({sdk::IdentifierKind::Email, "old@example.org", "Email2"});
        });
        world.run(20'000);
        unmerge(world.core(), world.subjectOf("salesforce", "x"), world.subjectOf("sellsy", "c"),
                "dpo", "two people");
        CHECK(world.answer("salesforce", "x") != "permit");
        CHECK(world.answer("sellsy", "c") != "permit");
    }
}

TEST_CASE("permits alone do not keep a breaker half open (seed 920111)") {
    World world;
    auto& salesforce = world.addFlag("salesforce");
    salesforce.create("a", "ada@example.org", {{kEmail, Shown::Deny}});
    world.start();
    world.clock.advance(3'600'000);
    salesforce.faults.retry = 100;
    say(world.core(), said("ada@example.org", Decision::Granted));
    world.run(120'000);
    CHECK(salesforce.shown("a", kEmail) == Shown::Deny);
    salesforce.faults.retry = 0;
    world.run(600'000);
    CHECK(salesforce.shown("a", kEmail) == Shown::None);
}
