// SPDX-License-Identifier: Apache-2.0
// Worked cases of the consent rules that only real processes can show whole.
#include <algorithm>
#include <chrono>
#include <set>

#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Json choiceOf(const Person& person, const std::string& decision) {
    return {{"identifier", {{"kind", "email"}, {"value", person.email}}},
            {"scope", "lyon"},
            {"purposes", {"PROSPECTING"}},
            {"channels", {"email"}},
            {"decision", decision},
            {"actor", "portal"},
            {"reason", "asked for"}};
}

Json doubleOptIn() {
    return {{"source", "web form"},
            {"notice_id", "notice-2026-01"},
            {"method", "double_opt_in"},
            {"captured_at", now()},
            {"confirmed_at", now()}};
}

std::string answerOf(const Company& company,
                     const Person& person,
                     const std::string& purpose,
                     const std::string& channel) {
    return company
        .tell("/v1/effective", {{"scope", "lyon"},
                                {"purpose", purpose},
                                {"channel", channel},
                                {"identifiers", {person.email}}})
        .at("items")
        .at(0)
        .at("answer");
}

Json incidents(const Company& company, const std::string& kind) {
    Json found = Json::array();
    for (const Json& one : company.items("/v1/incidents?limit=500"))
        if (one.at("kind") == kind) found.push_back(one);
    return found;
}

/// How often the hub changed the person's e-mail choice in one system since `seq`.
std::size_t changes(Company& company,
                    const std::string& system,
                    const Person& person,
                    std::uint64_t seq) {
    std::size_t count = 0;
    for (const Json& write : company.at(system).hubWrites(seq))
        if (write.at("id") == person.at.at(system).id &&
            write.at("field") == fieldOf(system, "email"))
            ++count;
    return count;
}

std::size_t recordsOf(const Company& company, const std::string& email) {
    return company.tell("/v1/subjects/search", {{"identifier", email}}).at("items").size();
}

}  // namespace

TEST_CASE(
    "case 2 and 3: the portal's withdrawal outlives a re-tick, and ends with a double opt-in") {
    Company company;
    const Person person = company.person();
    company.withdrawAtHub(person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.agree("sellsy", person);
    REQUIRE(eventually([&] { return company.inboxOf(person, "candidate").size() == 1; }));
    REQUIRE(eventually([&] { return company.refusedAt("sellsy", person); }));
    REQUIRE(company.answer(person) == "deny");
    company.grant(person);
    REQUIRE(eventually([&] { return company.permittedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "permit"); }));
}

TEST_CASE("case 6: a newsletter by double opt-in leaves the objection to all marketing in force") {
    Company company;
    const Person person = company.person();
    Json objection = choiceOf(person, "objected");
    objection["channels"] = {"any"};
    company.tell("/v1/choices", objection);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.refusedEverywhere(person, "phone"); }));
    Json newsletter = choiceOf(person, "granted");
    newsletter["purposes"] = {"NEWSLETTER"};
    newsletter["evidence"] = doubleOptIn();
    company.tell("/v1/choices", newsletter);
    REQUIRE(answerOf(company, person, "NEWSLETTER", "email") == "permit");
    REQUIRE(answerOf(company, person, "PROSPECTING", "email") == "deny");
    REQUIRE(answerOf(company, person, "NEWSLETTER", "phone") == "deny");
    REQUIRE(company.settle());
    REQUIRE(company.refusedEverywhere(person));
    REQUIRE(company.refusedEverywhere(person, "phone"));
}

