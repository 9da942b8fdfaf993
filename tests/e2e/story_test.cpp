// SPDX-License-Identifier: Apache-2.0
// The main job, with nothing going wrong: a choice made in one place is held by all, and proven.
#include <chrono>
#include <set>

#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

TEST_CASE("a withdrawal in any of the three systems reaches the other two and is verified") {
    Company company;
    for (const std::string& system : kSystems) {
        const Person person = company.person();
        INFO(system << ' ' << person.email);
        company.refuse(system, person);
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    }
}

TEST_CASE("a choice about the phone changes nothing about e-mail") {
    Company company;
    const Person person = company.person();
    company.refuse("salesforce", person, "phone");
    REQUIRE(eventually([&] { return company.refusedEverywhere(person, "phone"); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny", "phone"); }));
    REQUIRE(company.permittedEverywhere(person, "email"));
}

TEST_CASE("a webhook from Sellsy is enough: nothing has to be polled") {
    CompanyOptions options;
    options.manifests = {{"poll_interval: 1s", "poll_interval: 1h"}};
    Company company(options);
    const Person person = company.person();
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE("a re-tick without evidence is restored and gives one candidate") {
    Company company;
    for (const std::string& system : kSystems) {
        const Person person = company.person();
        INFO(system << ' ' << person.email);
        company.refuse("salesforce", person);
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
        company.agree(system, person);
        REQUIRE(eventually([&] { return company.inboxOf(person, "candidate").size() == 1; }));
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(company.settle());
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
        REQUIRE(company.inboxOf(person, "candidate").size() == 1);
    }
}

TEST_CASE("a grant with evidence through the API permits everywhere") {
    Company company;
    const Person person = company.person();
    company.withdrawAtHub(person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.grant(person);
    REQUIRE(eventually([&] { return company.permittedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "permit"); }));
}

TEST_CASE("a grant a moment after a withdrawal by another clock is contested, not believed") {
    Company company;
    const Person person = company.person();
    company.refuse("eudonet", person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.grant(person);
    REQUIRE(company.settle());
    REQUIRE(company.answer(person) == "deny");
    REQUIRE(company.refusedEverywhere(person));
    std::size_t contested = 0;
    const Json page = company.subjectPage(person);
    for (const Json& answer : page.at("effective")) contested += answer.at("contested").size();
    REQUIRE(contested > 0);
}

TEST_CASE("a withdrawal after a grant wins again") {
    Company company;
    const Person person = company.person();
    company.withdrawAtHub(person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.grant(person);
    REQUIRE(eventually([&] { return company.verified(person, "permit"); }));
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE("a grant without evidence is refused with a sentence") {
    Company company;
    const Person person = company.person();
    const Answer answer = company.api().post(
        "/v1/choices", {{"identifier", {{"kind", "email"}, {"value", person.email}}},
                        {"scope", "lyon"},
                        {"purposes", {"PROSPECTING"}},
                        {"channels", {"email"}},
                        {"decision", "granted"},
                        {"actor", "web form"},
                        {"reason", "no proof"}});
    REQUIRE(answer.status == 400);
    REQUIRE(answer.json().value("detail", "").find("proof") != std::string::npos);
}

TEST_CASE("evidence added to a candidate permits everywhere, and the forecast said so") {
    Company company;
    const Person person = company.person();
    company.withdrawAtHub(person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.agree("sellsy", person);
    REQUIRE(eventually([&] { return company.inboxOf(person, "candidate").size() == 1; }));
    const std::string item = company.inboxOf(person, "candidate").at(0).at("id");
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
    const Json evidence{{"source", "signed paper form"},
                        {"notice_id", "notice-2026-01"},
                        {"method", "double_opt_in"},
                        {"captured_at", ms},
                        {"confirmed_at", ms},
                        {"reason", "form 12"}};
    const Json forecast = company.tell("/v1/inbox/" + item + "/forecast", evidence);
    std::set<std::string> permitted;
    for (const Json& answer : forecast.at("effective"))
        if (answer.at("after") == "permit")
            permitted.insert(answer.at("scope").get<std::string>() + " " +
                             answer.at("purpose").get<std::string>() + " " +
                             answer.at("channel").get<std::string>());
    REQUIRE(permitted == std::set<std::string>{"lyon PROSPECTING email"});
    company.tell("/v1/inbox/" + item + "/evidence", evidence);
    REQUIRE(eventually([&] { return company.permittedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "permit"); }));
    REQUIRE(company.inboxOf(person, "candidate").empty());
}

TEST_CASE("without outside changes writes go to zero") {
    Company company;
    const std::vector<Person> people = company.people(9);
    for (std::size_t i = 0; i < people.size(); ++i) company.refuse(kSystems[i % 3], people[i]);
    for (const Person& person : people)
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    REQUIRE(company.settle());
    std::map<std::string, std::uint64_t> last;
    for (const std::string& system : kSystems) last[system] = company.at(system).lastWrite();
    REQUIRE(company.settle());
    REQUIRE(company.settle());
    for (const std::string& system : kSystems)
        REQUIRE(company.at(system).lastWrite() == last[system]);
}
