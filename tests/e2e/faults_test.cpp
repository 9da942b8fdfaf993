// SPDX-License-Identifier: Apache-2.0
// Vendors at their worst: what they answer wrong, late or not at all delays a withdrawal and
// nothing else.
#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

/// A withdrawal in `from` while `faults` disturb every system; afterwards all hold it, written
/// once.
void withdrawThrough(Company& company,
                     const std::string& from,
                     const Json& faults,
                     const std::vector<std::string>& disturbed = kSystems) {
    const Person person = company.person();
    INFO(from << ' ' << faults.dump());
    std::map<std::string, std::uint64_t> seq;
    for (const std::string& system : kSystems) {
        seq[system] = company.at(system).lastWrite();
    }
    for (const std::string& system : disturbed) company.at(system).disturb(faults);
    company.refuse(from, person);
    const bool arrived = eventually([&] { return company.refusedEverywhere(person); });
    for (const std::string& system : kSystems) company.at(system).calm();
    REQUIRE(arrived);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    for (const std::string& system : kSystems) {
        std::size_t changes = 0;
        for (const Json& write : company.at(system).hubWrites(seq[system]))
            if (write.at("id") == person.at.at(system).id &&
                write.at("field") == fieldOf(system, "email"))
                ++changes;
        REQUIRE(changes == (system == from ? 0 : 1));
    }
}

}  // namespace

TEST_CASE("limits and errors of the vendor's server delay a withdrawal and nothing else") {
    Company company;
    // Not Salesforce: there it means that the day's limit is used up, and it is left alone for
    // long.
    withdrawThrough(company, "eudonet", {{"kind", "429"}, {"times", 3}, {"retry_after", 1}},
                    {"sellsy", "eudonet"});
    withdrawThrough(company, "sellsy", {{"kind", "500"}, {"times", 4}});
    withdrawThrough(company, "salesforce", {{"kind", "503_html"}, {"times", 4}});
    withdrawThrough(company, "eudonet", {{"kind", "reset"}, {"times", 4}});
}

TEST_CASE("replies that are not what they should be decide nothing") {
    Company company;
    withdrawThrough(company, "eudonet", {{"kind", "200_html"}, {"times", 4}});
    withdrawThrough(company, "sellsy", {{"kind", "truncated_json"}, {"times", 4}});
    withdrawThrough(company, "salesforce", {{"kind", "wrong_types"}, {"times", 4}});
    withdrawThrough(company, "eudonet", {{"kind", "garbage"}, {"times", 4}});
}

TEST_CASE("writes whose answer is late, lost or half a refusal are made once") {
    Company company;
    withdrawThrough(company, "eudonet", {{"kind", "commit_then_reset"}, {"times", 4}});
    withdrawThrough(company, "sellsy",
                    {{"kind", "commit_then_timeout"}, {"times", 3}, {"ms", 700}});
    withdrawThrough(company, "salesforce", {{"kind", "slow_body"}, {"times", 3}, {"ms", 700}});
    withdrawThrough(company, "eudonet", {{"kind", "partial_batch"}, {"times", 3}});
}

TEST_CASE("a locked Salesforce row is written when it is free") {
    Company company;
    const Person person = company.person();
    company.at("salesforce")
        .disturb(Json::array({{{"kind", "lock_row"}, {"method", "PATCH"}, {"times", 2}},
                              {{"kind", "lock_chunk"}, {"method", "PATCH"}, {"times", 2}}}));
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE("expired tokens are renewed without anybody noticing") {
    Company company;
    for (const std::string& system : kSystems) {
        const Person person = company.person();
        for (const std::string& one : kSystems)
            company.at(one).post("expire-tokens", Json::object());
        company.refuse(system, person);
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    }
}

TEST_CASE("a change that becomes visible late is seen all the same") {
    Company company;
    const Person late = company.person();
    const Person soon = company.person();
    const Place& place = late.at.at("salesforce");
    company.at("salesforce")
        .act({{"do", "update"},
              {"object", place.object},
              {"id", place.id},
              {"set", {{"HasOptedOutOfEmail", true}}},
              {"late_s", 4}});
    company.refuse("salesforce", soon);
    REQUIRE(eventually([&] { return company.refusedEverywhere(soon); }));
    REQUIRE(eventually([&] { return company.refusedEverywhere(late); }));
    REQUIRE(eventually([&] { return company.verified(late, "deny"); }));
}

TEST_CASE("webhooks that are lost, repeated or out of order change nothing in the end") {
    Company company;
    company.at("sellsy").set({{"webhook_drop", 0.4},
                              {"webhook_twice", 0.5},
                              {"webhook_delay_ms", 50},
                              {"webhook_reorder_ms", 300}});
    const std::vector<Person> people = company.people(6);
    for (const Person& person : people) company.refuse("sellsy", person);
    for (const Person& person : people) {
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    }
}

TEST_CASE("a vendor that was away gets what it missed when it is back") {
    Company company;
    const Person person = company.person();
    company.at("eudonet").kill();
    company.refuse("salesforce", person);
    REQUIRE(eventually([&] { return company.refusedAt("sellsy", person); }));
    REQUIRE(eventually([&] {
        for (const Json& system : company.items("/v1/systems"))
            if (system.at("system") == "eudonet")
                return !system.at("problem").get<std::string>().empty();
        return false;
    }));
    company.at("eudonet").start();
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

TEST_CASE("a vendor whose clock jumps by ten minutes loses no withdrawal") {
    Company company;
    company.at("salesforce").set({{"clock_skew_s", 600}});
    company.at("eudonet").set({{"clock_skew_s", -600}});
    for (const std::string& system : kSystems) {
        const Person person = company.person();
        INFO(system);
        company.refuse(system, person);
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
        REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    }
}

TEST_CASE("a vendor that refuses a write for good parks it with its own words") {
    Company company;
    const Person person = company.person();
    company.at("salesforce")
        .set({{"validation",
               {{"object", person.at.at("salesforce").object},
                {"field", "HasOptedOutOfEmail"},
                {"message", "Ask Legal first"}}}});
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.refusedAt("eudonet", person); }));
    REQUIRE(eventually([&] { return company.inboxOf(person, "parked").size() == 1; }));
    REQUIRE(company.inboxOf(person, "parked").at(0).dump().find("Ask Legal first") !=
            std::string::npos);
    REQUIRE_FALSE(company.ask("/v1/incidents?limit=500").at("items").empty());
    company.at("salesforce").set({{"validation", nullptr}});
    const std::string item = company.inboxOf(person, "parked").at(0).at("id");
    company.tell("/v1/inbox/" + item + "/retry", Json::object());
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}
