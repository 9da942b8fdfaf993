// SPDX-License-Identifier: Apache-2.0
// The worked cases of the consent rules that need lanes, echoes or verification.
#include "hub/sync/choice.h"
#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using consent::Decision;
using sdk::Shown;

namespace {

/// Salesforce's flag "a" and Sellsy's set "b" of one person, open.
struct Pair : World {
    Pair(Shown flag, Shown member) {
        addFlag("salesforce").create("a", "ada@example.org", {{kEmail, flag}});
        addSet("sellsy").create("b", "ada@example.org", {{kEmail, member}});
        start();
    }
    ModelSystem& salesforce() { return system("salesforce"); }
    ModelSystem& sellsy() { return system("sellsy"); }
    std::string subject() { return subjectOf("salesforce", "a"); }
};

}  // namespace

TEST_CASE("case 2 and 3: a re-tick without proof is undone, and a later double opt-in permits") {
    Pair world(Shown::None, Shown::Permit);
    world.say(world.subject(), Decision::Withdrawn);
    world.run(20'000);
    REQUIRE(world.sellsy().shown("b", kEmail) == Shown::Absent);
    world.clock.advance(3'600'000);

    world.sellsy().set("b", kEmail, Shown::Permit);
    world.run(20'000);
    CHECK(world.answer("sellsy", "b") == "deny");
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Absent);
    CHECK(world.openItems("candidate") == 1);
    CHECK(world.sellsy().notes.size() == 1);

    world.clock.advance(3'600'000);
    world.say(world.subject(), Decision::Granted);
    world.run(20'000);
    CHECK(world.answer("sellsy", "b") == "permit");
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Permit);
    CHECK(world.salesforce().shown("a", kEmail) == Shown::None);
}

TEST_CASE("case 7: who is absent at first sight is neither refused nor overwritten") {
    World world;
    world.addSet("sellsy");
    world.addFlag("salesforce");
    for (int at = 0; at < 30; ++at) {
        const auto name = "p" + std::to_string(at);
        world.system("sellsy").create(name, name + "@example.org", {{kEmail, Shown::Absent}});
        world.system("salesforce").create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    world.run(20'000);
    CHECK(world.system("sellsy").written.empty());
    CHECK(world.system("salesforce").written.empty());
    CHECK(world.answer("sellsy", "p3") == "unknown");

    world.clock.advance(3'600'000);
    world.say(world.subjectOf("sellsy", "p3"), Decision::Granted);
    world.run(20'000);
    CHECK(world.system("sellsy").shown("p3", kEmail) == Shown::Permit);
    CHECK(world.system("sellsy").shown("p4", kEmail) == Shown::Absent);
}

TEST_CASE("case 9: a cleared opt-out is written again and asked about") {
    Pair world(Shown::Deny, Shown::Permit);
    REQUIRE(world.sellsy().shown("b", kEmail) == Shown::Absent);
    world.salesforce().set("a", kEmail, Shown::None);
    world.run(20'000);
    CHECK(world.salesforce().shown("a", kEmail) == Shown::Deny);
    CHECK(world.answer("salesforce", "a") == "deny");
    CHECK(world.openItems("candidate") == 1);
}

TEST_CASE("case 11: a lost reply leads to a read-back and no second meaning") {
    Pair world(Shown::None, Shown::Permit);
    world.sellsy().faults.lostReply = 100;
    world.salesforce().set("a", kEmail, Shown::Deny);
    world.run(5'500);
    world.sellsy().faults.lostReply = 0;
    world.run(60'000);
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Absent);
    CHECK(world.stages(world.subject(), "sellsy").back() == "verified");
    CHECK(world.sellsy().ids().size() == 1);
    const auto written = world.sellsy().written.size();
    world.run(600'000);
    CHECK(world.sellsy().written.size() == written);
}

TEST_CASE("case 12: an opt-out between our permit and its read-back is a withdrawal") {
    Pair world(Shown::Deny, Shown::Permit);
    REQUIRE(world.answer("sellsy", "b") == "deny");
    world.clock.advance(3'600'000);
    world.sellsy().afterApply = [&] {
        world.clock.advance(2'000);
        world.sellsy().set("b", kEmail, Shown::Absent);
    };
    world.say(world.subject(), Decision::Granted);
    world.run(30'000);
    CHECK(world.answer("salesforce", "a") == "deny");
    CHECK(world.salesforce().shown("a", kEmail) == Shown::Deny);
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Absent);
}

TEST_CASE("case 14: a system restored from its backup says nothing new and is written again") {
    World world;
    world.addFlag("salesforce");
    world.addSet("sellsy");
    world.company.settings.regressionCap = 3;
    for (int at = 0; at < 10; ++at) {
        const auto name = "p" + std::to_string(at);
        world.system("sellsy").create(name, name + "@example.org", {{kEmail, Shown::Permit}});
        world.system("salesforce").create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    const auto night = world.clock.wall;
    world.clock.advance(3'600'000);
    for (int at = 0; at < 10; ++at)
        world.system("salesforce").set("p" + std::to_string(at), kEmail, Shown::Deny);
    world.run(60'000);
    REQUIRE(world.system("sellsy").shown("p5", kEmail) == Shown::Absent);
    const auto events = world.store.state.events.size();

    world.system("sellsy").restore(night);
    world.plan("sellsy").sweepMs = 1'000;
    world.run(60'000);
    CHECK(world.store.state.events.size() == events);
    for (int at = 0; at < 10; ++at)
        CHECK(world.system("sellsy").shown("p" + std::to_string(at), kEmail) == Shown::Absent);
    CHECK(world.openIncidents("restored_system") == 1);
}

TEST_CASE("case 15: a new contact of a withdrawn person is written deny") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::Deny}});
    world.addSet("sellsy");
    world.start();
    world.system("sellsy").create("new", "ada@example.org", {{kEmail, Shown::Permit}});
    world.run(20'000);
    CHECK(world.system("sellsy").shown("new", kEmail) == Shown::Absent);
}

TEST_CASE("case 22: real unsubscribes above the cap go out at once, with an incident") {
    World world;
    world.addFlag("salesforce");
    world.addSet("sellsy");
    world.plan("salesforce").caps = {100, 10, 10};
    for (int at = 0; at < 30; ++at) {
        const auto name = "p" + std::to_string(at);
        world.system("sellsy").create(name, name + "@example.org", {{kEmail, Shown::Permit}});
        world.system("salesforce").create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    for (int at = 0; at < 30; ++at)
        world.system("salesforce").set("p" + std::to_string(at), kEmail, Shown::Deny);
    world.run(60'000);
    for (int at = 0; at < 30; ++at)
        CHECK(world.system("sellsy").shown("p" + std::to_string(at), kEmail) == Shown::Absent);
    CHECK(world.openIncidents("cap") == 1);
    CHECK(world.openItems("cap") == 0);
}

TEST_CASE("case 24: an unsubscribe of a role mailbox binds the address and merges nobody") {
    World world;
    world.addFlag("salesforce");
    for (const auto* id : {"a", "b", "c"})
        world.system("salesforce").create(id, "info@acme.fr", {{kEmail, Shown::None}});
    world.start();
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(20'000);
    for (const auto* id : {"a", "b", "c"}) {
        CHECK(world.answer("salesforce", id) == "deny");
        CHECK(world.system("salesforce").shown(id, kEmail) == Shown::Deny);
    }
    CHECK(world.subjectOf("salesforce", "a") != world.subjectOf("salesforce", "b"));
}

TEST_CASE("case 25: a record deleted while its withdrawal is due is denied when it comes back") {
    Pair world(Shown::None, Shown::Permit);
    world.sellsy().change("b", [](Row& row) { row.deleted = true; });
    world.say(world.subject(), Decision::Withdrawn);
    world.run(20'000);
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Permit);
    world.sellsy().change("b", [](Row& row) { row.deleted = false; });
    world.run(20'000);
    CHECK(world.sellsy().shown("b", kEmail) == Shown::Absent);
}

TEST_CASE("case 28: a second opt-out before the read-back of our permit holds") {
    World world;
    world.addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::Deny}});
    world.start();
    world.clock.advance(3'600'000);
    world.system("eudonet").afterApply = [&] {
        world.clock.advance(1'000);
        world.system("eudonet").set("c", kEmail, Shown::Deny);
    };
    world.say(world.subjectOf("eudonet", "c"), Decision::Granted);
    world.run(30'000);
    CHECK(world.answer("eudonet", "c") == "deny");
    CHECK(world.system("eudonet").shown("c", kEmail) == Shown::Deny);
}

TEST_CASE("case 29: a system that keeps no permit gets one write and is parked") {
    World world;
    world.addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::Deny}});
    world.system("eudonet").ignoresPermits = true;
    world.start();
    world.clock.advance(3'600'000);
    const auto subject = world.subjectOf("eudonet", "c");
    world.say(subject, Decision::Granted);
    world.run(3'600'000);
    CHECK(world.system("eudonet").written.size() == 1);
    CHECK(world.stages(subject, "eudonet").back() == "parked");
    CHECK(world.openItems("parked") == 1);
}

TEST_CASE("case 30: withdrawn, deleted and undeleted between two polls is withdrawn") {
    Pair world(Shown::None, Shown::Permit);
    world.sellsy().set("b", kEmail, Shown::Absent);
    world.sellsy().change("b", [](Row& row) { row.deleted = true; });
    world.sellsy().change("b", [](Row& row) { row.deleted = false; });
    world.run(20'000);
    CHECK(world.answer("sellsy", "b") == "deny");
    CHECK(world.salesforce().shown("a", kEmail) == Shown::Deny);
}

TEST_CASE("case 31: evidence that the hub wrote is no news when it comes back") {
    World world;
    world.addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::Deny}});
    world.start();
    world.clock.advance(3'600'000);
    world.say(world.subjectOf("eudonet", "c"), Decision::Granted);
    world.run(20'000);
    REQUIRE(world.system("eudonet").shown("c", kEmail) == Shown::Permit);
    const auto& proof = world.system("eudonet").row("c").evidence.at(kEmail);
    CHECK(proof.purposes == std::vector<std::string>{"marketing"});
    CHECK(proof.channels == std::vector<std::string>{"email"});
    const auto events = world.store.state.events.size();
    world.system("eudonet").change("c", [](Row&) {});
    world.run(20'000);
    CHECK(world.store.state.events.size() == events);
}
