// SPDX-License-Identifier: Apache-2.0
// Systems, rehearsals, health, metrics, and what an administrator keeps.
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

std::string stateOf(Stage& stage) {
    return stage.get("/v1/systems/sellsy").json().value("state", "");
}

void open(Stage& stage) {
    stage.settle();
    const Json rehearsal = stage.post("/v1/rehearsals", {{"systems", {"sellsy"}}}).json();
    REQUIRE(rehearsal.value("state", "") == "ready");
    const std::string path = "/v1/rehearsals/" + rehearsal.at("id").get<std::string>();
    REQUIRE(stage.post(path + "/approve", Json::object()).status == 200);
}

}  // namespace

TEST_CASE("a system is loaded, rehearsed with samples, and opened by an approval") {
    Stage stage;
    CHECK(stateOf(stage) == "waiting");
    Json rehearsal = stage.post("/v1/rehearsals", Json::object()).json();
    CHECK(rehearsal.value("state", "") == "loading");
    const std::string path = "/v1/rehearsals/" + rehearsal.at("id").get<std::string>();
    CHECK(stage.post(path + "/approve", Json::object()).status == 409);

    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.post("/v1/choices", {{"identifier", {{"kind", "email"}, {"value", "ada@example.org"}}},
                               {"purposes", {"marketing"}},
                               {"channels", {"email"}},
                               {"decision", "withdrawn"}});
    stage.settle();
    CHECK(stateOf(stage) == "rehearsing");
    rehearsal = stage.get(path + "?wait=1").json();
    CHECK(rehearsal.value("state", "") == "ready");
    CHECK(rehearsal.value("progress", 0.0) == 1.0);
    const Json figures = rehearsal.at("figures").at("per_system").at(0);
    CHECK(figures.value("tighten", 0) == 1);
    CHECK(figures.value("loosen", 9) == 0);
    REQUIRE(figures.at("samples").size() == 1);
    CHECK(figures.at("samples").at(0).value("reading", "") == "permit");
    CHECK(stage.crm.shown("a", "contact.email") == sdk::Shown::Permit);

    CHECK(stage.post(path + "/approve", Json::object()).json().value("state", "") == "approved");
    CHECK(stateOf(stage) == "open");
    stage.settle();
    CHECK(stage.crm.shown("a", "contact.email") == sdk::Shown::Absent);
}

TEST_CASE("a rehearsal whose figures changed is stale") {
    Stage stage;
    stage.settle();
    const Json rehearsal = stage.post("/v1/rehearsals", Json::object()).json();
    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.settle();
    stage.post("/v1/choices", {{"identifier", {{"kind", "email"}, {"value", "ada@example.org"}}},
                               {"purposes", {"marketing"}},
                               {"channels", {"email"}},
                               {"decision", "withdrawn"}});
    const std::string path = "/v1/rehearsals/" + rehearsal.at("id").get<std::string>();
    CHECK(stage.post(path + "/approve", Json::object()).status == 409);
    CHECK(stage.get(path).json().value("state", "") == "stale");
    CHECK(stage.get("/v1/rehearsals/none").status == 404);
    CHECK(stage.post("/v1/rehearsals", {{"systems", {"other"}}}).status == 404);
}

TEST_CASE("a system is paused, fully stopped for at most a day, and resumed, by somebody") {
    Stage stage;
    open(stage);
    CHECK(stage.post("/v1/systems/sellsy/pause", Json::object()).detail() == "'reason' is missing");
    Json status = stage.post("/v1/systems/sellsy/pause", {{"reason", "audit"}}).json();
    CHECK(status.value("state", "") == "paused");
    CHECK(status.value("pause_reason", "") == "audit");
    CHECK(status.value("stopped_by", "") == "test");
    CHECK(stage.post("/v1/systems/sellsy/full-stop", {{"reason", "x"}, {"hours", 25}}).status ==
          400);
    status =
        stage.post("/v1/systems/sellsy/full-stop", {{"reason", "repair"}, {"hours", 2}}).json();
    CHECK(status.value("state", "") == "full_stop");
    CHECK(stage.get("/health").json().value("status", "") == "degraded");
    CHECK(stage.get("/v1/incidents?state=open").json().at("items").size() == 1);
    CHECK(stage.post("/v1/systems/sellsy/resume", Json::object()).json().value("state", "") ==
          "open");
    CHECK(stage.get("/v1/incidents?state=open").json().at("items").empty());
    CHECK(stage.get("/v1/incidents?state=closed").json().at("items").size() == 1);
    CHECK(stage.get("/health").json().value("status", "") == "ok");
}

TEST_CASE("a system names what went wrong from the first failure on, until a step succeeds") {
    Stage stage;
    sync::LaneHealth& lane = stage.lanes.emplace_back();
    gateway::SystemState& state = stage.gateway.emplace();
    const auto problem = [&] {
        return stage.get("/v1/systems/sellsy").json().value("problem", "?");
    };
    CHECK(problem().empty());
    state.lastError = "the sign-in was not answered";
    CHECK(problem() == state.lastError);
    lane.lastError = "the connector crashed";
    lane.lastErrorAt = 2'000;
    CHECK(problem() == "the connector crashed (the sign-in was not answered)");
    state.lastError.clear();
    lane.lastStepAt = 3'000;
    CHECK(problem().empty());
    lane.breaker = sync::BreakerState::HalfOpen;
    CHECK(problem() == lane.lastError);
}

