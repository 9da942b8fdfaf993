// SPDX-License-Identifier: Apache-2.0
#include <Poco/URI.h>

#include "tests/simulators/sellsy/account_setup.h"
#include "tests/support/check.h"

using namespace concordat::simulators;
using namespace concordat::simulators::sellsy;
using nlohmann::json;

namespace {

constexpr const char* kTokens = "/oauth2/access-tokens";
// RFC 7636, appendix B.
constexpr const char* kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

std::string codeFrom(const Reply& redirect) {
    for (const auto& [name, value] : Poco::URI(header(redirect, "Location")).getQueryParameters()) {
        if (name == "code") return value;
    }
    return {};
}

Reply authorize(Bench& bench, const std::string& challenge) {
    return bench.send("GET",
                      "/oauth2/authorization?response_type=code&client_id=demo-client"
                      "&redirect_uri=http%3A%2F%2Fus.example%2Fcb&state=s1&code_challenge=" +
                          challenge + "&code_challenge_method=S256");
}

json byCode(Bench& bench, const std::string& code, const std::string& verifier) {
    return bench.call("POST", kTokens,
                      {{"grant_type", "authorization_code"},
                       {"client_id", "demo-client"},
                       {"redirect_uri", "http://us.example/cb"},
                       {"code", code},
                       {"code_verifier", verifier}});
}

}  // namespace

TEST_CASE("client credentials come as form, JSON or Basic, and give no refresh token", "[sellsy]") {
    Bench bench;
    bench.set({{"token_lifetime_s", 77}});
    const json reply = bench.call("POST", kTokens,
                                  {{"grant_type", "client_credentials"},
                                   {"client_id", "demo-client"},
                                   {"client_secret", "demo-secret"}});
    CHECK(reply["expires_in"] == 77);
    CHECK(reply["token_type"] == "Bearer");
    CHECK_FALSE(reply.contains("refresh_token"));
    Request basic;
    basic.method = "POST";
    basic.path = kTokens;
    basic.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Authorization", "Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ="}};
    basic.body = "grant_type=client_credentials";
    CHECK(bench.entrance.answer(basic).status == 200);
}

TEST_CASE("a wrong secret is an invalid client", "[sellsy]") {
    Bench bench;
    const json order = {{"grant_type", "client_credentials"},
                        {"client_id", "demo-client"},
                        {"client_secret", "wrong"}};
    CHECK(bench.status("POST", kTokens, order) == 401);
    CHECK(bench.call("POST", kTokens, order)["error"] == "invalid_client");
}

TEST_CASE("the authorization code is bound to its PKCE verifier and good once", "[sellsy]") {
    Bench bench;
    const Reply redirect = authorize(bench, kChallenge);
    CHECK(redirect.status == 302);
    CHECK(header(redirect, "Location").find("state=s1") != std::string::npos);
    const std::string code = codeFrom(redirect);
    const json tokens = byCode(bench, code, kVerifier);
    CHECK(tokens.contains("access_token"));
    CHECK(byCode(bench, code, kVerifier)["error"] == "invalid_grant");
    CHECK(byCode(bench, codeFrom(authorize(bench, kChallenge)), "wrong")["error"] ==
          "invalid_grant");
    CHECK(codeFrom(authorize(bench, "")).empty());
}

TEST_CASE("a refresh token is replaced at each use", "[sellsy]") {
    Bench bench;
    const json first = byCode(bench, codeFrom(authorize(bench, kChallenge)), kVerifier);
    const auto refresh = [&](const json& token) {
        return bench.call("POST", kTokens,
                          {{"grant_type", "refresh_token"},
                           {"client_id", "demo-client"},
                           {"refresh_token", token}});
    };
    const json second = refresh(first["refresh_token"]);
    CHECK(second["refresh_token"] != first["refresh_token"]);
    CHECK(refresh(first["refresh_token"])["error"] == "invalid_grant");
    CHECK(refresh(second["refresh_token"]).contains("access_token"));
}

TEST_CASE("an expired or missing token is 401 in the envelope", "[sellsy]") {
    Bench bench;
    CHECK(bench.status("GET", "/v2/contacts") == 200);
    bench.call("POST", "/_admin/expire-tokens");
    const json reply = bench.call("GET", "/v2/contacts");
    CHECK(reply["error"]["code"] == 401);
    CHECK(reply["error"]["details"] == json::array());
    bench.token.clear();
    CHECK(bench.status("GET", "/v2/quotas") == 401);
}

TEST_CASE("a scope that is not ticked is 403", "[sellsy]") {
    Bench bench;
    bench.set({{"scopes", "contacts.read"}});
    bench.logIn();
    CHECK(bench.status("GET", "/v2/contacts") == 200);
    CHECK(bench.status("GET", "/v2/companies") == 403);
    CHECK(bench.status("DELETE", "/v2/contacts/1") == 403);
}

TEST_CASE("quotas count failures, show in four headers and end in 429", "[sellsy]") {
    Bench bench;
    bench.set({{"quota_month", 3}});
    CHECK(header(bench.send("GET", "/v2/contacts"), "X-Quota-Remaining-By-Month") == "2");
    const Reply failed = bench.send("GET", "/v2/nowhere");
    CHECK(failed.status == 404);
    CHECK(header(failed, "X-Quota-Remaining-By-Month") == "1");
    for (const char* window : {"Second", "Minute", "Day"}) {
        CHECK_FALSE(header(failed, std::string("X-Quota-Remaining-By-") + window).empty());
    }
    CHECK(bench.call("GET", "/v2/quotas")["api_rate_months"]["used"] == 3);
    const Reply limited = bench.send("GET", "/v2/contacts");
    CHECK(limited.status == 429);
    CHECK(json::parse(limited.body)["error"]["code"] == 429);
    CHECK(header(limited, "X-Quota-Remaining-By-Month") == "0");
}

TEST_CASE("the account tells its corp id", "[sellsy]") {
    Bench bench;
    CHECK(bench.call("GET", "/v2/staffs/me")["_embed"]["account"]["id"] == std::stoi(kCorpId));
}
