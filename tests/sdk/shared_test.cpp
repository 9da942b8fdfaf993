// SPDX-License-Identifier: Apache-2.0
// What connectors share: times, texts, JSON that may be anything, answers, exchanges, cursors.
#include "sdk/concordat/answer.h"
#include "sdk/concordat/cursor.h"
#include "sdk/concordat/exchange.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/times.h"
#include "tests/plugins/scripted_host.h"
#include "tests/support/check.h"

using namespace concordat::sdk;
using concordat::plugins::testing::ScriptedHost;
using nlohmann::json;

namespace {

constexpr EpochMs kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z

struct Walk {
    std::optional<int> round;
    int rows = 0;
};
constexpr CursorFormat kFormat{"acme"};

Walk readWalk(const json& tree) {
    return {optionalIn<int>(tree, "round"), tree.at("rows").get<int>()};
}
json writeWalk(const Walk& walk) {
    json tree = {{"rows", walk.rows}};
    putIn(tree, "round", walk.round);
    return tree;
}

Answer ended(Ending ending, std::int64_t retryAfterMs = 0) {
    Answer answer;
    answer.ending = ending;
    answer.retryAfterMs = retryAfterMs;
    return answer;
}

std::string brief(const Outcome& outcome) {
    static constexpr const char* kNames[] = {"applied",  "unchanged", "conflict", "not_found",
                                             "rejected", "retry",     "pending",  "unknown"};
    return std::string(kNames[static_cast<int>(outcome.kind)]) + " " +
           std::to_string(outcome.retryAfterMs);
}

}  // namespace

TEST_CASE("an ISO time needs its offset and a day that exists") {
    CHECK(parseIsoTime("2026-03-01T12:00:00Z") == kNoon);
    CHECK(parseIsoTime("2026-03-01T13:00:00.25+01:00") == kNoon + 250);
    CHECK(parseIsoTime("2026-03-01T06:30:00.000-0530") == kNoon);
    for (const char* wrong :
         {"", "2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "2026-03-01 12:00:00Z",
          "2026-03-01T24:00:00Z", "2026-03-01T12:00:00+1", "2026-03-01T12:00:00.5"})
        CHECK_FALSE(parseIsoTime(wrong));
    CHECK(isoSeconds(kNoon + 999) == "2026-03-01T12:00:00");
    CHECK(isoSeconds(-1) == "1969-12-31T23:59:59");
}

