// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/diff.h"

#include <algorithm>

#include "tests/flowmap/lists.h"
#include "tests/flowmap/small_company.h"
#include "tests/support/check.h"

namespace concordat::flowmap {

using testing::smallCompany;
using testing::text;

namespace {

std::vector<Change> changed(void (*change)(manifest::Flow&)) {
    const auto base = smallCompany();
    auto proposed = base;
    change(proposed.systems.front().flows.front());
    return changesBetween(base, proposed);
}

}  // namespace

TEST_CASE("the same map has no changes") {
    CHECK(changesBetween(smallCompany(), smallCompany()).empty());
}

TEST_CASE("a category more widens, and a category less narrows") {
    const auto more =
        changed([](manifest::Flow& flow) { flow.categories.push_back("CONTACT.PHONE"); });
    REQUIRE(more.size() == 1);
    CHECK(more.front().effect == Effect::Widens);
    CHECK(more.front().unit == "integration/crm");
    CHECK(more.front().after == "\"CONTACT.PHONE\"");
    const auto less = changed([](manifest::Flow& flow) { flow.categories.clear(); });
    REQUIRE(less.size() == 1);
    CHECK(less.front().effect == Effect::Narrows);
}

TEST_CASE("the last host taken away opens all hosts of the connector, and widens") {
    auto base = smallCompany();
    manifest::Host host;
    host.name = "api.example.com";
    base.systems.front().flows.front().hosts = {host};
    const auto changes = changesBetween(base, smallCompany());
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().effect == Effect::Widens);
}

TEST_CASE("a swap of categories is both") {
    const auto swapped = changed([](manifest::Flow& flow) { flow.categories = {"CONTACT.PHONE"}; });
    REQUIRE(swapped.size() == 2);
    CHECK(swapped.front().effect != swapped.back().effect);
}

TEST_CASE("another legal basis widens, and a comment is no change") {
    const auto basis = changed(
        [](manifest::Flow& flow) { flow.terms.front().basis = text("LEGITIMATE_INTEREST"); });
    REQUIRE_FALSE(basis.empty());
    CHECK(std::any_of(basis.begin(), basis.end(),
                      [](const Change& one) { return one.effect == Effect::Widens; }));
    CHECK(changed([](manifest::Flow& flow) { flow.comment = "see minutes"; }).empty());
}

TEST_CASE("a change keeps its id and another value has another") {
    const auto one = changed([](manifest::Flow& f) { f.categories.push_back("CONTACT.PHONE"); });
    const auto same = changed([](manifest::Flow& f) { f.categories.push_back("CONTACT.PHONE"); });
    const auto other = changed([](manifest::Flow& f) { f.categories.push_back("CONTACT.FAX"); });
    REQUIRE_FALSE(one.empty());
    CHECK(one.front().id == same.front().id);
    CHECK(one.front().id != other.front().id);
}

}  // namespace concordat::flowmap
