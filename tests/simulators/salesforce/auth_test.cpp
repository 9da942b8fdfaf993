// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fstream>
#include <memory>

#include <Poco/TemporaryFile.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tests/simulators/salesforce/rig.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

namespace {

const Headers kForm = {{"Content-Type", "application/x-www-form-urlencoded"}};

json tokenError(Rig& rig, const std::string& form, Headers headers = kForm) {
    const auto reply = rig.raw("POST", "/services/oauth2/token", form, std::move(headers));
    CHECK(reply.status == 400);
    return json::parse(reply.body);
}

std::string base64Url(const std::string& bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                  reinterpret_cast<const unsigned char*>(bytes.data()),
                                  static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(n));
    while (!out.empty() && out.back() == '=') out.pop_back();
    for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

/// A fresh RSA key whose public half lies in a file.
class Signer {
 public:
    Signer() : key_(EVP_RSA_gen(2048), EVP_PKEY_free) {
        FILE* out = std::fopen(file_.path().c_str(), "w");
        PEM_write_PUBKEY(out, key_.get());
        std::fclose(out);
    }
    std::string file() const { return file_.path(); }
    std::string assertion(const json& claims) const {
        const auto text = base64Url(R"({"alg":"RS256"})") + "." + base64Url(claims.dump());
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       EVP_MD_CTX_free);
        std::size_t size = 0;
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size());
        std::string signature(size, '\0');
        EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes, text.size());
        return text + "." + base64Url(signature);
    }

 private:
    Poco::TemporaryFile file_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

json claimsNow() {
    return {{"iss", "demo-client"},
            {"sub", "integration@concordat.example"},
            {"aud", "https://login.salesforce.com"},
            {"exp", realNow() / 1000 + 180}};
}

std::string jwtForm(const std::string& assertion) {
    return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
           assertion;
}

}  // namespace

TEST_CASE("a token comes for the right client, in the form or a Basic header") {
    Rig rig;
    const auto reply =
        rig.raw("POST", "/services/oauth2/token", "grant_type=client_credentials",
                {kForm[0], {"Authorization", "Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ="}});
    REQUIRE(reply.status == 200);
    const auto body = json::parse(reply.body);
    CHECK(body.at("issued_at").is_string());
    CHECK(body.at("instance_url") == "http://127.0.0.1:1");
    CHECK_FALSE(body.contains("expires_in"));
    CHECK(body.at("access_token").get<std::string>().substr(0, 16) == "00D5e000000001I!");
}

TEST_CASE("token mistakes are refused with one object") {
    Rig rig;
    const std::string start = "grant_type=client_credentials&client_id=";
    CHECK(tokenError(rig, start + "x&client_secret=demo-secret").at("error") ==
          "invalid_client_id");
    CHECK(tokenError(rig, start + "demo-client&client_secret=x").at("error") == "invalid_client");
    CHECK(tokenError(rig, "grant_type=magic").at("error") == "unsupported_grant_type");
    CHECK(tokenError(rig, start + "demo-client&client_secret=demo-secret", {}).at("error") ==
          "unsupported_grant_type");
    rig.admin("POST", "settings", R"({"login_host":true})");
    CHECK(
        tokenError(rig, start + "demo-client&client_secret=demo-secret").at("error_description") ==
        "request not supported on this domain");
}

TEST_CASE("a JWT is accepted only with a true signature, audience, user and time") {
    const Signer signer;
    const Signer stranger;
    Credentials credentials;
    credentials.jwt_public_key = signer.file();
    Rig rig("", credentials);
    const auto good =
        rig.raw("POST", "/services/oauth2/token", jwtForm(signer.assertion(claimsNow())), kForm);
    CHECK(good.status == 200);
    CHECK(tokenError(rig, jwtForm(stranger.assertion(claimsNow()))).at("error_description") ==
          "invalid assertion");
    auto claims = claimsNow();
    claims["aud"] = "https://example.com";
    CHECK(tokenError(rig, jwtForm(signer.assertion(claims))).at("error_description") ==
          "Audience validation failed");
    claims = claimsNow();
    claims["sub"] = "somebody@else.example";
    CHECK(tokenError(rig, jwtForm(signer.assertion(claims))).at("error_description") ==
          "user hasn't approved this consumer");
    claims = claimsNow();
    claims["exp"] = realNow() / 1000 - 600;
    CHECK(tokenError(rig, jwtForm(signer.assertion(claims))).at("error") == "invalid_grant");
}

TEST_CASE("expired tokens are refused in the data API's own format") {
    Rig rig;
    CHECK(rig.ask("GET", "/limits").status == 200);
    rig.admin("POST", "expire-tokens");
    const auto reply = rig.ask("GET", "/limits");
    CHECK(reply.status == 401);
    CHECK(json::parse(reply.body).at(0).at("errorCode") == "INVALID_SESSION_ID");
    rig.admin("POST", "settings", R"({"token_lifetime_s":-1})");
    const auto fresh = rig.raw("POST", "/services/oauth2/token",
                               "grant_type=client_credentials&client_id=demo-client&"
                               "client_secret=demo-secret",
                               kForm);
    rig.token = json::parse(fresh.body).at("access_token");
    CHECK(rig.ask("GET", "/limits").status == 401);
}

TEST_CASE("the identity endpoint names the org and the integration user") {
    Rig rig;
    const Headers bearer = {{"Authorization", "Bearer " + rig.token}};
    const auto reply = rig.raw("GET", "/services/oauth2/userinfo", "", bearer);
    CHECK(json::parse(reply.body).at("organization_id") == kOrgId);
    CHECK(rig.raw("GET", "/services/oauth2/userinfo").status == 401);
}

TEST_CASE("versions need no token, retired ones are gone, unknown ones are not found") {
    Rig rig;
    const auto versions = json::parse(rig.raw("GET", "/services/data/").body);
    CHECK(versions.back().at("version") == "66.0");
    CHECK(rig.raw("GET", "/services/data/v30.0/limits").status == 410);
    CHECK(rig.raw("GET", "/services/data/v99.0/limits").status == 404);
    CHECK(rig.raw("GET", "/elsewhere").status == 404);
}

TEST_CASE("every metered call counts towards the limit, and the limit holds") {
    Rig rig;
    rig.admin("POST", "settings", R"({"quota":2})");
    CHECK(headerOf(rig.ask("GET", "/limits"), "Sforce-Limit-Info") == "api-usage=1/2");
    CHECK(rig.json("GET", "/limits").at("DailyApiRequests").at("Remaining") == 0);
    const auto reply = rig.ask("GET", "/limits");
    CHECK(reply.status == 403);
    CHECK(json::parse(reply.body).at(0).at("errorCode") == "REQUEST_LIMIT_EXCEEDED");
}
