// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/people.h"

#include <set>

#include "tests/support/check.h"

using concordat::simulators::World;

TEST_CASE("the first people are the same in every vendor, the others are not") {
    const World one(7, 100, 0.6, "salesforce");
    const World two(7, 100, 0.6, "sellsy");
    CHECK(one.person(59).last == two.person(59).last);
    CHECK(one.person(59).world == two.person(59).world);
    CHECK(one.worldIndex(60) != two.worldIndex(60));
}

TEST_CASE("people are plentiful and mostly have an e-mail of their own") {
    const World world(1, 2000, 0.6, "salesforce");
    std::set<std::string> emails;
    int without = 0;
    for (std::uint64_t i = 0; i < world.size(); ++i) {
        const auto email = world.email(i);
        CHECK(world.person(i).email == email);
        if (email.empty()) {
            ++without;
        } else {
            emails.insert(email);
        }
    }
    CHECK(without > 20);
    CHECK(without < 160);
    CHECK(emails.size() > 1700);
}

TEST_CASE("some people have names that break careless code") {
    const World world(1, 2000, 0.6, "eudonet");
    std::set<std::string> last;
    for (std::uint64_t i = 0; i < world.size(); ++i) last.insert(world.person(i).last);
    CHECK(last.count("D'Angelo") == 1);
    CHECK(last.count("O'Brien") == 1);
    CHECK(last.count("Müller-Lüdenscheidt") == 1);
}

TEST_CASE("a person's topic coin falls the same way each time") {
    const World world(3, 1000, 0.5, "sellsy");
    unsigned heads = 0;
    for (std::uint64_t i = 0; i < world.size(); ++i) {
        CHECK(world.chance(i, "optout", 30) == world.chance(i, "optout", 30));
        heads += world.chance(i, "optout", 30) ? 1 : 0;
    }
    CHECK(heads > 230);
    CHECK(heads < 370);
}
