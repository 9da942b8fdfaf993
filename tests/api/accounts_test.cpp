// SPDX-License-Identifier: Apache-2.0
// Who may call, and what they may.
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

constexpr auto kPassword = "correct horse battery";

struct SignedInStage : Stage {
    explicit SignedInStage(const ApiOptions& options = {}) : Stage(options) {
        accounts->putUser("ada", kPassword, Role::Admin);
        const Answer answer = signIn("ada", kPassword);
        cookie = answer.headers.at("set-cookie");
        csrf = answer.json().value("csrf", "");
    }

    Answer signIn(const std::string& user, const std::string& password) {
        return send("POST", "/v1/session", Json{{"user", user}, {"password", password}}.dump(),
                    {{"Content-Type", "application/json"}});
    }

    Answer with(const std::string& method, const std::string& path, Headers headers = {}) {
        headers["Cookie"] = cookie.substr(0, cookie.find(';'));
        return send(method, path, "", headers);
    }

    std::string cookie;
    std::string csrf;
};

}  // namespace

TEST_CASE("whoever is not signed in is told how, and sees nothing") {
    Stage stage;
    const Answer answer = stage.send("GET", "/v1/systems");
    CHECK(answer.status == 401);
    CHECK(answer.headers.at("www-authenticate") == "Bearer");
    CHECK(answer.type == "application/problem+json");
    CHECK(stage.get("/v1/systems", "no such token").status == 401);
    CHECK(stage.send("GET", "/v1/systems", "", {{"Authorization", "Basic YTpi"}}).status == 401);
}

TEST_CASE("a role sees or does what it may, and is told what is missing") {
    Stage stage;
    const std::string readOnly = stage.token(Role::ReadOnly);
    CHECK(stage.get("/v1/systems", readOnly).status == 200);
    const Answer refused = stage.post("/v1/systems/sellsy/pause", {{"reason", "test"}}, readOnly);
    CHECK(refused.status == 403);
    CHECK(refused.detail() == "this needs the role reviewer; yours is read_only");
    CHECK(stage.get("/v1/users", stage.token(Role::Reviewer)).status == 403);
}

TEST_CASE("a session's cookie is for this hub's own pages only, and secure behind https") {
    ApiOptions options;
    options.secureCookies = true;
    SignedInStage stage(options);
    CHECK(stage.cookie.find("; HttpOnly; SameSite=Strict; Secure") != std::string::npos);
    CHECK(stage.send("GET", "/health").headers.at("strict-transport-security") ==
          "max-age=31536000");
    SignedInStage plain;
    CHECK(plain.cookie.find("Secure") == std::string::npos);
}

TEST_CASE("a session reads with its cookie, and writes only with its csrf token") {
    SignedInStage stage;
    CHECK(stage.with("GET", "/v1/session").json() ==
          Json{{"user", "ada"}, {"role", "admin"}, {"csrf", stage.csrf}});
    CHECK(stage.with("POST", "/v1/integrity").status == 403);
    CHECK(stage.with("POST", "/v1/integrity", {{"X-CSRF-Token", "other"}}).status == 403);
    CHECK(stage.with("POST", "/v1/integrity", {{"X-CSRF-Token", stage.csrf}}).status == 200);
}

TEST_CASE("a session ends when its user signs out, changes password or is removed") {
    SignedInStage stage;
    CHECK(stage.with("DELETE", "/v1/session", {{"X-CSRF-Token", stage.csrf}}).status == 200);
    CHECK(stage.with("GET", "/v1/session").status == 401);

    SignedInStage changed;
    changed.accounts->putUser("ada", "another long password", Role::Admin);
    CHECK(changed.with("GET", "/v1/session").status == 401);

    SignedInStage removed;
    removed.accounts->putUser("bob", kPassword, Role::Admin);
    CHECK(removed.accounts->removeUser("ada"));
    CHECK(removed.with("GET", "/v1/session").status == 401);
}

TEST_CASE("a changed role counts at once") {
    SignedInStage stage;
    stage.accounts->putUser("bob", kPassword, Role::Reviewer);
    const std::string cookie = stage.signIn("bob", kPassword).headers.at("set-cookie");
    stage.cookie = cookie;
    CHECK(stage.with("GET", "/v1/session").json().value("role", "") == "reviewer");
    CHECK(stage.with("GET", "/v1/users").status == 403);
}

TEST_CASE("ten wrong passwords lock a name, known or not, and the right one is refused too") {
    SignedInStage stage;
    for (const std::string name : {"ada", "nobody"}) {
        for (int i = 0; i < 10; ++i) CHECK(stage.signIn(name, "wrong password").status == 401);
        const Answer locked = stage.signIn(name, kPassword);
        CHECK(locked.status == 429);
        CHECK(locked.detail() == "too many wrong passwords for this name: wait 15 minutes");
    }
}

TEST_CASE("a sign-in that is no JSON is refused: another site's form could send it") {
    Stage stage;
    CHECK(stage
              .send("POST", "/v1/session", R"({"user":"a","password":"b"})",
                    {{"Content-Type", "text/plain"}})
              .status == 415);
}

TEST_CASE("a token is shown once, works, and is gone once it was revoked") {
    Stage stage;
    const Json made =
        stage.post("/v1/tokens", {{"name", "portal"}, {"role", "reviewer"}, {"scopes", {"grant"}}})
            .json();
    const std::string token = made.at("token");
    CHECK(stage.get("/v1/systems", token).status == 200);
    const Json listed = stage.get("/v1/tokens").json();
    for (const Json& row : listed.at("items")) {
        CHECK_FALSE(row.contains("token"));
        CHECK_FALSE(row.contains("hash"));
    }
    const std::string path = "/v1/tokens/" + made.at("id").get<std::string>();
    const Headers headers{{"Authorization", "Bearer " + stage.token(Role::Admin)}};
    CHECK(stage.send("DELETE", path, "", headers).status == 200);
    CHECK(stage.send("DELETE", path, "", headers).status == 404);
    CHECK(stage.get("/v1/systems", token).status == 401);
    CHECK(stage.post("/v1/tokens", {{"name", "x"}, {"scopes", {"all"}}}).status == 400);
}

TEST_CASE("users are made with long passwords, and the last administrator stays") {
    Stage stage;
    CHECK(stage.post("/v1/users", {{"user", "ada"}, {"password", "short"}}).detail() ==
          "a password has at least 12 characters");
    CHECK(stage.post("/v1/users", {{"user", "ada"}, {"password", kPassword}, {"role", "admin"}})
              .status == 200);
    CHECK(stage.post("/v1/users", {{"user", "x"}, {"password", kPassword}, {"role", "god"}})
              .detail() == "'role' must be admin, reviewer or read_only");
    const Headers headers{{"Authorization", "Bearer " + stage.token(Role::Admin)}};
    CHECK(stage.send("DELETE", "/v1/users/ada", "", headers).status == 409);
    CHECK(stage.send("DELETE", "/v1/users/eve", "", headers).status == 404);
    CHECK(stage.get("/v1/users").json().at("items") == Json{{{"user", "ada"}, {"role", "admin"}}});
}
