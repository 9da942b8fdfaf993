// SPDX-License-Identifier: Apache-2.0
// People, choices, answers and the inbox.
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

Json choiceOf(const std::string& email, const std::string& decision) {
    return {{"identifier", {{"kind", "email"}, {"value", email}}},
            {"purposes", {"marketing"}},
            {"channels", {"email"}},
            {"decision", decision}};
}

Json grantOf(const std::string& email, sync::EpochMs at) {
    Json grant = choiceOf(email, "granted");
    grant["evidence"] = {{"source", "portal"},
                         {"method", "double_opt_in"},
                         {"captured_at", at},
                         {"confirmed_at", at}};
    return grant;
}

Json answersFor(Stage& stage, const Json& identifiers) {
    return stage
        .post("/v1/effective",
              {{"purpose", "marketing"}, {"channel", "email"}, {"identifiers", identifiers}})
        .json()
        .at("items");
}

}  // namespace

TEST_CASE("a choice by address makes a person who is found again, with history") {
    Stage stage;
    const Answer said = stage.post("/v1/choices", choiceOf("Ada@Example.org", "withdrawn"));
    REQUIRE(said.status == 200);
    CHECK(said.json().value("new_subject", false));
    const Json found =
        stage.post("/v1/subjects/search", {{"identifier", "ada@example.org"}}).json();
    REQUIRE(found.at("items").size() == 1);
    const std::string id = found.at("items").at(0).at("id");
    CHECK(said.json().value("subject", "") == id);
    const Json subject = stage.get("/v1/subjects/" + id).json();
    CHECK(subject.at("identifiers").at(0).value("value", "") == "ada@example.org");
    CHECK(subject.at("effective").at(0).value("answer", "") == "deny");
    const Json history = stage.get("/v1/subjects/" + id + "/history").json().at("items");
    REQUIRE(history.size() == 1);
    CHECK(history.at(0).value("text", "") == "withdrawn, said to the hub: marketing by email");
    CHECK(history.at(0).at("event").value("actor", "") == "test");
    CHECK(stage.get("/v1/subjects/nobody").status == 404);
}

