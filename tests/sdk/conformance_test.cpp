// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "tests/sdk/sample/vendor.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::sdk;

namespace {

/// The numbers of the checks that fail.
std::vector<int> failing(const conformance::Scenario& scenario) {
    std::vector<int> numbers;
    for (const auto& finding : conformance::examine(scenario))
        if (!finding.problem.empty()) numbers.push_back(finding.number);
    return numbers;
}

}  // namespace

TEST_CASE("the sample connector conforms") {
    std::ostringstream out;
    CHECK(conformance::report(sample::scenario(), out) == 0);
    CHECK_THAT(out.str(), Catch::Contains("ok   32 in a process of its own it says the same") &&
                              Catch::EndsWith("The connector conforms.\n"));
}

TEST_CASE("a vendor that forgets what is written is noticed") {
    auto scenario = sample::scenario();
    scenario.vendor = [vendor = scenario.vendor](const HttpRequest& request) {
        if (request.method != "POST") return vendor(request);
        return HttpReply{.kind = HttpClass::Ok, .status = 200, .body = "[200]"};
    };
    const auto numbers = failing(scenario);
    CHECK(std::find(numbers.begin(), numbers.end(), 11) != numbers.end());
}

TEST_CASE("a failing check names the problem and the fix") {
    auto scenario = sample::scenario();
    scenario.vendor = [](const HttpRequest&) {
        return HttpReply{.kind = HttpClass::Transient, .error = "the vendor is away"};
    };
    std::ostringstream out;
    CHECK(conformance::report(scenario, out) == 1);
    CHECK_THAT(out.str(),
               Catch::Contains("problem: pull fails: reading Sample's contacts failed: Sample "
                               "could not be reached\n") &&
                   Catch::Contains("fix:     Walk the vendor's pages"));
}
