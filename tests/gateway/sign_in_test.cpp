// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "hub/gateway/digest.h"
#include "tests/gateway/stage.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace concordat::gateway::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* kTokenUrl = R"("token_url":"https://api.example.com/token")";

SystemAccess oauthAccess(const std::string& kind, const std::string& more = "") {
    SystemAccess access = plainAccess();
    access.auth = {kind, std::string("{") + kTokenUrl + more + "}"};
    return access;
}

bool isSignIn(const WireRequest& request) { return request.signIn; }

std::size_t signIns(const Stage& stage) {
    return static_cast<std::size_t>(
        std::count_if(stage.wire.log.begin(), stage.wire.log.end(), isSignIn));
}

WireReply token(const std::string& access, const std::string& more = "") {
    return answered(200,
                    R"({"access_token":")" + access + R"(","token_type":"Bearer")" + more + "}");
}

/// Answers sign-ins with T1, T2 … and data requests by whether they carry a token of `valid`.
void serve(Stage& stage, std::shared_ptr<std::string> valid, std::string more = "") {
    stage.wire.respond = [valid, more, count = 0](const WireRequest& request) mutable {
        if (request.signIn) {
            *valid = "T" + std::to_string(++count);
            return std::optional(token(*valid, more));
        }
        const auto it = request.headers.find("authorization");
        const bool isGood = it != request.headers.end() && it->second == "Bearer " + *valid;
        return std::optional(
            answered(isGood ? 200 : 401, isGood ? "{}" : R"([{"errorCode":"INVALID"}])"));
    };
}

}  // namespace

TEST_CASE("static credentials go where their template says") {
    const auto sent = [](const std::string& kind, const std::string& parameters) {
        Stage stage;
        SystemAccess access = plainAccess();
        access.auth = {kind, parameters};
        stage.dispatcher.addSystem(access);
        stage.send(get("/v1/a?x=1"));
        return stage.wire.log.at(0);
    };
    CHECK(sent("api_key", R"({"name":"X-API-KEY"})").headers.at("x-api-key") == "S-api_key");
    const WireRequest query =
        sent("api_key", R"({"in":"query","name":"key","value":"{secret:k}/"})");
    CHECK(query.url == "https://api.example.com/v1/a?x=1&key=S-k%2F");
    CHECK(query.shownUrl == "https://api.example.com/v1/a?x=1");
    CHECK(sent("basic", "{}").headers.at("authorization") ==
          "Basic " + base64("S-username:S-password"));
    CHECK(sent("bearer", R"({"prefix":"Token "})").headers.at("authorization") == "Token S-token");
    CHECK_FALSE(sent("none", "{}").headers.contains("authorization"));
}

TEST_CASE("a missing secret is an auth reply that names it") {
    Stage stage;
    SystemAccess access = plainAccess();
    access.auth = {"bearer", "{}"};
    access.secrets = [](std::string_view) { return std::optional<std::string>(); };
    stage.dispatcher.addSystem(access);
    const Sent sent = stage.send(get());
    CHECK(sent.reply().kind == ReplyClass::Auth);
    CHECK(sent.reply().error == "the secret token is not set");
}

TEST_CASE("client credentials are sent in the body or in a Basic header, as a form or as JSON") {
    const auto signIn = [](const std::string& more) {
        Stage stage;
        stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials", more));
        stage.send(get());
        return stage.wire.log.at(0);
    };
    CHECK(signIn("").body ==
          "client_id=S-client_id&client_secret=S-client_secret&grant_type=client_credentials");
    const WireRequest basic = signIn(R"(,"send":"basic","scope":"a b")");
    CHECK(basic.body == "grant_type=client_credentials&scope=a%20b");
    CHECK(basic.headers.at("authorization") == "Basic " + base64("S-client_id:S-client_secret"));
    const WireRequest inJson = signIn(R"(,"format":"json","extra":{"audience":"x"})");
    CHECK(inJson.headers.at("content-type") == "application/json");
    CHECK(json::parse(inJson.body)["audience"] == "x");
    CHECK(json::parse(inJson.body)["client_secret"] == "S-client_secret");
}

