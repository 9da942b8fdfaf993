// SPDX-License-Identifier: Apache-2.0
// The table over an author's class, called as the hub calls it.
#include "sdk/concordat/connector.h"
#include "sdk/conformance/caller.h"
#include "tests/sdk/sample/vendor.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::sdk;
using conformance::Caller;

namespace {

/// Status and reason of one call.
std::string outcome(const conformance::Scenario& scenario,
                    std::string_view method,
                    const std::string& json) {
    const auto reply = Caller(scenario).raw(method, {json, {}});
    return std::to_string(reply.status) + " " + reply.json;
}

}  // namespace

TEST_CASE("methods that are not overridden, and unknown ones, are not implemented") {
    const auto scenario = sample::scenario();
    for (const auto method : {method::kDiscover, method::kExport, method::kErase, method::kHealth})
        CHECK_THAT(outcome(scenario, method, "{}"), Catch::StartsWith("1 {\"error\":"));
    CHECK_THAT(outcome(scenario, "fly", "{}"), Catch::StartsWith("1 {\"error\":"));
}

TEST_CASE("a request that cannot be read is a bad message, with the field") {
    CHECK(outcome(sample::scenario(), method::kPull, R"({"cursor":1})") ==
          R"(2 {"error":"the message, field cursor: a text is expected"})");
}

TEST_CASE("a failure inside the connector is its reason") {
    auto scenario = sample::scenario();
    scenario.vendor = [](const HttpRequest&) {
        return HttpReply{.kind = HttpClass::Transient, .error = "the vendor is away"};
    };
    CHECK(outcome(scenario, method::kPull, "{}") ==
          R"(3 {"error":"reading Sample's contacts failed: Sample could not be reached"})");
}

TEST_CASE("a reply that the connector did not expect is a failure with a reason") {
    auto scenario = sample::scenario();
    scenario.vendor = [](const HttpRequest&) -> HttpReply {
        return {.kind = HttpClass::Ok, .status = 200, .body = "\"not an object\""};
    };
    CHECK_THAT(outcome(scenario, method::kPull, "{}"), Catch::StartsWith("3 {\"error\":"));
}

TEST_CASE("the table carries its size and the version it was built for") {
    CHECK(concordat_connector.size == sizeof(concordat_connector_table));
    CHECK(concordat_connector.abi_version == CONCORDAT_ABI_VERSION);
    CHECK(conformance::describe(sample::scenario()).id == "sample");
}
