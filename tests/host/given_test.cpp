// SPDX-License-Identifier: Apache-2.0
#include "hub/host/given.h"

#include "sdk/concordat/edge.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;

namespace {

/// Gives `times` times an object whose JSON claims `size` bytes; tells the status and the JSON the
/// hub makes of it.
std::string outcome(int times, std::uint64_t size, int status, std::uint32_t attachments = 0) {
    const std::string json = "{}";
    const concordat_message message{
        sizeof(concordat_message), attachments, {json.data(), size}, nullptr};
    Given given;
    const auto reply = given.reply();
    for (int i = 0; i < times; ++i) reply.give(reply.context, &message);
    const auto checked = given.checked(status);
    return std::to_string(checked) + " " + std::string(given.payload().json);
}

}  // namespace

TEST_CASE("an answer given once is taken as it is") {
    CHECK(outcome(1, 2, CONCORDAT_OK) == "0 {}");
    CHECK(outcome(1, 2, CONCORDAT_CANCELLED) == "4 {}");
}

TEST_CASE("an answer that never comes, comes twice or is too large is a failure") {
    CHECK_THAT(outcome(0, 2, CONCORDAT_OK), Catch::Contains("without an answer"));
    CHECK_THAT(outcome(2, 2, CONCORDAT_OK), Catch::Contains("more than once"));
    CHECK_THAT(outcome(1, 17u << 20, CONCORDAT_OK), Catch::Contains("larger than"));
    CHECK_THAT(outcome(1, 2, CONCORDAT_OK, 5000), Catch::Contains("larger than"));
    CHECK_THAT(outcome(1, 2, 77), Catch::Contains("status that the ABI does not have"));
}