TEST_CASE("eight callers at once sign in once") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    std::vector<Sent> sent;
    for (int i = 0; i < 8; ++i) sent.push_back(stage.send(get()));
    REQUIRE(stage.running() == 1);
    stage.answer(token("T1"));
    CHECK(signIns(stage) == 1);
    stage.wire.respond = [](const WireRequest&) { return answered(200); };
    while (stage.running() > 0) stage.answer(answered(200));
    for (const Sent& one : sent) CHECK(one.reply().kind == ReplyClass::Ok);
    CHECK(stage.wire.log.back().headers.at("authorization") == "Bearer T1");
}

TEST_CASE("eight requests whose token expired renew it once and are repeated") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    const auto valid = std::make_shared<std::string>();
    serve(stage, valid);
    stage.send(get());
    *valid = "revoked";
    const Sent sent = stage.send(std::vector<Request>(8, post()));
    REQUIRE(sent.isDone());
    for (std::size_t i = 0; i < 8; ++i) CHECK(sent.reply(i).kind == ReplyClass::Ok);
    CHECK(signIns(stage) == 2);
}

TEST_CASE("a second 401 of the same request is a failure, not a loop") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    stage.wire.respond = [](const WireRequest& request) {
        return request.signIn ? token("T") : answered(401);
    };
    const Sent sent = stage.send(get());
    REQUIRE(sent.isDone());
    CHECK(sent.reply().kind == ReplyClass::Auth);
    CHECK(sent.reply().attempts == 2);
    CHECK(signIns(stage) == 2);
}

TEST_CASE("texts that must not cause refresh loops do not") {
    Stage stage;
    stage.dispatcher.addSystem(
        oauthAccess("oauth2_client_credentials",
                    R"(,"replies":[{"status":401,"contains":"not valid for use","as":"auth"}])"));
    stage.wire.respond = [](const WireRequest& request) {
        return request.signIn
                   ? token("T")
                   : answered(401, "This session is not valid for use with the REST API");
    };
    const Sent sent = stage.send(get());
    CHECK(sent.reply().kind == ReplyClass::Auth);
    CHECK(signIns(stage) == 1);
}

TEST_CASE("a token is renewed a little before it ends") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    serve(stage, std::make_shared<std::string>(), R"(,"expires_in":3600)");
    stage.send(get());
    stage.pass(std::chrono::seconds(3539));
    stage.send(get());
    CHECK(signIns(stage) == 1);
    stage.pass(1s);
    stage.send(get());
    CHECK(signIns(stage) == 2);
    CHECK(stage.dispatcher.state("crm")->tokenExpiresAt);
    CHECK(stage.dispatcher.counts().hosts.at(0).requests == 5);  // sign-ins are counted, too
}

TEST_CASE("refused credentials fail everybody at once, and are not tried again for a while") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    const Sent sent = stage.send({get(), get()});
    stage.answer(
        answered(400, R"({"error":"invalid_grant","error_description":"user Jane is locked"})"));
    REQUIRE(sent.isDone());
    CHECK(sent.reply(0).kind == ReplyClass::Auth);
    CHECK(sent.reply(0).error.find("(invalid_grant)") != std::string::npos);
    CHECK(sent.reply(0).error.find("Jane") == std::string::npos);
    CHECK(stage.dispatcher.state("crm")->breaker == BreakerState::Open);
    CHECK(stage.send(get(), stage.within(5s, Priority::Tightening)).reply().kind ==
          ReplyClass::Auth);
    CHECK(signIns(stage) == 1);
    stage.pass(31s);
    stage.send(get(), stage.within(5s, Priority::Tightening));
    CHECK(signIns(stage) == 2);
}

