// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/policy.h"

#include <algorithm>

#include "tests/consent/histories.h"
#include "tests/support/check.h"

using namespace concordat::consent;
using concordat::tests::policy;

namespace {

bool mentions(const std::vector<std::string>& problems, const std::string& text) {
    return std::any_of(problems.begin(), problems.end(), [&](const std::string& problem) {
        return problem.find(text) != std::string::npos;
    });
}

void addPurpose(Policy& policy, const std::string& code, const std::string& parent) {
    Purpose purpose;
    purpose.code = code;
    purpose.parent = parent;
    policy.purposes[code] = purpose;
}

}  // namespace

TEST_CASE("keys are purposes by channels, and none where the purpose has no channel") {
    const auto keys = policy().keys("acme");
    CHECK(keys.size() == 4 * 4 + 1);
    CHECK(std::count(keys.begin(), keys.end(), Key{"acme", "profiling", "none"}) == 1);
    CHECK(std::count(keys.begin(), keys.end(), Key{"acme", "profiling", "email"}) == 0);
}

TEST_CASE("a purpose and everything below it") {
    CHECK(policy().withChildren("marketing") ==
          std::vector<std::string>{"marketing", "news", "offers"});
    CHECK(policy().withChildren("survey") == std::vector<std::string>{"survey"});
}

TEST_CASE("a sound vocabulary has no problems") { CHECK(policy().problems().empty()); }

TEST_CASE("a key that can be written in two ways is a problem") {
    auto twice = policy();
    addPurpose(twice, "marketing.EMAIL", "marketing");
    CHECK(mentions(twice.problems(), "(marketing, email)"));
    auto cases = policy();
    addPurpose(cases, "NEWS", "");
    CHECK(mentions(cases.problems(), "twice"));
    auto channel = policy();
    channel.channels.insert("profiling");
    CHECK(mentions(channel.problems(), "keep the purpose"));
}

TEST_CASE("any is never a channel, and a code has no @") {
    auto bad = policy();
    bad.channels.insert("any");
    addPurpose(bad, "news@2", "");
    CHECK(mentions(bad.problems(), "\"any\""));
    CHECK(mentions(bad.problems(), "no @"));
}

TEST_CASE("parents must be there and end somewhere") {
    auto bad = policy();
    addPurpose(bad, "a", "b");
    addPurpose(bad, "b", "a");
    addPurpose(bad, "c", "nowhere");
    CHECK(mentions(bad.problems(), "circle"));
    CHECK(mentions(bad.problems(), "nowhere"));
    CHECK(bad.withChildren("a") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a purpose without a version is written with the current one") {
    auto second = policy();
    second.purposes["news"].version = "2";
    CHECK(versioned("news", second) == "news@2");
    CHECK(versioned("news@1", second) == "news@1");
    CHECK(versioned("elsewhere", second) == "elsewhere");
}