TEST_CASE("a system shows its slots, and which of them cannot be written conditionally") {
    Stage stage;
    const Json system = stage.get("/v1/systems/sellsy").json();
    CHECK(system.value("title", "") == "Sellsy France");
    CHECK(system.at("lost_update_slots") == Json{"contact.email"});
    CHECK(system.at("slots").at(0).value("label", "") == "E-mail opt-in");
    CHECK(stage.get("/v1/systems").json().at("items").size() == 1);
}

TEST_CASE("a check shows each probe and the account behind it") {
    Stage stage;
    const Json check = stage.post("/v1/systems/sellsy/check", Json::object()).json();
    CHECK(check.at("tenant") == Json{{"id", "42"}, {"name", "Acme"}});
    CHECK(check.at("probes").at(1) == Json{{"name", "rights"},
                                           {"state", "fail"},
                                           {"message", "no right to write"},
                                           {"fix", "ask your admin"}});
}

TEST_CASE("refused writes are counted, and tried again on request") {
    Stage stage;
    open(stage);
    stage.crm.rejects = "validation rule 7";
    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.settle();
    stage.post("/v1/choices", {{"subject", stage.subjectOf("a")},
                               {"purposes", {"marketing"}},
                               {"channels", {"email"}},
                               {"decision", "withdrawn"}});
    stage.settle();
    CHECK(stage.get("/v1/systems/sellsy").json().value("parked", 0) == 1);
    const Json subject = stage.get("/v1/subjects/" + stage.subjectOf("a")).json();
    CHECK(subject.at("records").at(0).at("slots").at(0).value("reason", "") ==
          "parked: validation rule 7");
    stage.crm.rejects.clear();
    CHECK(stage.post("/v1/systems/sellsy/retry-parked", Json::object()).json() ==
          Json{{"retried", 1}});
    stage.settle();
    CHECK(stage.get("/v1/systems/sellsy").json().value("parked", 9) == 0);
    CHECK(stage.crm.shown("a", "contact.email") == sdk::Shown::Absent);
}

TEST_CASE("metrics are Prometheus text, free on this machine and not for who a proxy sends on") {
    Stage stage;
    open(stage);
    const Answer metrics = stage.send("GET", "/metrics");
    CHECK(metrics.status == 200);
    CHECK(metrics.type == "text/plain; version=0.0.4; charset=utf-8");
    for (const std::string line :
         {"# TYPE concordat_verified_seconds histogram\n",
          "concordat_verified_seconds_bucket{le=\"+Inf\"} 0\n",
          "concordat_verified_seconds_count 0\n", "concordat_due{system=\"sellsy\"} 0\n",
          "concordat_lag_seconds{system=\"sellsy\"} 0\n",
          "concordat_webhooks_total{result=\"accepted\"} 0\n",
          "concordat_connections{server=\"webhooks\"} 0\n", "concordat_resident_bytes "}) {
        INFO(line);
        CHECK(metrics.text.find(line) != std::string::npos);
    }
    CHECK(stage.send("GET", "/metrics", "", {{"X-Forwarded-For", "203.0.113.7"}}).status == 401);
    CHECK(stage.get("/metrics").status == 200);
}

TEST_CASE("settings show where values come from, and secrets as references") {
    Stage stage;
    CHECK(stage.get("/v1/settings").json().at("items").at(0) == Json{{"name", "admin.password"},
                                                                     {"value", "env:PASSWORD"},
                                                                     {"origin", "file"},
                                                                     {"unit", ""},
                                                                     {"help", "first password"},
                                                                     {"secret", true}});
}

TEST_CASE("a backup is written where it may be, and the store is found sound") {
    Stage stage;
    const std::string path = stage.scratch.path("copy.db");
    const Json backup = stage.post("/v1/backup", {{"path", path}}).json();
    CHECK(backup.value("path", "") == path);
    CHECK(backup.value("bytes", 0) > 4'000);
    CHECK(stage.post("/v1/backup", {{"path", "copy.db"}}).status == 400);
    CHECK(stage.post("/v1/integrity", Json::object()).json() == Json{{"problems", Json::array()}});
}

TEST_CASE("a sign-in at a vendor begins with an administrator and ends with the vendor's answer") {
    Stage stage;
    CHECK(stage.post("/v1/systems/sellsy/authorize", Json::object()).json().value("url", "") ==
          "https://vendor/sellsy");
    const Answer done = stage.send("GET", "/oauth/callback?code=c&state=s");
    CHECK(done.status == 200);
    CHECK(done.text == "The hub is signed in for sellsy. You may close this page.\n");
    CHECK(stage.send("GET", "/oauth/callback?code=c&state=forged").status == 400);
    CHECK(stage.send("GET", "/oauth/callback").status == 400);
}
