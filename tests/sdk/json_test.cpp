// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/json.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"

using namespace concordat::sdk;
using nlohmann::json;

namespace {

Observation fullObservation() {
    const VendorTime time{.at = 1'700'000'000'123,
                          .precision = Precision::Day,
                          .utcOffsetMinutes = 60,
                          .atLatest = 5};
    const Evidence evidence{.capturedAt = time,
                            .source = "web form",
                            .purposes = {"newsletter@2"},
                            .contactPoints = {"ada@example.org"}};
    return {.record = {"Contact", "1"},
            .organisation = true,
            .identifiers = {{IdentifierKind::External, "42", "sap"}},
            .slots = {{"email", Shown::Absent, time, evidence, "é\"\\\n\x01 𝄞"}},
            .modifiedAt = time,
            .version = -1,
            .askedAt = 9,
            .actor = "ada",
            .origin = "hub",
            .deleted = true,
            .mergedInto = RecordRef{"Contact", "2"}};
}

std::string problem(const std::string& text) {
    try {
        decode<Page>(text);
        return "none";
    } catch (const MessageError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("what is empty, absent or default is left out; enumerations always stand") {
    CHECK(encode(Observation{}).json == R"({"record":{}})");
    CHECK(encode(SlotReading{.slot = "email"}).json == R"({"slot":"email","shown":"none"})");
    CHECK(encode(Outcome{.kind = OutcomeKind::NotFound}).json == R"({"kind":"not_found"})");
    CHECK(encode(Subscription{.id = "7", .active = false}).json == R"({"id":"7","active":false})");
}

TEST_CASE("an observation comes back as it was") {
    const Page page{
        .observations = {fullObservation(), {}}, .cursor = "c", .more = true, .waitMs = 3};
    const auto text = encode(page).json;
    const auto back = decode<Page>(text);
    REQUIRE(back.observations.size() == 2);
    const auto& seen = back.observations[0];
    CHECK(seen.slots.at(0).raw == "é\"\\\n\x01 𝄞");
    CHECK(seen.slots.at(0).evidence == fullObservation().slots[0].evidence);
    CHECK(seen.slots.at(0).time->atLatest == 5);
    CHECK(seen.mergedInto == RecordRef{"Contact", "2"});
    CHECK(seen.version == -1);
    CHECK(encode(back).json == text);
}

TEST_CASE("the text is what any other JSON library reads") {
    const json tree = fullObservation();
    CHECK(tree == json::parse(encode(fullObservation()).json));
    CHECK(tree.at("slots").at(0).at("raw") == "é\"\\\n\x01 𝄞");
    CHECK(encode(tree.get<Observation>()).json == encode(fullObservation()).json);
}

TEST_CASE("JSON inside a description stands there as JSON") {
    const Description description{.id = "x",
                                  .settingsSchemaJson = R"({ "type": "object" })",
                                  .auth = {{"basic", R"({"user":"u"})"}}};
    const auto text = encode(description).json;
    CHECK_THAT(text, Catch::Contains(R"("settingsSchema":{"type":"object"})"));
    CHECK(decode<Description>(text).settingsSchemaJson == R"({"type":"object"})");
    CHECK_THROWS_AS(encode(Description{.settingsSchemaJson = "{"}), MessageError);
}

TEST_CASE("raw bodies travel as attachments") {
    const HttpCall call{{{.body = std::string("\xff\0", 2)}, {}, {.body = "two"}}};
    const auto encoded = encode(call);
    CHECK_THAT(encoded.json, Catch::Contains(R"("attachment":1)"));
    REQUIRE(encoded.attachments.size() == 2);
    const auto back = decode<HttpCall>(encoded.json, encoded.attachments);
    CHECK(back.requests.at(0).body == std::string("\xff\0", 2));
    CHECK(back.requests.at(1).body.empty());
    CHECK(back.requests.at(2).body == "two");
    CHECK(json(HttpReply{.body = "text"}).at("body") == "text");
}

TEST_CASE("unknown fields are ignored and null ones are absent") {
    const auto page = decode<Page>(R"({"new":{"a":[1]},"cursor":null,"more":true})");
    CHECK(page.more);
    CHECK(page.cursor.empty());
}

TEST_CASE("what does not fit names the field and quotes no value") {
    CHECK(problem("[]") == "the message: an object is expected");
    CHECK(problem(R"({"more":"ada@example.org"})") ==
          "the message, field more: true or false is expected");
    CHECK(problem(R"({"observations":[{"record":{"id":7}}]})") ==
          "the message, field observations.record.id: a text is expected");
    CHECK(problem(R"({"observations":[{"slots":[{"shown":"maybe"}]}]})") ==
          "the message, field observations.slots.shown: the value is not one of those the protocol "
          "knows");
    CHECK(problem("{") == "the message is not JSON");
    CHECK_THROWS_AS(decode<PullRequest>(R"({"pageSize":99999999999})"), MessageError);
    CHECK_THROWS_AS(decode<NowReply>(R"({"now":18446744073709551615})"), MessageError);
}

TEST_CASE("text that is not UTF-8 is refused, not changed") {
    for (const char* bad :
         {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80"})
        CHECK_THROWS_AS(encode(PullRequest{.cursor = bad}), MessageError);
    CHECK_NOTHROW(encode(PullRequest{.cursor = "é\xed\x9f\xbf\xf4\x8f\xbf\xbf"}));
}
