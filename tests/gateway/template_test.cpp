// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "hub/gateway/auth_template.h"
#include "hub/gateway/digest.h"
#include "hub/gateway/reply_rules.h"
#include "hub/gateway/token.h"
#include "tests/gateway/stage.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const SystemTime kTokenTime{std::chrono::seconds(1'700'000'000)};

std::string templateProblem(const std::string& kind, const std::string& parameters) {
    try {
        readAuthTemplate({kind, parameters});
    } catch (const AccessError& error) {
        return error.message();
    }
    return "";
}

std::string filled(const std::string& text) {
    const SecretSource secrets = [](std::string_view name) -> std::optional<std::string> {
        if (name == "none") return std::nullopt;
        return "S-" + std::string(name);
    };
    return TextFiller(secrets, kTokenTime).fill(text);
}

std::optional<std::string> fromBase64Url(std::string text) {
    for (char& c : text) {
        if (c == '-') c = '+';
        if (c == '_') c = '/';
    }
    while (text.size() % 4 != 0) text += '=';
    return fromBase64(text);
}

bool holdsIn(const std::string& pointer, const std::string& equals, std::string body) {
    ReplyCondition condition;
    condition.pointer = pointer;
    if (!equals.empty()) condition.equals = equals;
    return holds(condition, body);
}

std::string pemOf(EVP_PKEY* key) {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return pem;
}

}  // namespace

