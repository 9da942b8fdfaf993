// SPDX-License-Identifier: Apache-2.0
// Each kind of bad input gets one sentence as problem+json.
#include "hub/web/files.h"
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

Answer choice(Stage& stage, const std::string& body) {
    return stage.send("POST", "/v1/choices", body,
                      {{"Authorization", "Bearer " + stage.token(Role::Admin, {"grant"})}});
}

}  // namespace

TEST_CASE("a problem says what, where and how to look further") {
    Stage stage;
    const Answer answer = stage.get("/v1/inbox?limit=9999");
    CHECK(answer.type == "application/problem+json");
    CHECK(answer.json() == Json{{"type", "about:blank"},
                                {"title", "Bad Request"},
                                {"status", 400},
                                {"detail", "'limit' must be a whole number from 1 to 500"},
                                {"instance", "/v1/inbox"}});
}

TEST_CASE("unknown addresses are 404, wrong methods 405 with those that are possible") {
    Stage stage;
    CHECK(stage.get("/v1/nothing").status == 404);
    CHECK(stage.get("/v1/systems/").status == 404);
    CHECK(stage.get("/v1/systems/unheard-of").status == 404);
    const Answer wrong = stage.send("PATCH", "/v1/session");
    CHECK(wrong.status == 405);
    CHECK(wrong.headers.at("allow") == "DELETE, GET, HEAD, POST");
    CHECK(stage.send("DELETE", "/health").headers.at("allow") == "GET, HEAD");
}

TEST_CASE("a percent sign hides neither a slash nor rubbish") {
    Stage stage;
    CHECK(stage.get("/v1/systems/sell%73y").json().value("system", "") == "sellsy");
    CHECK(stage.get("/v1/systems%2Fsellsy").status == 404);
    CHECK(stage.get("/v1/systems/a%2Fcheck").status == 404);
    CHECK(stage.get("/v1/systems/%zz").status == 400);
    CHECK(stage.get("/v1/systems/..%2f..%2fetc").status == 404);
}

TEST_CASE("bodies that are no JSON, no object, too deep, not UTF-8 or unknown are refused") {
    Stage stage;
    CHECK(choice(stage, "{\"decision\":").detail() == "the body is not valid JSON at byte 13");
    CHECK(choice(stage, "[1]").detail() == "the body must be a JSON object");
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(choice(stage, "{\"scope\":" + deep + "}").detail() == "the body is nested too deep");
    CHECK(choice(stage, "{\"scope\":\"\xff\xfe\"}").status == 400);
    CHECK(choice(stage, R"({"at":1e999})").detail().rfind("a number in the body is too large", 0) ==
          0);
    CHECK(choice(stage, R"({"desicion":"granted"})")
              .detail()
              .rfind("unknown member 'desicion' in the body; known ones are: identifier", 0) == 0);
    CHECK(
        choice(stage, R"({"ada@example.org":1})").detail().rfind("unknown member in the body", 0) ==
        0);
    CHECK(choice(stage, R"({"decision":7,"subject":"x"})").detail() == "'decision' must be a text");
    CHECK(choice(stage, R"({"decision":"maybe","subject":"x"})").status == 400);
    CHECK(choice(stage, R"({"decision":"withdrawn"})").detail() ==
          "a choice names 'identifier' or 'subject', one of them");
    CHECK(choice(stage, R"({"decision":"withdrawn","subject":"x","at":1.5})").detail() ==
          "'at' must be a time in epoch milliseconds");
    CHECK(choice(stage, R"({"decision":"withdrawn","subject":"x","at":18446744073709551615})")
              .status == 400);
    CHECK(choice(stage, R"({"decision":"withdrawn","subject":"x","purposes":"a"})").detail() ==
          "'purposes' must be a list of texts");
}

TEST_CASE("a body of 10 MB is refused, and its sender reads the reply") {
    Stage stage;
    const Answer answer = choice(stage, std::string(10'000'000, ' '));
    CHECK(answer.status == 413);
    CHECK(answer.detail() == "the body is larger than 1048576 bytes: send less at once");
}

TEST_CASE("HEAD is answered as GET, without the body") {
    Stage stage;
    const Answer answer = stage.send("HEAD", "/health");
    CHECK(answer.status == 200);
    CHECK(answer.text.empty());
    CHECK(std::stoi(answer.headers.at("content-length")) > 10);
}

TEST_CASE("every reply carries the headers that protect a browser") {
    Stage stage;
    for (const std::string path : {"/", "/health", "/v1/nothing", "/v1/systems"}) {
        const Answer answer = stage.send("GET", path);
        CHECK(answer.headers.at("x-content-type-options") == "nosniff");
        CHECK(answer.headers.at("x-frame-options") == "DENY");
        CHECK(answer.headers.at("referrer-policy") == "no-referrer");
        CHECK(answer.headers.at("content-security-policy").find("unsafe") == std::string::npos);
    }
    CHECK(stage.send("GET", "/v1/systems").headers.at("cache-control") == "no-store");
}

TEST_CASE("the page asks nobody else for anything") {
    Stage stage;
    const Answer page = stage.send("GET", "/");
    CHECK(page.headers.at("content-security-policy").rfind("default-src 'none'; ", 0) == 0);
    for (const web::File& part : web::files()) {
        const bool isFront = part.name == "index.html";
        const Answer file = stage.send("GET", isFront ? "/" : "/assets/" + std::string(part.name));
        CHECK(file.status == 200);
        CHECK(file.text.find("https://") == std::string::npos);
        if (isFront) CHECK(file.text.find("style=") == std::string::npos);
    }
}

TEST_CASE("what this hub cannot do is 501, and what its store cannot do 503") {
    Stage stage;
    CHECK(stage.post("/v1/systems/sellsy/sync", Json::object()).status == 501);
    const Answer backup = stage.post("/v1/backup", {{"path", "/proc/no/such/folder.db"}});
    CHECK(backup.status == 503);
    CHECK(backup.type == "application/problem+json");
}
