// SPDX-License-Identifier: Apache-2.0
// What a run leaves in the log: nothing of any person, no secret, no broken format.
#include <csignal>

#include <Poco/String.h>
#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

/// A day of everything: choices, faults of every kind, hostile webhooks, kills, a restart.
void live(Company& company) {
    const std::vector<Person> people = company.people(8);
    for (const char* kind : {"200_html", "truncated_json", "wrong_types", "garbage", "500",
                             "503_html", "429", "reset", "commit_then_reset", "partial_batch"})
        for (const std::string& system : kSystems)
            company.at(system).disturb({{"kind", kind}, {"times", 1}});
    for (std::size_t i = 0; i < people.size(); ++i) company.refuse(kSystems[i % 3], people[i]);
    for (const std::string& system : kSystems) company.at(system).post("expire-tokens", {});
    Talk(company.webhookPort())
        .send("POST", "/hooks/sellsy", "{\"email\":\"" + people[0].email + "\"}");
    company.api().get("/v1/subjects/" + people[0].email);
    company.api().post("/v1/choices", {{"identifier", {{"value", people[0].email}}}});
    company.api().post("/v1/subjects/search", {{"identifier", people[1].email}});
    for (const Person& person : people)
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    const Person person = company.person();
    company.withdrawAtHub(person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.grant(person);
    REQUIRE(eventually([&] { return company.verified(person, "permit"); }));
    for (const pid_t pid : childrenOf(company.hub().pid())) ::kill(pid, SIGSEGV);
    company.refuse("eudonet", person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.killHub();
    company.startHub();
    REQUIRE(company.settle());
    REQUIRE(company.stopHub() == 0);
}

}  // namespace

TEST_CASE("the log of a run names no person, no secret, and has no broken format") {
    CompanyOptions options;
    options.environment = {{"CONCORDAT_LOG_LEVEL", "debug"}};
    Company company(options);
    const std::string token = company.token();
    live(company);
    const std::string log = Poco::toLower(company.log());
    REQUIRE_FALSE(log.empty());
    for (const std::string& email : company.everyEmail()) {
        INFO(email);
        REQUIRE(log.find(email) == std::string::npos);
    }
    for (const std::string& secret :
         {token, std::string("demo-secret"), std::string("demo-sign-key"),
          std::string("demo-subscriber"), std::string("demo-user")}) {
        INFO(secret);
        REQUIRE(log.find(Poco::toLower(secret)) == std::string::npos);
    }
    REQUIRE(log.find("errfmt") == std::string::npos);
    REQUIRE(log.find("bearer ") == std::string::npos);
}

TEST_CASE("the store's files hold no e-mail address in the clear") {
    Company company;
    REQUIRE(company.stopHub() == 0);
    std::string stored = Poco::toLower(textOf(company.home() + "/data/hub.db"));
    stored += Poco::toLower(textOf(company.home() + "/data/hub.db-wal"));
    stored += Poco::toLower(textOf(company.home() + "/data/suppression.journal"));
    for (const std::string& email : company.everyEmail()) {
        INFO(email);
        REQUIRE(stored.find(email) == std::string::npos);
    }
}