TEST_CASE("a sign-in that fails for the moment is tried again while requests wait") {
    Stage stage;
    stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
    const Sent sent = stage.send(get());
    stage.answer(answered(429));
    CHECK_FALSE(sent.isDone());
    stage.pass(1s);
    REQUIRE(stage.running() == 1);
    stage.answer(token("T"));
    stage.answer(answered(200));
    CHECK(sent.reply().kind == ReplyClass::Ok);
}

TEST_CASE("a reply without a usable token is a refusal") {
    for (const char* body : {R"({"token":"x"})", R"({"access_token":"a\r\nb"})"}) {
        Stage stage;
        stage.dispatcher.addSystem(oauthAccess("oauth2_client_credentials"));
        const Sent sent = stage.send(get());
        stage.answer(answered(200, body));
        CHECK(sent.reply().kind == ReplyClass::Auth);
    }
}

TEST_CASE("a token of a wrong type is asked for again") {
    for (const char* body : {R"({"access_token":{}})", R"({"access_token":15})",
                             R"({"access_token":"T","instance_url":21})"}) {
        Stage stage;
        stage.dispatcher.addSystem(
            oauthAccess("oauth2_client_credentials", R"(,"token_fields":["instance_url"])"));
        const Sent sent = stage.send(get());
        stage.answer(answered(200, body));
        CHECK_FALSE(sent.isDone());
        stage.pass(1s);
        stage.answer(token("T"));
        stage.answer(answered(200));
        CHECK(sent.reply().kind == ReplyClass::Ok);
    }
}

