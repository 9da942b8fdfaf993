// SPDX-License-Identifier: Apache-2.0
// Pauses, caps, fuses, breakers, recovery: they stop loosening and never a withdrawal.
#include "hub/sync/inbox.h"
#include "hub/sync/rehearsal.h"
#include "hub/sync/standing.h"
#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using consent::Decision;
using sdk::Shown;

namespace {

void edit(World& world, const std::string& system, const std::function<void(Standing&)>& change) {
    world.store.write([&](store::Writer& unit) {
        auto state = standing(unit, system);
        change(state);
        put(unit, state);
    });
    world.core().wake(system);
}

struct One : World {
    One() {
        addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::Deny}});
        start();
        clock.advance(3'600'000);
    }
    ModelSystem& eudonet() { return system("eudonet"); }
    std::string subject() { return subjectOf("eudonet", "c"); }
};

}  // namespace

TEST_CASE("a pause holds a permit back until it ends, and lets a withdrawal through") {
    One world;
    edit(world, "eudonet", [](Standing& state) { state.paused = true; });
    world.say(world.subject(), Decision::Granted);
    world.run(60'000);
    CHECK(world.answer("eudonet", "c") == "permit");
    CHECK(world.eudonet().written.empty());
    edit(world, "eudonet", [](Standing& state) { state.paused = false; });
    world.run(10'000);
    CHECK(world.eudonet().shown("c", kEmail) == Shown::Permit);
    edit(world, "eudonet", [](Standing& state) { state.paused = true; });
    world.clock.advance(3'600'000);
    world.say(world.subject(), Decision::Withdrawn);
    world.run(10'000);
    CHECK(world.eudonet().shown("c", kEmail) == Shown::Deny);
}

TEST_CASE("a full stop holds everything until its time is over") {
    One world;
    world.eudonet().set("c", kEmail, Shown::Deny);
    edit(world, "eudonet",
         [&](Standing& state) { state.fullStopUntil = world.clock.wall + 600'000; });
    world.eudonet().create("d", "ada@example.org", {{kEmail, Shown::Permit}});
    world.run(300'000);
    CHECK(world.eudonet().written.empty());
    world.run(400'000);
    CHECK(world.eudonet().shown("d", kEmail) == Shown::Deny);
}

TEST_CASE("withdrawals read from missing values wait for a person above the cap") {
    World world;
    world.addFlag("salesforce");
    world.addSet("sellsy");
    world.plan("sellsy").caps = {100, 5, 5};
    for (int at = 0; at < 12; ++at) {
        const auto name = "p" + std::to_string(at);
        world.system("sellsy").create(name, name + "@example.org", {{kEmail, Shown::Permit}});
        world.system("salesforce").create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    for (int at = 0; at < 12; ++at)
        world.system("sellsy").set("p" + std::to_string(at), kEmail, Shown::Absent);
    world.run(60'000);
    const auto denied = [&] {
        int count = 0;
        for (int at = 0; at < 12; ++at)
            count +=
                world.system("salesforce").shown("p" + std::to_string(at), kEmail) == Shown::Deny;
        return count;
    };
    CHECK(denied() == 5);
    CHECK(world.openItems("cap") == 1);
    accept(world.core(), world.store.state.inbox.front().id, "dpo");
    world.run(60'000);
    CHECK(denied() == 12);
}

TEST_CASE("a withdrawal that waits above the cap outlives its row") {
    const bool showsDeleted = GENERATE(true, false);
    World world;
    world.addFlag("salesforce");
    world.addSet("sellsy").reportsDeletes = showsDeleted;
    world.plan("sellsy").caps = {100, 1, 1};
    for (const std::string name : {"a", "b"}) {
        world.system("sellsy").create(name, name + "@example.org", {{kEmail, Shown::Permit}});
        world.system("salesforce").create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    // Two leave the set, somebody new was never in it.
    world.plan("sellsy").slots.front().absence = consent::Absence::Refusal;
    for (const std::string name : {"a", "b"})
        world.system("sellsy").set(name, kEmail, Shown::Absent);
    world.system("sellsy").create("c", "c@example.org", {{kEmail, Shown::Absent}});
    world.system("salesforce").create("c", "c@example.org", {{kEmail, Shown::None}});
    world.run(60'000);
    for (const std::string name : {"a", "b", "c"})
        world.system("sellsy").change(name, [](Row& row) { row.deleted = true; });
    world.run(700'000);
    accept(world.core(), world.store.state.inbox.front().id, "dpo");
    world.run(60'000);
    for (const std::string name : {"a", "b", "c"}) {
        INFO(name);
        CHECK(world.system("salesforce").shown(name, kEmail) == Shown::Deny);
    }
}

TEST_CASE("a permit that its source keeps giving above the cap waits for a person") {
    World world;
    auto& eudonet = world.addRecord("eudonet");
    auto& other = world.addRecord("other");
    world.plan("eudonet").caps = {100, 3, 3};
    for (int at = 0; at < 8; ++at) {
        const auto name = "p" + std::to_string(at);
        eudonet.create(name, name + "@example.org", {{kEmail, Shown::None}});
        other.create(name, name + "@example.org", {{kEmail, Shown::None}});
    }
    world.start();
    for (int at = 0; at < 8; ++at)
        eudonet.change("p" + std::to_string(at), [&](Row& row) {
            row.values[kEmail] = Shown::Permit;
            sdk::Evidence evidence;
            evidence.capturedAt = sdk::VendorTime{world.clock.wall, {}, {}, {}};
            evidence.source = "web form";
            row.evidence[kEmail] = evidence;
        });
    world.run(60'000);
    CHECK(world.answer("other", "p7") == "permit");
    CHECK(other.written.size() == 3);
    CHECK(world.openItems("cap") == 1);
    accept(world.core(), world.store.state.inbox.front().id, "dpo");
    world.run(600'000);
    CHECK(other.written.size() == 8);
}

TEST_CASE("a flow that keeps undoing a withdrawal is answered once a minute") {
    One world;
    world.say(world.subject(), Decision::Withdrawn);
    for (int round = 0; round < 60; ++round) {
        world.eudonet().set("c", kEmail, Shown::Permit);
        world.run(6'000);
    }
    world.run(120'000);
    CHECK(world.eudonet().shown("c", kEmail) == Shown::Deny);
    CHECK(world.openIncidents("fuse") == 1);
    CHECK(world.eudonet().written.size() < 20);
}

TEST_CASE("a rejected withdrawal is parked with the vendor's words, an incident, and tried daily") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.system("sellsy").rejects = "this contact is locked";
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(3'600'000);
    const auto subject = world.subjectOf("sellsy", "b");
    CHECK(world.stages(subject, "sellsy") == std::vector<std::string>{"parked"});
    CHECK(world.store.state.deliveries.back().message == "this contact is locked");
    CHECK(world.openIncidents("parked_withdrawal") == 1);
    world.system("sellsy").rejects.clear();
    world.clock.advance(86'400'000);
    world.run(60'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.openIncidents("parked_withdrawal") == 0);
}

TEST_CASE("another account than the pinned one stops the lanes and names both") {
    One world;
    world.eudonet().tenant = "somebody-else";
    world.run(7'200'000);
    CHECK(world.openIncidents("tenant") == 1);
    world.say(world.subject(), Decision::Granted);
    world.run(60'000);
    CHECK(world.eudonet().written.empty());
}

TEST_CASE("after a restored store nothing is loosened until every system was read again") {
    One world;
    world.store.write([](store::Writer& unit) { beginRecovery(unit, {"eudonet"}); });
    world.eudonet().isDown = true;
    world.say(world.subject(), Decision::Granted);
    world.run(60'000);
    CHECK(world.eudonet().written.empty());
    world.eudonet().isDown = false;
    world.run(400'000);
    CHECK(world.store.state.recovered);
    CHECK(world.eudonet().shown("c", kEmail) == Shown::Permit);
}

TEST_CASE("a system that does not answer opens its breaker, and is served when it is back") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.system("sellsy").isDown = true;
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(600'000);
    CHECK(world.openIncidents("breaker") == 2);
    world.system("sellsy").isDown = false;
    world.run(120'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.openIncidents("breaker") == 0);
}

TEST_CASE("a system opens only when a person approved the figures of its rehearsal") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::Deny}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    for (auto& plan : world.company.systems) plan.opensByItself = false;
    world.start();
    CHECK(world.system("sellsy").written.empty());
    const auto first = rehearse(world.core(), {"salesforce", "sellsy"});
    REQUIRE(first.systems.size() == 2);
    CHECK(first.systems[1].tightening == 1);
    CHECK(first.systems[0].tightening == 0);
    CHECK(first.systems[0].untouched == 1);
    CHECK(first.subjects == 1);

    world.system("sellsy").create("c", "ada@example.org", {{kEmail, Shown::Permit}});
    world.run(10'000);
    CHECK_THROWS_AS(approve(world.core(), first.id, "dpo"), RequestError);
    const auto second = rehearse(world.core(), {"salesforce", "sellsy"});
    approve(world.core(), second.id, "dpo");
    world.run(10'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.system("sellsy").shown("c", kEmail) == Shown::Absent);
}

TEST_CASE("a webhook brings the change at once, and a broken one goes to quarantine") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    for (auto& plan : world.company.systems) plan.pollIntervalMs = 3'600'000;
    world.start();
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.webhook("salesforce", "a");
    world.run(1'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.store.state.webhooks.empty());
    for (int round = 0; round < 3; ++round) {
        if (round == 0) world.webhook("salesforce", "garbage");
        world.core().wake("salesforce");
        world.run(100);
    }
    REQUIRE(world.store.state.webhooks.size() == 1);
    CHECK_FALSE(world.store.state.webhooks.front().problem.empty());
}

TEST_CASE("a write that the vendor finishes later is asked for and then read back") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.system("sellsy").pendingToken = "job-1";
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(60'000);
    CHECK(world.stages(world.subjectOf("sellsy", "b"), "sellsy") ==
          std::vector<std::string>{"sent", "accepted", "verified"});
}

TEST_CASE("an authoritative reply verifies a write without another read") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.system("sellsy").answersWithValues = true;
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(20'000);
    CHECK(world.stages(world.subjectOf("sellsy", "b"), "sellsy") ==
          std::vector<std::string>{"accepted", "verified"});
}

TEST_CASE("a permit whose write never arrived is sent once more, one that was undone is not") {
    One world;
    world.eudonet().faults.neverArrived = 100;
    world.say(world.subject(), Decision::Granted);
    world.run(1'000);
    CHECK(world.eudonet().written.empty());
    world.eudonet().faults.neverArrived = 0;
    world.run(600'000);
    CHECK(world.eudonet().shown("c", kEmail) == Shown::Permit);
    CHECK(world.eudonet().written.size() == 1);
    CHECK(world.openItems("parked") == 0);

    One other;
    other.eudonet().faults.lostReply = 100;
    other.say(other.subject(), Decision::Granted);
    while (other.eudonet().written.empty()) other.run(100);
    other.eudonet().set("c", kEmail, Shown::Deny);
    other.run(600'000);
    CHECK(other.eudonet().shown("c", kEmail) == Shown::Deny);
    CHECK(other.eudonet().written.size() == 1);
}

TEST_CASE("a replica that shows a write late is read again and not written again") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.plan("sellsy").slots.front().slot.settleMs = 10'000;
    world.start();
    world.system("sellsy").faults.visibleAfterMs = 8'000;
    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(60'000);
    CHECK(world.system("sellsy").written.size() == 1);
    CHECK(world.stages(world.subjectOf("sellsy", "b"), "sellsy") ==
          std::vector<std::string>{"accepted", "verified"});
}
