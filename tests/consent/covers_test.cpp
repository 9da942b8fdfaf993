// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/covers.h"

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using namespace concordat::tests;

namespace {

Event restriction(std::vector<std::string> purposes, std::vector<std::string> channels) {
    auto result = event(Decision::Withdrawn, "w", kNow);
    result.purposes = std::move(purposes);
    result.channels = std::move(channels);
    return result;
}

}  // namespace

TEST_CASE("a restriction reaches what it names and what lies below") {
    CHECK(reachOf(restriction({"news"}, {"email"}), kNewsEmail, policy()) == Reach::Named);
    CHECK(reachOf(restriction({"news@1"}, {"email"}), kNewsEmail, policy()) == Reach::Named);
    CHECK(reachOf(restriction({"marketing"}, {"email"}), kNewsEmail, policy()) == Reach::Widened);
    CHECK(reachOf(restriction({"news"}, {"any"}), kNewsEmail, policy()) == Reach::Widened);
    CHECK(reachOf(restriction({"offers"}, {"email"}), kNewsEmail, policy()) == Reach::No);
    CHECK(reachOf(restriction({"news"}, {"sms"}), kNewsEmail, policy()) == Reach::No);
}

TEST_CASE("only an objection spreads over direct marketing") {
    auto objection = restriction({"offers"}, {"email"});
    objection.decision = Decision::Objected;
    CHECK(reachOf(objection, kNewsEmail, policy()) == Reach::Widened);
    CHECK(reachOf(objection, {"acme", "survey", "email"}, policy()) == Reach::No);
    objection.purposes = {"survey"};
    CHECK(reachOf(objection, kNewsEmail, policy()) == Reach::No);
}

TEST_CASE("a circle of parents ends") {
    auto circle = policy();
    circle.purposes["marketing"].parent = "news";
    CHECK(reachOf(restriction({"survey"}, {"email"}), kNewsEmail, circle) == Reach::No);
}

TEST_CASE("a scope that spreads reaches its group and nobody else") {
    auto said = restriction({"news"}, {"email"});
    said.scope = "beta";
    CHECK(reachOf(said, kNewsEmail, policy()) == Reach::Named);
    said.scope = "acme";
    CHECK(reachOf(said, {"beta", "news", "email"}, policy()) == Reach::No);
    said.scope = "unheard of";
    CHECK(reachOf(said, kNewsEmail, policy()) == Reach::No);
}

TEST_CASE("a cover is spelled out, and none goes with purposes that have no channel") {
    const auto keys = keysOf("acme", {"news", "profiling"}, {"email", "none"}, policy());
    CHECK(keys == std::vector<Key>{{"acme", "news", "email"}, {"acme", "profiling", "none"}});
    CHECK(keysOf("acme", {"news", "profiling"}, {"any"}, policy()).size() == 5);
}

TEST_CASE("a grant covers the channel, version and addresses that it names") {
    auto given = grant("g", kNow);
    CHECK(coverageOf(given, kNewsEmail, policy(), {}) == Coverage::Covers);
    CHECK(coverageOf(given, {"acme", "news", "sms"}, policy(), {}) == Coverage::No);
    CHECK(coverageOf(given, {"beta", "news", "email"}, policy(), {}) == Coverage::No);
    given.points = {"e:old"};
    CHECK(coverageOf(given, kNewsEmail, policy(), {"e:old", "e:new"}) == Coverage::Covers);
    CHECK(coverageOf(given, kNewsEmail, policy(), {"e:new"}) == Coverage::Outdated);
    CHECK(coverageOf(given, kNewsEmail, policy(), {"p:home"}) == Coverage::Covers);
    given.purposes = {"news@7"};
    CHECK(coverageOf(given, kNewsEmail, policy(), {}) == Coverage::Outdated);
}

TEST_CASE("any in a grant grants nothing") {
    auto given = grant("g", kNow);
    given.channels = {"any"};
    CHECK(coverageOf(given, kNewsEmail, policy(), {}) == Coverage::No);
}