TEST_CASE("fields of the token reply fill addresses and come back in replies") {
    Stage stage;
    SystemAccess access =
        oauthAccess("oauth2_client_credentials", R"(,"token_fields":["instance_url"])");
    access.hosts.push_back({"*.my.example.net", {"GET"}, {"/services/*"}, {}});
    stage.dispatcher.addSystem(access);
    Request request = get();
    request.url = "{token:instance_url}/services/data";
    Request unknown = get();
    unknown.url = "{token:id}/services";
    const Sent sent = stage.send({request, unknown});
    stage.answer(token("T", R"(,"instance_url":"https://acme.my.example.net")"));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].url == "https://acme.my.example.net/services/data");
    stage.answer(answered(200));
    CHECK(sent.reply(0).tokenFields.at("instance_url") == "https://acme.my.example.net");
    CHECK(sent.reply(1).error == "refused by the hub: the auth template names no token field id");
}

TEST_CASE("a token reply cannot lead outside the declared hosts") {
    Stage stage;
    stage.dispatcher.addSystem(
        oauthAccess("oauth2_client_credentials", R"(,"token_fields":["instance_url"])"));
    Request request = get();
    request.url = "{token:instance_url}/v1/a";
    const Sent sent = stage.send(request);
    stage.answer(token("T", R"(,"instance_url":"https://evil.example.org")"));
    CHECK(sent.reply().kind == ReplyClass::Permanent);
    CHECK(stage.wire.log.size() == 1);
    const Sent again = stage.send(request);
    stage.answer(token("T2", R"(,"instance_url":"https://api.example.com")"));
    stage.answer(answered(200));
    CHECK(again.reply().kind == ReplyClass::Ok);
}

TEST_CASE("a rotated refresh token is kept before it is used, and merged over the old set") {
    FakeStore store;
    Stage stage(&store);
    stage.dispatcher.addSystem(
        oauthAccess("oauth2_refresh_token", R"(,"token_fields":["instance_url"])"));
    const Sent sent = stage.send(get());
    CHECK(stage.wire.log[0].body.find("refresh_token=S-refresh_token") != std::string::npos);
    stage.answer(token("T1", R"(,"refresh_token":"R1","instance_url":"https://api.example.com")"));
    CHECK(store.saves == 1);
    stage.answer(answered(401));
    CHECK(stage.wire.open[0].body.find("refresh_token=R1") != std::string::npos);
    stage.answer(token("T2"));
    const auto kept = parseToken(store.kept.at("crm"));
    CHECK(kept->refresh == "R1");
    CHECK(kept->access == "T2");
    CHECK(kept->fields.at("instance_url") == "https://api.example.com");
    stage.answer(answered(200));
    CHECK(sent.reply().tokenFields.contains("instance_url"));
}

TEST_CASE("a token that could not be kept is not used until it is") {
    FakeStore store;
    store.failing = true;
    Stage stage(&store);
    stage.dispatcher.addSystem(oauthAccess("oauth2_refresh_token"));
    const Sent sent = stage.send(get());
    stage.answer(token("T1", R"(,"refresh_token":"R1")"));
    CHECK(stage.running() == 0);
    CHECK(stage.dispatcher.state("crm")->lastError ==
          "the renewed token could not be kept in the store");
    store.failing = false;
    stage.pass(2s);
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].headers.at("authorization") == "Bearer T1");
    CHECK(parseToken(store.kept.at("crm"))->refresh == "R1");
}

TEST_CASE("a token kept by an earlier run, or renewed by another process, is taken over") {
    FakeStore store;
    store.kept["crm"] = writeToken({"T5", "R5", {}, std::nullopt});
    Stage stage(&store);
    stage.dispatcher.addSystem(oauthAccess("oauth2_refresh_token"));
    stage.send(get());
    CHECK(signIns(stage) == 0);
    CHECK(stage.wire.open[0].headers.at("authorization") == "Bearer T5");
    stage.answer(answered(401));
    REQUIRE(signIns(stage) == 1);
    store.kept["crm"] = writeToken({"T6", "R6", {}, std::nullopt});
    stage.answer(answered(400, R"({"error":"invalid_grant"})"));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].headers.at("authorization") == "Bearer T6");
}

TEST_CASE("the authorization code flow uses PKCE and keeps what it gets") {
    FakeStore store;
    Stage stage(&store);
    SystemAccess access =
        oauthAccess("oauth2_authorization_code",
                    R"(,"authorize_url":"https://login.example.com/authorize","scope":"a b")");
    stage.dispatcher.addSystem(access);
    CHECK(stage.send(get()).reply().error.find("concordat connect") != std::string::npos);
    const auto start = stage.dispatcher.authorization("crm", "https://hub.example/oauth/callback");
    CHECK(start.address.find("code_challenge=" + pkceChallenge(start.verifier)) !=
          std::string::npos);
    CHECK(start.address.find("code_challenge_method=S256") != std::string::npos);
    CHECK(start.address.find("redirect_uri=https%3A%2F%2Fhub.example%2Foauth%2Fcallback") !=
          std::string::npos);
    CHECK(start.verifier.size() == 64);
    std::optional<Reply> reply;
    stage.dispatcher.exchangeCode("crm",
                                  {"C", start.verifier, "https://hub.example/oauth/callback"},
                                  [&](Reply r) { reply = std::move(r); });
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].body.find("code_verifier=" + start.verifier) != std::string::npos);
    CHECK(stage.wire.open[0].body.find("grant_type=authorization_code") != std::string::npos);
    stage.answer(token("T1", R"(,"refresh_token":"R1")"));
    REQUIRE(reply);
    CHECK(reply->kind == ReplyClass::Ok);
    CHECK(store.saves == 1);
    stage.send(get(), stage.within(5s, Priority::Tightening));
    CHECK(stage.wire.open[0].headers.at("authorization") == "Bearer T1");
    stage.answer(answered(200));
}

TEST_CASE("PKCE's challenge is RFC 7636's example") {
    CHECK(pkceChallenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
          "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

namespace {

SystemAccess exchangeAccess() {
    SystemAccess access = plainAccess();
    access.auth = {"exchange", R"({
        "request": {"method": "POST", "url": "https://api.example.com/token",
                    "body": {"UserLogin": "{secret:user}", "UserPassword": "{secret:password|md5}",
                             "Key": {"text": "{secret:user}:{secret:password}", "apply": ["sha256"]}, "N": 1}},
        "success": {"pointer": "/ResultInfos/Success", "equals": true},
        "token": "/ResultData/Token", "header": "X-Auth",
        "expires": {"at": "/ResultData/ExpirationDate", "now": "/ResultData/ServerDate",
                    "formats": ["%Y/%m/%d %H:%M:%S"]}, "early_s": 300,
        "replies": [
            {"status": 200, "pointer": "/ResultInfos/ErrorNumber", "from": 100, "to": 199, "as": "token_expired"},
            {"status": 200, "pointer": "/ResultInfos/ErrorNumber", "from": 300, "to": 300, "as": "rate_limited",
             "retry_after_s": 20}]})"};
    return access;
}

WireReply exchanged(const std::string& token) {
    return answered(
        200,
        R"({"ResultInfos":{"Success":true,"ErrorNumber":0},"ResultData":{"Token":")" + token +
            R"(","ExpirationDate":"2023/08/31 15:26:14","ServerDate":"2023/08/31 11:26:14"}})");
}

WireReply errorNumber(int number) {
    return answered(
        200, R"({"ResultInfos":{"Success":false,"ErrorNumber":)" + std::to_string(number) + "}}");
}

}  // namespace

TEST_CASE("an exchange template signs in as its data says") {
    Stage stage;
    stage.dispatcher.addSystem(exchangeAccess());
    const Sent sent = stage.send(post());
    const json body = json::parse(stage.wire.log[0].body);
    CHECK(body["UserLogin"] == "S-user");
    CHECK(body["UserPassword"] == hex(*digest("md5", "S-password")));
    CHECK(body["Key"] == hex(*digest("sha256", "S-user:S-password")));
    CHECK(body["N"] == 1);
    stage.answer(exchanged("E1"));
    CHECK(stage.wire.open[0].headers.at("x-auth") == "E1");
    const auto expires = stage.dispatcher.state("crm")->tokenExpiresAt;
    REQUIRE(expires);
    CHECK(*expires - stage.wall == 4h - 300s);
}

TEST_CASE("an error number in a 200 reply renews the token once and repeats the request") {
    Stage stage;
    stage.dispatcher.addSystem(exchangeAccess());
    const Sent sent = stage.send(post());
    stage.answer(exchanged("E1"));
    stage.answer(errorNumber(101));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].signIn);
    stage.answer(exchanged("E2"));
    CHECK(stage.wire.open[0].headers.at("x-auth") == "E2");
    stage.answer(errorNumber(101));
    REQUIRE(sent.isDone());
    CHECK(sent.reply().kind == ReplyClass::Auth);
}

TEST_CASE("an error number in a 200 reply can mean that the quota is used up") {
    Stage stage;
    stage.dispatcher.addSystem(exchangeAccess());
    const Sent sent = stage.send(post(), stage.within(10s));
    stage.answer(exchanged("E1"));
    stage.answer(errorNumber(300));
    CHECK(sent.reply().kind == ReplyClass::RateLimited);
    CHECK(sent.reply().retryAfter == 20s);
    const Sent other = stage.send(post());
    stage.pass(20s);
    stage.answer(errorNumber(701));
    CHECK(other.reply().kind == ReplyClass::Ok);  // the connector reads its own errors
}

TEST_CASE("a sign-in that says no inside a 200 reply is a refusal, and a quota there is not") {
    Stage stage;
    stage.dispatcher.addSystem(exchangeAccess());
    const Sent sent = stage.send(post());
    stage.answer(errorNumber(300));
    CHECK_FALSE(sent.isDone());
    stage.pass(1s);
    stage.answer(errorNumber(5));
    CHECK(sent.reply().kind == ReplyClass::Auth);
}