TEST_CASE("a template is refused with the key at fault") {
    CHECK(templateProblem("magic", "{}") == "auth: kind is not known: magic");
    CHECK(templateProblem("bearer", "[") == "auth: parameters are not JSON");
    CHECK(templateProblem("bearer", R"({"tokn":"x"})") == "auth: tokn is not a known parameter");
    CHECK(templateProblem("api_key", "{}") == "auth: name is missing");
    CHECK(templateProblem("api_key", R"({"name":"k","in":"cookie"})") ==
          "auth: in must be header or query");
    CHECK(templateProblem("oauth2_client_credentials", "{}") == "auth: token_url is missing");
    CHECK(templateProblem("exchange", R"({"request":{"url":"https://a.b/","x":1},"token":"/t"})") ==
          "auth: request.x is not a known parameter");
    CHECK(templateProblem("exchange", R"({"request":{"url":"https://a.b/"},"token":"t"})") ==
          "auth: token must be a JSON pointer such as /a/b");
    CHECK(templateProblem(
              "exchange",
              R"({"request":{"url":"https://a.b/"},"token":"/t","expires":{"at":"/e"}})") ==
          "auth: expires compares at with now, and needs both and their formats");
    CHECK(templateProblem("none", R"({"replies":[{"status":401,"as":"maybe"}]})") ==
          "auth: replies[0].as is not a known meaning: maybe");
    CHECK(templateProblem("none", R"({"replies":[{"from":1,"as":"auth"}]})") ==
          "auth: replies[0].pointer is missing");
}

TEST_CASE("a token address outside the host rules is refused when the system is added") {
    test::Stage stage;
    SystemAccess access = test::plainAccess();
    access.auth = {"oauth2_client_credentials",
                   R"({"token_url":"https://evil.example.org/token"})"};
    CHECK_THAT(test::problemOf([&] { stage.dispatcher.addSystem(access); }),
               Contains("outside the host rules: no host rule names evil.example.org"));
}

TEST_CASE("texts are filled with secrets, filters and the time") {
    CHECK(filled("a{secret:x}b") == "aS-xb");
    CHECK(filled("{secret:x|sha1}") == hex(*digest("sha1", "S-x")));
    CHECK(filled("{secret:x|sha256_raw|base64}") == base64(*digest("sha256", "S-x")));
    CHECK(filled("{secret:x|md5|upper}") != filled("{secret:x|md5}"));
    CHECK(filled("{secret:x|hmac_sha256:k}") == hex(*hmac("sha256", "S-k", "S-x")));
    CHECK(filled("{now:s} {now:ms}") == "1700000000 1700000000000");
    CHECK(filled("{other} {secret:x") == "{other} {secret:x");
    CHECK_THAT(test::problemOf([] { filled("{secret:none}"); }),
               Contains("the secret none is not set"));
    CHECK_THAT(test::problemOf([] { filled("{secret:x|rot13}"); }),
               Contains("the filter rot13 is not known"));
}

TEST_CASE("an assertion is signed with RS256") {
    EVP_PKEY* key = EVP_RSA_gen(2048);
    const std::string pem = pemOf(key);
    const SecretSource secrets = [&](std::string_view) { return std::optional(pem); };
    JwtClaims claims;
    claims.issuer = {"app", {}};
    claims.subject = {"user@example.com", {}};
    claims.audience = {"https://login.example.com", {}};
    claims.privateKey = {"{secret:private_key}", {}};
    const std::string jwt = signedAssertion(claims, TextFiller(secrets, kTokenTime), kTokenTime);
    const std::size_t first = jwt.find('.');
    const std::size_t second = jwt.find('.', first + 1);
    const json payload = json::parse(*fromBase64Url(jwt.substr(first + 1, second - first - 1)));
    CHECK(payload["iss"] == "app");
    CHECK(payload["exp"] == 1'700'000'180);
    const std::string signature = *fromBase64Url(jwt.substr(second + 1));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
    CHECK(EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                           signature.size(), reinterpret_cast<const unsigned char*>(jwt.data()),
                           second) == 1);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

TEST_CASE("a bad private key is said to be one, without showing it") {
    CHECK_THAT(test::problemOf([] { signRs256("-----BEGIN NOTHING", "x"); }),
               Contains("not an unencrypted RSA key") && !Contains("NOTHING"));
}

TEST_CASE("pointers are looked up in whatever a vendor sends") {
    CHECK(holdsIn("/a/0/b", "X", R"({"a":[{"b":"X"}]})"));
    CHECK(holdsIn("/a", "true", R"({"a":true})"));
    CHECK(holdsIn("/a", "7", R"({"a": 7 })"));
    CHECK(holdsIn("/a", "", R"({"a":0})"));
    CHECK_FALSE(holdsIn("/a", "", R"({"a":null})"));
    CHECK_FALSE(holdsIn("/a/0/b", "X", R"({"a":{}})"));
    CHECK_FALSE(holdsIn("/a", "X", "<html>"));
    CHECK_FALSE(holdsIn("/a", "X", ""));
    CHECK_FALSE(holdsIn("/a", "X", std::string(100'000, '[')));
}

TEST_CASE("statuses have classes") {
    const std::map<int, ReplyClass> expected{
        {200, ReplyClass::Ok},          {204, ReplyClass::Ok},        {304, ReplyClass::Ok},
        {300, ReplyClass::Conflict},    {400, ReplyClass::Permanent}, {401, ReplyClass::Auth},
        {403, ReplyClass::Permanent},   {404, ReplyClass::NotFound},  {409, ReplyClass::Conflict},
        {412, ReplyClass::Conflict},    {413, ReplyClass::Permanent}, {420, ReplyClass::Transient},
        {429, ReplyClass::RateLimited}, {500, ReplyClass::Transient}, {501, ReplyClass::Permanent},
        {503, ReplyClass::Transient}};
    for (const auto& [status, kind] : expected) {
        INFO(status);
        CHECK(classOf(status) == kind);
    }
}

TEST_CASE("tokens are written and read again") {
    const TokenSet token{"A", "R", {{"instance_url", "https://x"}}, kTokenTime};
    const auto again = parseToken(writeToken(token));
    REQUIRE(again);
    CHECK(again->access == "A");
    CHECK(again->refresh == "R");
    CHECK(again->fields == token.fields);
    CHECK(again->expiresAt == kTokenTime);
    CHECK_FALSE(parseToken("nonsense"));
}