TEST_CASE("an HTTP date is read as it is written") {
    CHECK(httpDate(kNoon + 999) == "Sun, 01 Mar 2026 12:00:00 GMT");
    CHECK(parseHttpDate(httpDate(kNoon)) == kNoon);
    CHECK(parseHttpDate("Sun, 01 Mar 2026 12:00:60 GMT") == kNoon + 60'000);
    for (const char* wrong : {"", "Sun, 01 Mär 2026 12:00:00 GMT", "Sun, 31 Feb 2026 12:00:00 GMT",
                              "Sun, 01 Mar 2026 12:00:00"})
        CHECK_FALSE(parseHttpDate(wrong));
}

TEST_CASE("a text is encoded, cut and compared without breaking a character") {
    CHECK(percentEncode("a b'é%~") == "a%20b%27%C3%A9%25~");
    CHECK(shortened("été", 4) == "ét…");
    CHECK(shortened("été", 3) == "ét…");
    CHECK(shortened("été", 5) == "été");
    CHECK(lowered(" \tAda@Example.ORG\n") == "ada@example.org");
    CHECK(lowered("  ") == "");
}

TEST_CASE("two writings of one number are one, and other numbers are not") {
    CHECK(sameNumber("06 12 34 56 78", "+33 (0)6 12 34 56 78"));
    CHECK(sameNumber("0033612345678", "+33612345678"));
    CHECK_FALSE(sameNumber("+33612345678", "+39612345678"));
    CHECK_FALSE(sameNumber("", ""));
    CHECK_FALSE(sameNumber("12 34", "+33 12 34"));
    const Observation seen{.identifiers = {{IdentifierKind::Email, "Ada@Example.org", "email"},
                                           {IdentifierKind::External, "7", "erp"}}};
    CHECK(holds(seen, {IdentifierKind::Email, "ada@example.ORG ", ""}));
    CHECK(holds(seen, {IdentifierKind::External, "7", "erp"}));
    CHECK_FALSE(holds(seen, {IdentifierKind::External, "7", "other"}));
}

TEST_CASE("a member that is not there is null, and a setting of the wrong type is named") {
    const json tree = {{"a", {{"b", 7}}}, {"text", "x"}};
    CHECK(textOf(member(member(tree, "a"), "b")) == "7");
    CHECK(member(member(tree, "text"), "b").is_null());
    CHECK(textOf(member(tree, "a")) == "");
    CHECK(setting(tree, "none", std::string("usual")) == "usual");
    CHECK_THROWS_WITH(setting(tree, "text", 1, "a."),
                      "setting a.text has the wrong type; see the connector's settings");
    CHECK(written(json("\xFF")) == "\"�\"");
}

TEST_CASE(
    "a reply without an answer is late for a reading and unclear for what may have been sent") {
    const HttpReply lost{.kind = HttpClass::Transient, .maybeSent = true};
    CHECK(silence(lost, "Acme", true).ending == Ending::Later);
    CHECK(silence(lost, "Acme", false).ending == Ending::Unclear);
    CHECK(silence({.kind = HttpClass::Transient, .retryAfterMs = 7'000}, "Acme", false)
              .retryAfterMs == 7'000);
    CHECK(silence({.kind = HttpClass::Cancelled}, "Acme", true).ending == Ending::Cancelled);
    CHECK(silence({.kind = HttpClass::Auth}, "Acme", false).reason == "Acme refused the sign-in");
    CHECK(silence({.kind = HttpClass::Permanent}, "Acme", false).ending == Ending::Refused);
}

TEST_CASE("a status without words of the vendor's means the usual") {
    CHECK(endingOfStatus(204, false) == Ending::Done);
    CHECK(endingOfStatus(401, false) == Ending::SignIn);
    CHECK(endingOfStatus(403, false) == Ending::Refused);
    CHECK(endingOfStatus(412, false) == Ending::Conflict);
    CHECK(endingOfStatus(429, false) == Ending::Later);
    CHECK(endingOfStatus(408, false) == Ending::Unclear);
    CHECK(endingOfStatus(503, false) == Ending::Unclear);
    CHECK(endingOfStatus(503, true) == Ending::Later);
}

TEST_CASE("an item's outcome follows from how its request ended") {
    CHECK(brief(outcomeOf(ended(Ending::Done))) == "applied 0");
    CHECK(brief(outcomeOf(ended(Ending::TooLarge))) == "rejected 0");
    CHECK(brief(outcomeOf(ended(Ending::Later, 7'000))) == "retry 7000");
    CHECK(brief(outcomeOf(ended(Ending::Locked))) == "retry 1000");
    CHECK(brief(outcomeOf(ended(Ending::SignIn))) == "retry 60000");
    CHECK(brief(outcomeOf(ended(Ending::Unclear))) == "unknown 0");
    CHECK(brief(outcomeOf(ended(Ending::Cancelled))) == "unknown 0");
    CHECK(brief(outcomeBeforeWriting(ended(Ending::Unclear))) == "retry 1000");
    CHECK(brief(outcomeBeforeWriting(ended(Ending::NotFound))) == "not_found 0");
    Answer refused = ended(Ending::Refused);
    refused.words = "non";
    refused.reason = "Acme answered 400";
    CHECK(outcomeOf(refused).message == "non (Acme answered 400)");
    CHECK_THROWS_WITH(mustBeDone(ended(Ending::SignIn), "reading", "check the key"),
                      "reading failed: ; check the key");
}

TEST_CASE(
    "an exchange sends any number, at most a hundred at once, and learns the vendor's clock") {
    ScriptedHost host;
    host.answer = [&](const HttpRequest& request) {
        HttpReply reply{.kind = HttpClass::Ok, .status = 200, .body = request.url};
        reply.headers["date"] = httpDate(host.clock - 10'000);
        reply.headers["left"] = request.url;
        return reply;
    };
    Exchange exchange(host);
    std::vector<HttpRequest> requests(250);
    for (int i = 0; i < 250; ++i) requests[static_cast<std::size_t>(i)].url = std::to_string(i);
    const auto replies = exchange.send(requests);
    REQUIRE(replies.size() == 250);
    CHECK(replies[249].body == "249");
    CHECK(host.exchanges == 3);
    CHECK(exchange.vendorTime() == (host.clock - 10'000) / 1000 * 1000);
    CHECK(exchange.cautiousTime() == *exchange.vendorTime());
    CHECK(exchange.skewMs() == *exchange.vendorTime() + 500 - host.clock);
    CHECK(exchange.lastError().empty());
    CHECK(numberIn(replies[249], "left") == 249);
    CHECK_FALSE(numberIn(replies[249], "none"));
    CHECK(exchange.send({}).empty());
}

TEST_CASE("a cursor's clock is never ahead of the hub's, and far behind it without a date") {
    ScriptedHost host;
    host.answer = [&](const HttpRequest& request) {
        HttpReply reply{.kind = HttpClass::Transient};
        if (request.url == "dated") reply.headers["date"] = httpDate(host.clock + 3'600'000);
        return reply;
    };
    Exchange exchange(host);
    exchange.send({{.url = "dated"}});
    CHECK(exchange.cautiousTime() == host.clock);
    exchange.send({{.url = "bare"}});
    CHECK_FALSE(exchange.vendorTime());
    CHECK(exchange.cautiousTime() == host.clock - 300'000);
    CHECK(exchange.lastError() == "the last error was a connection that failed");
}

TEST_CASE("a cursor goes through its text, and one of another connector is refused") {
    std::map<std::string, Walk> cursor = {{"Contact", {3, 7}}, {"Lead", {std::nullopt, 1}}};
    CHECK(underWay(cursor));
    const auto text = writeCursor(kFormat, cursor, writeWalk);
    const auto again = readCursor<Walk>(kFormat, text, {"Contact", "Lead", "New"}, readWalk);
    CHECK(again.at("Contact").round == 3);
    CHECK(again.at("Lead").rows == 1);
    CHECK(again.at("New").rows == 0);
    CHECK(readCursor<Walk>(kFormat, "", {"Contact"}, readWalk).at("Contact").rows == 0);
    for (const char* wrong : {"x", "[]", "{\"v\":1}", "{\"v\":1,\"objects\":{\"Contact\":[]}}"})
        CHECK_THROWS_WITH(readCursor<Walk>(kFormat, wrong, {"Contact"}, readWalk),
                          "the cursor is not one of the acme connector; begin again with an empty "
                          "one");
    CHECK_THROWS_WITH(readCursor<Walk>(kFormat, R"({"v":2,"objects":{}})", {}, readWalk),
                      "the cursor is of another version of the acme connector");
}

TEST_CASE("what is due is due again when the clock went back") {
    CHECK(isDue(100, 40, 60));
    CHECK_FALSE(isDue(99, 40, 60));
    CHECK(isDue(39, 40, 60));
}
