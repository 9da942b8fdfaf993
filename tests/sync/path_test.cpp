// SPDX-License-Identifier: Apache-2.0
#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync::test;
using sdk::Shown;

TEST_CASE("a withdrawal in one system reaches the others and is read back") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
    world.addSet("sellsy").create("b", "Ada@Example.org ", {{kEmail, Shown::Permit}});
    world.addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::None}});
    world.start();
    CHECK(world.answer("salesforce", "a") == "unknown");
    CHECK(world.subjectOf("salesforce", "a") == world.subjectOf("eudonet", "c"));
    for (const auto* name : {"salesforce", "sellsy", "eudonet"})
        CHECK(world.system(name).written.empty());

    world.system("salesforce").set("a", kEmail, Shown::Deny);
    world.run(20'000);

    CHECK(world.answer("sellsy", "b") == "deny");
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.system("eudonet").shown("c", kEmail) == Shown::Deny);
    const auto subject = world.subjectOf("sellsy", "b");
    CHECK(world.stages(subject, "sellsy") == std::vector<std::string>{"accepted", "verified"});
    CHECK(world.stages(subject, "eudonet") == std::vector<std::string>{"accepted", "verified"});
    CHECK(world.system("salesforce").written.empty());
    CHECK(world.system("sellsy").written.size() == 1);
}

TEST_CASE("with no outside change nothing more is written") {
    World world;
    world.addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::Deny}});
    world.addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
    world.start();
    world.run(20'000);
    const auto written = world.system("sellsy").written.size();
    CHECK(written == 1);
    const auto events = world.store.state.events.size();
    world.run(600'000);
    CHECK(world.system("sellsy").written.size() == written);
    CHECK(world.store.state.events.size() == events);
}
