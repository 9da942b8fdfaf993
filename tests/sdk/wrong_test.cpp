// SPDX-License-Identifier: Apache-2.0
// Every check of the kit can fail: a connector with one mistake fails those that are meant to see
// it, and no others.
#include <nlohmann/json.hpp>

#include "tests/sdk/sample/vendor.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::sdk;

namespace {

/// "18 19 27": the checks that fail.
std::string failing(const conformance::Scenario& scenario) {
    std::string numbers;
    for (const auto& finding : conformance::examine(scenario)) {
        INFO(finding.number << ": " << finding.problem << finding.notRun);
        CHECK(finding.notRun.empty());
        if (!finding.problem.empty())
            numbers += (numbers.empty() ? "" : " ") + std::to_string(finding.number);
    }
    return numbers;
}

std::string failingWith(const std::string& mistake) {
    auto scenario = sample::scenario();
    scenario.settingsJson = nlohmann::json{{"mistake", mistake}}.dump();
    return failing(scenario);
}

}  // namespace

TEST_CASE("without a mistake it conforms") { CHECK(failingWith("none") == ""); }

TEST_CASE("each mistake is noticed") {
    struct Case {
        const char* mistake;
        const char* failing;
    };
    const Case sees = GENERATE(
        Case{"goes on when cancelled", "15"}, Case{"hides the setting", "16"},
        Case{"calls every probe good", "5 17"}, Case{"walks by time alone", "18"},
        Case{"begins at the newest row", "19"}, Case{"looks at the clock afterwards", "20"},
        Case{"trusts its own clock", "18 20 27 28 29"}, Case{"reads one by one", "21"},
        Case{"sends one by one", "21"}, Case{"reads at most 64 KiB", "22"},
        Case{"asks again at once", "23"}, Case{"is limited at the end", "23"},
        Case{"takes a refusal for absence", "5 24 27"}, Case{"signs in itself", "25"},
        Case{"calls trouble a refusal", "23 24 26 27"},
        Case{"calls a locked row done", "23 24 26 27"},
        Case{"drops what failed", "13 14 23 24 26 27 28 29"},
        Case{"takes trouble for absence", "24 27"}, Case{"takes any page for an empty list", "27"},
        Case{"calls what is unknown undone", "14"}, Case{"calls what is unknown done", "27"},
        Case{"pulls only what lives", "28 29"}, Case{"shows the dead", "28"},
        Case{"writes to the dead", "13 28 29"}, Case{"forgets where they live on", "29"},
        Case{"writes without a tag", "30"}, Case{"names another origin", "30"},
        Case{"prints", "31"}, Case{"quotes the vendor's words", "31"},
        Case{"logs what it searches", "31"}, Case{"remembers in a static variable", "32"});
    INFO(sees.mistake);
    CHECK(failingWith(sees.mistake) == sees.failing);
}

TEST_CASE("a failure under drawn faults names their seed") {
    auto scenario = sample::scenario();
    scenario.settingsJson = R"({"mistake":"takes trouble for absence"})";
    scenario.seed = 4711;
    const auto findings = conformance::examine(scenario);
    CHECK_THAT(findings.at(26).problem, Catch::Contains("faults drawn from seed 4711"));
}

TEST_CASE("a check that the scenario does not provide for is not run, and says why") {
    auto scenario = sample::scenario();
    scenario.stage = {};
    scenario.apart = nullptr;
    scenario.others.clear();
    std::string notRun;
    for (const auto& finding : conformance::examine(scenario)) {
        CHECK(finding.problem.empty());
        if (!finding.notRun.empty()) notRun += " " + std::to_string(finding.number);
    }
    CHECK(notRun == " 18 19 25 26 28 29 30 32");
}
