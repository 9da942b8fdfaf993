// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/recorder.h"

#include <fstream>
#include <sstream>

#include <Poco/TemporaryFile.h>

#include "tests/gateway/stage.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace concordat::gateway::test;

namespace {

const Redaction kRedaction{{"email", "q"}};

std::string contentOf(const std::string& file) {
    std::ifstream in(file);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

SystemAccess recordedAccess() {
    SystemAccess access = plainAccess();
    access.auth = {
        "oauth2_client_credentials",
        R"({"token_url":"https://api.example.com/token","token_fields":["instance_url"]})"};
    return access;
}

Request personRequest() {
    Request request = post("/v1/people?q=jane%40example.com&page=2");
    request.headers["content-type"] = "application/json";
    request.body = R"({"email":"jane@example.com","id":7})";
    return request;
}

std::vector<Reply> sendOver(Transport& wire) {
    Surroundings surroundings;
    surroundings.random = [] { return 0.5; };
    Dispatcher dispatcher(surroundings, wire, nullptr);
    dispatcher.addSystem(recordedAccess());
    std::vector<Reply> replies;
    dispatcher.send("crm", {personRequest()}, {},
                    [&](std::vector<Reply> all) { replies = std::move(all); });
    for (int i = 0; i < 10 && replies.empty(); ++i) dispatcher.turn(Milliseconds(1));
    dispatcher.cancelAll();
    return replies;
}

void record(const std::string& file) {
    auto wire = std::make_unique<FakeWire>();
    wire->respond = [](const WireRequest& request) -> std::optional<WireReply> {
        if (request.signIn) {
            return answered(
                200, R"({"access_token":"TOPSECRET","instance_url":"https://api.example.com"})");
        }
        return answered(200, R"({"people":[{"email":"jane@example.com","name":"x"}]})",
                        {{"set-cookie", "SESSION=1"}, {"content-type", "application/json"}});
    };
    const auto recorder = makeRecorder(std::move(wire), file, kRedaction);
    CHECK(sendOver(*recorder).at(0).kind == ReplyClass::Ok);
}

}  // namespace

TEST_CASE("a cassette holds neither secrets nor declared fields") {
    const Poco::TemporaryFile file;
    record(file.path());
    const std::string text = contentOf(file.path());
    for (const char* hidden : {"TOPSECRET", "S-client", "jane", "SESSION", "Bearer"}) {
        INFO(hidden);
        CHECK(text.find(hidden) == std::string::npos);
    }
    CHECK(text.find("page=2") != std::string::npos);
    CHECK(text.find("instance_url") != std::string::npos);
}

TEST_CASE("a cassette replays what was recorded, without a network") {
    const Poco::TemporaryFile file;
    record(file.path());
    const auto player = makePlayer(file.path(), kRedaction);
    const auto replies = sendOver(*player);
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].kind == ReplyClass::Ok);
    CHECK(replies[0].body == R"({"people":[{"email":"redacted","name":"x"}]})");
    CHECK(replies[0].tokenFields.at("instance_url") == "https://api.example.com");
}

TEST_CASE("what is not on the cassette is unreachable") {
    const Poco::TemporaryFile file;
    record(file.path());
    const auto player = makePlayer(file.path(), kRedaction);
    WireRequest request;
    request.id = 1;
    request.method = "GET";
    request.shownUrl = "https://api.example.com/v1/other";
    player->start(request);
    const auto replies = player->poll(Milliseconds(0));
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].end == WireEnd::Unreachable);
    CHECK(replies[0].error == "the cassette holds no such GET request");
}

TEST_CASE("a damaged or missing cassette is named") {
    const Poco::TemporaryFile file;
    std::ofstream(file.path()) << "{\"method\":1}\n";
    CHECK_THAT(problemOf([&] { makePlayer(file.path(), {}); }),
               Catch::Matchers::Contains("is damaged in line 1"));
    CHECK_THROWS_AS(makePlayer("/nowhere/tape", {}), AccessError);
    CHECK_THROWS_AS(makeRecorder(std::make_unique<FakeWire>(), "/nowhere/tape", {}), AccessError);
}