TEST_CASE("a consent is stated only by who may grant, and only with evidence") {
    Stage stage;
    const Json grant = grantOf("ada@example.org", stage.clock.wall - 1'000);
    CHECK(stage.post("/v1/choices", grant, stage.token(Role::Reviewer)).status == 403);
    CHECK(stage.post("/v1/choices", grant, stage.token(Role::ReadOnly, {"grant"})).status == 403);
    CHECK(stage.post("/v1/choices", choiceOf("ada@example.org", "granted")).status == 400);
    Json late = grant;
    late["evidence"]["confirmed_at"] = 1;
    CHECK(stage.post("/v1/choices", late).status == 400);
    CHECK(stage.post("/v1/choices", grant, stage.token(Role::Reviewer, {"grant"})).status == 200);
    CHECK(answersFor(stage, {"ada@example.org"}).at(0).value("answer", "") == "permit");
    // A withdrawal needs no scope.
    stage.clock.advance(600'000);
    CHECK(stage
              .post("/v1/choices", choiceOf("ada@example.org", "withdrawn"),
                    stage.token(Role::Reviewer))
              .status == 200);
    CHECK(answersFor(stage, {"ada@example.org"}).at(0).value("answer", "") == "deny");
}

TEST_CASE("a sender's question is answered in order, also for strangers and rubbish") {
    Stage stage;
    stage.post("/v1/choices", choiceOf("ada@example.org", "withdrawn"));
    stage.post("/v1/choices", grantOf("bob@example.org", stage.clock.wall - 1'000));
    const Json answers =
        answersFor(stage, {"nobody@example.org", " ADA@example.org", "rubbish", "bob@example.org"});
    REQUIRE(answers.size() == 4);
    CHECK(answers.at(0).value("answer", "") == "unknown");
    CHECK(answers.at(1).value("answer", "") == "deny");
    CHECK(answers.at(1).value("identifier", "") == " ADA@example.org");
    CHECK(answers.at(1).value("rule", 0) == 5);
    CHECK(answers.at(2).value("answer", "") == "unknown");
    CHECK(answers.at(2).value("problem", "") == "no e-mail address or phone number");
    CHECK(answers.at(3).value("answer", "") == "permit");
}

TEST_CASE("a sender may ask about a thousand people at once, and not about more") {
    Stage stage;
    Json identifiers = Json::array();
    for (int i = 0; i < 1'000; ++i)
        identifiers.push_back("person" + std::to_string(i) + "@example.org");
    CHECK(answersFor(stage, identifiers).size() == 1'000);
    identifiers.push_back("more@example.org");
    const Answer refused =
        stage.post("/v1/effective",
                   {{"purpose", "marketing"}, {"channel", "email"}, {"identifiers", identifiers}});
    CHECK(refused.detail() == "'identifiers' has more than 1000 members");
}

TEST_CASE("a question names a purpose and channel that exist") {
    Stage stage;
    const auto ask = [&](const Json& question) { return stage.post("/v1/effective", question); };
    CHECK(ask({{"purpose", "spam"}, {"channel", "email"}, {"identifiers", {"a@b.org"}}}).detail() ==
          "'purpose' is not known to this hub");
    CHECK(
        ask({{"purpose", "marketing"}, {"channel", "fax"}, {"identifiers", {"a@b.org"}}}).status ==
        400);
    CHECK(ask({{"purpose", "marketing"}, {"identifiers", {"a@b.org"}}}).status == 400);
    CHECK(ask({{"scope", "evil"},
               {"purpose", "marketing"},
               {"channel", "email"},
               {"identifiers", {"a@b.org"}}})
              .status == 400);
    CHECK(ask({{"purpose", "marketing"}, {"channel", "email"}}).status == 400);
}

TEST_CASE("a person shows each record and slot: what it shows, what is wanted, whether it holds") {
    Stage stage;
    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.settle();
    const std::string id = stage.subjectOf("a");
    stage.post("/v1/choices", choiceOf("ada@example.org", "withdrawn"));
    const Json record = stage.get("/v1/subjects/" + id).json().at("records").at(0);
    CHECK(record.value("object", "") == "Contact");
    CHECK(record.value("state", "") == "open");
    const Json slot = record.at("slots").at(0);
    CHECK(slot.value("shows", "") == "permit");
    CHECK(slot.value("wanted", "") == "deny");
    CHECK_FALSE(slot.value("verified", true));
}

TEST_CASE("history goes on where the page before ended") {
    Stage stage;
    for (int i = 0; i < 5; ++i) {
        stage.clock.advance(60'000);
        stage.post("/v1/choices", choiceOf("ada@example.org", "withdrawn"));
    }
    const std::string id = stage.post("/v1/subjects/search", {{"identifier", "ada@example.org"}})
                               .json()
                               .at("items")
                               .at(0)
                               .at("id");
    const std::string path = "/v1/subjects/" + id + "/history?limit=2";
    std::string after;
    std::vector<std::int64_t> times;
    for (int page = 0; page < 3; ++page) {
        const Json rows = stage.get(path + "&after=" + after).json();
        for (const Json& row : rows.at("items")) times.push_back(row.at("at"));
        after = rows.at("next");
        CHECK(after.empty() == (page == 2));
    }
    CHECK(times.size() == 5);
    CHECK(std::is_sorted(times.begin(), times.end()));
    CHECK(stage.get(path + "&after=x").status == 400);
}

TEST_CASE("the erased are denied, and need a reason") {
    Stage stage;
    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.settle();
    const std::string path = "/v1/subjects/" + stage.subjectOf("a") + "/erase";
    CHECK(stage.post(path, Json::object()).status == 400);
    CHECK(stage.post(path, {{"reason", "art. 17"}}, stage.token(Role::Reviewer)).status == 403);
    CHECK(stage.post(path, {{"reason", "art. 17"}}).status == 200);
    CHECK(answersFor(stage, {"ada@example.org"}).at(0).value("answer", "") == "deny");
}

namespace {

/// A candidate: withdrawn, then ticked again in the CRM without proof.
struct CandidateStage : Stage {
    CandidateStage() {
        crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
        settle();
        const Json rehearsal = post("/v1/rehearsals", Json::object()).json();
        post("/v1/rehearsals/" + rehearsal.at("id").get<std::string>() + "/approve",
             Json::object());
        post("/v1/choices", choiceOf("ada@example.org", "withdrawn"));
        settle();
        clock.advance(3'600'000);
        crm.set("a", "contact.email", sdk::Shown::Permit);
        settle();
        const Json items = get("/v1/inbox?state=open").json().at("items");
        REQUIRE(items.size() == 1);
        path = "/v1/inbox/" + items.at(0).at("id").get<std::string>();
    }
    std::string path;
};

}  // namespace

TEST_CASE("a candidate says what to do, its forecast what evidence would change, then it closes") {
    CandidateStage stage;
    const Json item = stage.get(stage.path).json();
    CHECK(item.value("kind", "") == "candidate");
    CHECK_FALSE(item.value("what_to_do", "").empty());
    stage.clock.advance(3'600'000);
    const Json evidence{
        {"source", "paper"}, {"method", "subject"}, {"captured_at", stage.clock.wall - 60'000}};
    const Json forecast = stage.post(stage.path + "/forecast", evidence).json().at("effective");
    REQUIRE(forecast.size() == 1);
    CHECK(forecast.at(0).value("before", "") == "deny");
    CHECK(forecast.at(0).value("after", "") == "permit");
    CHECK(stage.get(stage.path).json().value("closed_at", 1) == 0);
    CHECK(stage.post(stage.path + "/evidence", evidence, stage.token(Role::Reviewer)).status ==
          403);
    CHECK(stage.post(stage.path + "/evidence", {{"source", "paper"}}).detail() ==
          "'evidence.captured_at' is missing: when the person consented");
    const Json said = stage.post(stage.path + "/evidence", evidence).json();
    CHECK(said.at("effective").at(0).value("answer", "") == "permit");
    CHECK(stage.get("/v1/inbox?state=open").json().at("items").empty());
    CHECK(stage.get("/v1/inbox?state=closed").json().at("items").size() == 1);
    CHECK(stage.post(stage.path + "/dismiss", {{"reason", "late"}}).status == 409);
}

TEST_CASE("an item is dismissed with a reason, and actions of other kinds do not fit it") {
    CandidateStage stage;
    CHECK(stage.post(stage.path + "/confirm-merge", Json::object()).status == 409);
    CHECK(stage.post(stage.path + "/accept", Json::object()).status == 400);
    CHECK(stage.post(stage.path + "/dismiss", Json::object()).status == 400);
    const Json closed = stage.post(stage.path + "/dismiss", {{"reason", "no proof"}}).json();
    CHECK(closed.value("outcome", "") == "dismissed by test: no proof");
    CHECK(stage.get("/v1/inbox/none").status == 404);
}
