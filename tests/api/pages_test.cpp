// SPDX-License-Identifier: Apache-2.0
#include <Poco/String.h>

#include "hub/web/files.h"
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

/// The pages are not in every build; what they are served by is.
bool hasPages() { return !web::files().empty(); }

std::string headerOf(const Answer& answer, const std::string& name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("the page may load only what the hub itself serves, and no inline script or style") {
    Stage stage;
    const Answer front = call(stage.api->port(), "GET", "/");
    CHECK(front.status == 200);
    const std::string policy = headerOf(front, "content-security-policy");
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("http") == std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(headerOf(front, "cache-control") == "no-cache");
    CHECK(hasPages() == (front.type.rfind("text/html", 0) == 0));
}

TEST_CASE("a file of the pages comes compressed to whom takes that, and unpacked to others") {
    if (!hasPages()) return;
    Stage stage;
    const Answer packed = call(stage.api->port(), "GET", "/", "", {{"Accept-Encoding", "gzip"}});
    CHECK(headerOf(packed, "content-encoding") == "gzip");
    const Answer plain = call(stage.api->port(), "GET", "/");
    CHECK(headerOf(plain, "content-encoding").empty());
    CHECK(plain.text.find("<!doctype html>") == 0);
    CHECK(packed.text.size() < plain.text.size());
}

TEST_CASE("what was loaded once is not sent again") {
    if (!hasPages()) return;
    Stage stage;
    for (const web::File& file : web::files()) {
        if (file.name == "index.html") continue;
        INFO(file.name);
        const std::string path = "/assets/" + std::string(file.name);
        const Answer first = call(stage.api->port(), "GET", path);
        CHECK(first.status == 200);
        CHECK(headerOf(first, "cache-control").find("immutable") != std::string::npos);
        const Answer again =
            call(stage.api->port(), "GET", path, "", {{"If-None-Match", headerOf(first, "etag")}});
        CHECK(again.status == 304);
        CHECK(again.text.empty());
    }
}

TEST_CASE("a file the pages do not have is a problem with one sentence") {
    Stage stage;
    for (const std::string name : {"none.js", "..%2Fopenapi.yaml", "index.html%00"}) {
        const Answer answer = call(stage.api->port(), "GET", "/assets/" + name);
        INFO(name);
        CHECK((answer.status == 404 || answer.status == 400));
        CHECK(!answer.detail().empty());
    }
}

TEST_CASE("a session's cookie stays with the hub, when it begins and when it ends") {
    Stage stage;
    stage.accounts->putUser("ada", "a long password", Role::Reviewer);
    const Answer in =
        stage.send("POST", "/v1/session", R"({"user":"ada","password":"a long password"})",
                   {{"Content-Type", "application/json"}});
    REQUIRE(in.status == 200);
    const std::string cookie = headerOf(in, "set-cookie");
    CHECK(cookie.find("HttpOnly") != std::string::npos);
    CHECK(cookie.find("SameSite=Strict") != std::string::npos);
    const std::string pair = cookie.substr(0, cookie.find(';'));
    const auto leave = [&](const std::string& csrf) {
        return call(stage.api->port(), "DELETE", "/v1/session", "",
                    {{"Cookie", pair}, {"x-csrf-token", csrf}});
    };
    CHECK(leave("forged").status == 403);
    const Answer out = leave(in.json().at("csrf"));
    CHECK(out.status == 200);
    CHECK(headerOf(out, "set-cookie").find("SameSite=Strict") != std::string::npos);
}