TEST_CASE("case 11: a write whose answer was lost is read back, not made twice") {
    Company company;
    const std::map<std::string, std::string> writing{
        {"salesforce", "composite"}, {"sellsy", "batch"}, {"eudonet", "CUD"}};
    for (const std::string& system : kSystems) {
        const Person person = company.person();
        INFO(system << ' ' << person.email);
        const Json before = company.at(system).get("summary");
        const std::uint64_t seq = company.at(system).lastWrite();
        company.at(system).disturb({{"kind", "commit_then_reset"},
                                    {"method", system == "salesforce" ? "PATCH" : "POST"},
                                    {"path", writing.at(system)},
                                    {"times", 2}});
        company.refuse(system == "eudonet" ? "sellsy" : "eudonet", person);
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
        REQUIRE(company.refusedEverywhere(person));
        REQUIRE(changes(company, system, person, seq) == 1);
        Json after = company.at(system).get("summary");
        for (const char* count : {"contact", "individual", "objects", "200"})
            if (before.contains(count)) REQUIRE(after.at(count) == before.at(count));
        company.at(system).calm();
    }
}

TEST_CASE("case 14: a system restored from last night's backup loses no withdrawal") {
    CompanyOptions options;
    options.people = 100;
    Company company(options);
    const std::vector<Person> people = company.people(3);
    company.at("sellsy").post("snapshot", Json::object());
    for (const Person& person : people) company.refuse("salesforce", person);
    for (const Person& person : people)
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    // A hub sweeps all it knows from its start on; the next walk would be a minute away.
    REQUIRE(company.stopHub() == 0);
    company.at("sellsy").post("restore", Json::object());
    for (const Person& person : people) REQUIRE_FALSE(company.refusedAt("sellsy", person));
    company.startHub();
    for (const Person& person : people) {
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
        REQUIRE(company.inboxOf(person, "candidate").empty());
    }
}

