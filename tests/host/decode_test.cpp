// SPDX-License-Identifier: Apache-2.0
#include "hub/host/decode.h"

#include "sdk/concordat/json.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;

namespace {

std::string problem(const std::string& json) {
    try {
        Decoder().decode<sdk::Page>({json, {}});
        return "none";
    } catch (const sdk::MessageError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("the hub's fast reader and the SDK's read the same") {
    const sdk::VendorTime time{
        .at = -5, .precision = sdk::Precision::Second, .utcOffsetMinutes = -60};
    const sdk::Observation seen{
        .record = {"Contact", "\u00e9\"\\\n"},
        .identifiers = {{sdk::IdentifierKind::Phone, "+33", ""}},
        .slots = {{"email", sdk::Shown::Absent, time, sdk::Evidence{.method = "m"}, "r"}},
        .modifiedAt = time,
        .version = 9'007'199'254'740'993,
        .deleted = true};
    const auto text = encode(sdk::Page{.observations = {seen, seen}, .cursor = "c"}).json;
    Decoder decoder;
    CHECK(encode(decoder.decode<sdk::Page>({text, {}})).json == text);
    CHECK(encode(sdk::decode<sdk::Page>(text)).json == text);
    const auto description =
        encode(sdk::Description{.settingsSchemaJson = R"({"a":[1,2.5,null]})"}).json;
    CHECK(encode(decoder.decode<sdk::Description>({description, {}})).json == description);
}

TEST_CASE("bytes that are no message are refused with the field") {
    CHECK(problem("") == "the message is not JSON");
    CHECK(problem("{\"cursor\":\"\xff\"}") == "the message is not JSON");
    CHECK(problem(std::string(5000, '[')) == "the message is not JSON");
    CHECK(problem(R"({"waitMs":1.5})") == "the message, field waitMs: a whole number is expected");
}

TEST_CASE("a message with more values than memory should be spent on is refused") {
    std::string json = R"({"observations":[{})";
    for (int i = 0; i < 300'000; ++i) json += ",{}";
    CHECK_THAT(problem(json + "]}"), Catch::Contains("too many values"));
}
