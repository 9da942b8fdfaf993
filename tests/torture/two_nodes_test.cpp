// SPDX-License-Identifier: Apache-2.0
// Two hub nodes on one store, one of them stopped past its lease. tests/model/lease.pml searches
// all ways this can go; these are the ones that went wrong.
#include <utility>

#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync::test;
using sdk::Shown;

namespace {

constexpr sync::EpochMs kPastLease = 70'000;

/// One world, and a second node of it.
struct TwoNodes {
    TwoNodes() {
        world.addFlag("one").create("a", "ada@example.org", {{kEmail, Shown::None}});
        world.addFlag("two").create("b", "ada@example.org", {{kEmail, Shown::None}});
        world.start();
        otherPlan = world.company;
        otherPlan.settings.node = "2";
        other = std::make_unique<Program>(world.store, otherPlan, world.clock, world.random);
        for (const auto& plan : otherPlan.systems)
            other->connect(plan, world.system(plan.name), world.system(plan.name));
    }

    /// The next write to "two" is stopped before it is sent; `meanwhile` happens past its lease.
    void stopNextWrite(std::function<void()> meanwhile) {
        world.system("two").beforeApply = [this, act = std::move(meanwhile)](const auto&) {
            if (std::exchange(wasStopped, true)) return;
            world.clock.advance(kPastLease);
            act();
        };
    }

    std::vector<store::TargetRecord> rows() {
        std::vector<store::TargetRecord> found;
        world.store.read([&](store::Reader& reader) {
            found = reader.targetRecords(world.subjectOf("two", "b"), "two");
        });
        return found;
    }

    World world;
    bool wasStopped = false;
    sync::Plan otherPlan;
    std::unique_ptr<Program> other;
};

}  // namespace

TEST_CASE("a result of a lane whose lease has ended changes nothing") {
    TwoNodes nodes;
    auto& two = nodes.world.system("two");
    nodes.stopNextWrite([&] {
        nodes.other->writers[1]->step();
        two.rejects = "refused, but that lane is out";
    });
    nodes.world.system("one").set("a", kEmail, Shown::Deny);
    nodes.world.run(1'000);
    two.rejects.clear();
    CHECK(two.shown("b", kEmail) == Shown::Deny);
    REQUIRE(nodes.rows().size() == 1);
    CHECK_FALSE(nodes.rows().front().parked);
    CHECK(nodes.world.openIncidents("parked_withdrawal") == 0);
    nodes.world.run(60'000);
    CHECK(nodes.rows().front().verifiedGeneration == nodes.rows().front().sentGeneration);
}

TEST_CASE("a withdrawal whose node was stopped before it was sent goes out once the lease ends") {
    TwoNodes nodes;
    bool wasSent = false;
    nodes.stopNextWrite([&] {
        nodes.other->writers[1]->step();
        wasSent = nodes.world.system("two").shown("b", kEmail) == Shown::Deny;
    });
    nodes.world.system("one").set("a", kEmail, Shown::Deny);
    nodes.world.run(1'000);
    CHECK(wasSent);
}

TEST_CASE("a permit that commits after the withdrawal was verified is found and taken back") {
    World world;
    world.addFlag("one").create("a", "ada@example.org", {{kEmail, Shown::None}});
    auto& two = world.addRecord("two");
    two.create("b", "ada@example.org", {{kEmail, Shown::None}});
    world.plan("two").commitDelayMs = 90'000;
    world.plan("two").pollIntervalMs = 3'600'000;  // only the read-back can find it
    world.start();
    const auto subject = world.subjectOf("two", "b");
    two.faults.late = 100;
    two.faults.lateByMs = 80'000;
    world.say(subject, consent::Decision::Granted);
    world.run(1'000);
    two.faults = {};
    world.say(subject, consent::Decision::Withdrawn);
    world.run(30'000);
    REQUIRE(two.shown("b", kEmail) == Shown::Deny);
    world.run(200'000);
    CHECK(two.shown("b", kEmail) == Shown::Deny);
    CHECK(world.answer("two", "b") == "deny");
    CHECK(world.openItems("candidate") == 0);
}