TEST_CASE("case 15: a new Sellsy contact of a withdrawn person is written deny") {
    Company company;
    const Person person = company.person();
    company.refuse("eudonet", person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    company.at("sellsy").set({{"default_consent", true}});
    const Json made = company.at("sellsy")
                          .act({{"do", "create"},
                                {"object", "contact"},
                                {"set", {{"last_name", "Again"}, {"email", person.email}}}})
                          .at("result");
    const Place place{"contact", made.at("id").dump()};
    REQUIRE_FALSE(refuses("sellsy", made, "email"));
    REQUIRE(eventually([&] { return refusesNow(company.at("sellsy"), place, "email"); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE(
    "case 16: an erased person who comes back is denied, and so is a grant of the same minutes") {
    Company company;
    const Person person = company.person();
    REQUIRE(eventually([&] { return !company.subject(person).empty(); }));
    company.tell("/v1/subjects/" + company.subject(person) + "/erase", {{"reason", "Article 17"}});
    REQUIRE(eventually([&] { return company.answer(person) == "deny"; }));
    const Json made = company.at("eudonet")
                          .act({{"do", "create"},
                                {"object", "200"},
                                {"set", {{"201", "Again"}, {"221", person.email}}}})
                          .at("result");
    const Place place{"200", made.at("FileId").dump()};
    REQUIRE(eventually([&] { return refusesNow(company.at("eudonet"), place, "email"); }));
    REQUIRE(company.answer(person) == "deny");
    company.grant(person);
    REQUIRE(company.settle());
    // A tombstone has no clock: for five minutes nobody can tell that a grant came after it.
    REQUIRE(company.answer(person) == "deny");
}

TEST_CASE("case 22: refusals over the cap are delivered at once, with an incident") {
    CompanyOptions options;
    options.people = 400;
    options.manifests = {{"cap_percent: 20", "cap_percent: 1"}};
    Company company(options);
    const std::vector<Person> people = company.people(30);
    for (const Person& person : people) company.refuse("eudonet", person);
    for (const Person& person : people)
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(company.settle());
    for (const Person& person : people) REQUIRE(company.verified(person, "deny"));
    REQUIRE(eventually([&] { return !incidents(company, "cap").empty(); }));
}

TEST_CASE("withdrawals read from missing values wait for a person above the cap") {
    CompanyOptions options;
    options.people = 400;
    options.manifests = {{"cap_percent: 20", "cap_percent: 1"}};
    Company company(options);
    const std::vector<Person> people = company.people(30);
    for (const Person& person : people) company.refuse("sellsy", person);
    const auto delivered = [&] {
        return std::count_if(people.begin(), people.end(), [&](const Person& person) {
            return company.refusedEverywhere(person);
        });
    };
    const auto caps = [&] {
        Json found = Json::array();
        for (const Json& item : company.items("/v1/inbox?state=open&limit=500"))
            if (item.at("kind") == "cap") found.push_back(item);
        return found;
    };
    REQUIRE(eventually([&] { return !caps().empty(); }));
    REQUIRE(company.settle());
    REQUIRE(delivered() == 20);
    company.tell("/v1/inbox/" + caps().at(0).at("id").get<std::string>() + "/accept",
                 Json::object());
    REQUIRE(eventually([&] { return delivered() == 30; }));
}

TEST_CASE("case 24: a refusal of a role mailbox binds every record that holds it, merging nobody") {
    Company company;
    const std::string mailbox = "info@acme-fr.example";
    std::vector<std::pair<std::string, Place>> places;
    const auto made = [&](const std::string& system, const std::string& object, const Json& set) {
        const Json result = company.at(system)
                                .act({{"do", "create"}, {"object", object}, {"set", set}})
                                .at("result");
        places.emplace_back(system, placeOf(system, object, result));
    };
    made("salesforce", "Contact", {{"LastName", "One"}, {"Email", mailbox}});
    made("salesforce", "Contact", {{"LastName", "Two"}, {"Email", mailbox}});
    made("sellsy", "contact",
         {{"last_name", "Three"},
          {"email", mailbox},
          {"marketing_campaigns_subscriptions", {"email", "phone"}}});
    made("eudonet", "200", {{"201", "Four"}, {"221", mailbox}});
    REQUIRE(eventually([&] { return recordsOf(company, mailbox) == 4; }));
    type(company.at("salesforce"), places[0].second, "email", true);
    for (const auto& [system, place] : places)
        REQUIRE(eventually(
            [&, &s = system, &p = place] { return refusesNow(company.at(s), p, "email"); }));
    REQUIRE(recordsOf(company, mailbox) == 4);
}

TEST_CASE("a deleted contact that comes back with its permit is written deny") {
    Company company;
    const Person person = company.person();
    const Place& place = person.at.at("salesforce");
    company.at("salesforce").act({{"do", "delete"}, {"object", place.object}, {"id", place.id}});
    REQUIRE(company.settle());
    company.refuse("eudonet", person);
    REQUIRE(eventually([&] { return company.refusedAt("sellsy", person); }));
    REQUIRE(company.settle());
    company.at("salesforce").act({{"do", "undelete"}, {"object", place.object}, {"id", place.id}});
    REQUIRE(eventually([&] { return company.refusedAt("salesforce", person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE("a pause and a full stop: withdrawals pass the one and wait for the end of the other") {
    Company company;
    const Person granted = company.person();
    const std::vector<Person> people = company.people(2);
    company.withdrawAtHub(granted);
    REQUIRE(eventually([&] { return company.verified(granted, "deny"); }));
    company.tell("/v1/systems/sellsy/pause", {{"reason", "import under way"}});
    company.grant(granted);
    company.refuse("salesforce", people[0]);
    REQUIRE(eventually([&] { return company.refusedEverywhere(people[0]); }));
    REQUIRE(eventually([&] { return !company.refusedAt("eudonet", granted); }));
    REQUIRE(company.refusedAt("sellsy", granted));
    company.tell("/v1/systems/sellsy/resume", Json::object());
    REQUIRE(eventually([&] { return company.permittedEverywhere(granted); }));
    company.tell("/v1/systems/sellsy/full-stop", {{"reason", "wrong mapping"}, {"hours", 1}});
    company.refuse("salesforce", people[1]);
    REQUIRE(eventually([&] { return company.refusedAt("eudonet", people[1]); }));
    REQUIRE_FALSE(company.refusedAt("sellsy", people[1]));
    company.tell("/v1/systems/sellsy/resume", Json::object());
    REQUIRE(eventually([&] { return company.refusedEverywhere(people[1]); }));
}
