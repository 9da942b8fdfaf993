// SPDX-License-Identifier: Apache-2.0
#include "hub/host/host_calls.h"

#include "tests/host/fakes.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;

namespace {

struct Desk {
    FakeSurroundings world;
    HostCalls calls{{world, world}};

    std::string ask(const std::string& method, const std::string& json) {
        std::string answer;
        const RunningCall running{{}, std::chrono::steady_clock::now() + std::chrono::hours(1)};
        calls.serve(method, {json, {}, false}, running,
                    [&](concordat_status status, const sdk::Encoded& reply) {
                        answer += std::to_string(status) + " " + reply.json;
                    });
        return answer;
    }
};

}  // namespace

TEST_CASE("time and randomness come from outside") {
    Desk desk;
    CHECK(desk.ask("now", "{}") == R"(0 {"now":1700000000000})");
    CHECK(desk.ask("random", "{}") == R"(0 {"random":7})");
}

TEST_CASE("what cannot be understood is answered with the reason") {
    Desk desk;
    CHECK(desk.ask("http", "nonsense") == R"(2 {"error":"the message is not JSON"})");
    CHECK(
        desk.ask("http", R"({"requests":[{"attachment":4}]})") ==
        R"(2 {"error":"the message, field requests.attachment: there is no attachment of this number"})");
    CHECK(desk.ask("open", "{}") == R"(1 {"error":"the hub does not have this host method"})");
    CHECK(desk.ask("files", "{}") == R"(1 {"error":"the integration declares no drop box"})");
}

TEST_CASE("one host call holds at most 100 requests") {
    Desk desk;
    std::string json = R"({"requests":[{})";
    for (int i = 0; i < 100; ++i) json += ",{}";
    CHECK_THAT(desk.ask("http", json + "]}"), Catch::Contains("at most 100"));
}

TEST_CASE("an answer that no frame can hold is an error of its request") {
    Desk desk;
    desk.world.body = std::string(17 << 20, 'x');
    CHECK_THAT(
        desk.ask("http", R"({"requests":[{}]})"),
        Catch::Contains(R"("kind":"permanent")") && Catch::Contains("ask for smaller pages"));
}

TEST_CASE("an error of the hub's own service becomes an answer") {
    Desk desk;
    desk.world.onSend = [](const CallContext&) { throw std::runtime_error("secret detail"); };
    CHECK(desk.ask("http", R"({"requests":[{}]})") ==
          R"(3 {"error":"the hub could not do what was asked"})");
}

TEST_CASE("after the end of a call every host call is answered with cancelled") {
    Desk desk;
    concordat_status seen = CONCORDAT_OK;
    desk.calls.serve("now", {"{}", {}, false}, {{}, std::chrono::steady_clock::now()},
                     [&](concordat_status status, const sdk::Encoded&) { seen = status; });
    CHECK(seen == CONCORDAT_CANCELLED);
}

TEST_CASE("log lines are one line, shortened, and not without end") {
    Desk desk;
    desk.ask("log", R"({"level":"fatal","text":"one\ntwo"})");
    CHECK(desk.world.logged() == "information: one two\n");
    for (int i = 0; i < 300; ++i) desk.ask("log", R"({"level":"debug","text":"x"})");
    CHECK_THAT(desk.world.logged(),
               Catch::EndsWith("warning: more lines of this call are not logged\n"));
    CHECK(asLine("aé", 2) == "a …");
}
