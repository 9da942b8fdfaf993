// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tests/simulators/salesforce/rig.h"
#include "tools/simulators/salesforce/times.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

TEST_CASE("texts are compared regardless of case, ids with regard to it") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "Ünal"}, {"Email", "MiXed@Example.COM"}});
    CHECK(rig.query("select id from contact where email = 'mixed@EXAMPLE.com'").at("totalSize") ==
          1);
    CHECK(rig.query("SELECT Id FROM Contact WHERE LastName = 'ÜNAL'").at("totalSize") == 1);
    CHECK(
        rig.query("SELECT Id FROM Contact WHERE Id = '" + id.substr(0, 15) + "'").at("totalSize") ==
        1);
    CHECK(rig.query("SELECT Email FROM Contact WHERE Id = '" + id + "'")
              .at("records")[0]
              .at("Email") == "mixed@example.com");
}

TEST_CASE("conditions nest with AND, OR, NOT and parentheses") {
    Rig rig;
    for (const char* name : {"Aa1", "Aa2", "Aa3"}) {
        rig.contact({{"LastName", name}, {"HasOptedOutOfEmail", name == std::string("Aa2")}});
    }
    const auto count = [&](const std::string& where) {
        return rig.query("SELECT COUNT() FROM Contact WHERE " + where).at("totalSize").get<int>();
    };
    CHECK(count("LastName LIKE 'aa_'") == 3);
    CHECK(count("LastName LIKE 'Aa%' AND HasOptedOutOfEmail = false") == 2);
    CHECK(count("LastName LIKE 'Aa%' AND (NOT HasOptedOutOfEmail = false)") == 1);
    CHECK(count("LastName = 'Aa1' OR LastName = 'Aa2'") == 2);
    CHECK(count("LastName IN ('Aa1','aa3') AND (Email = null OR Email != null)") == 2);
    CHECK(count("LastName LIKE 'Aa%' AND LastName NOT IN ('Aa1')") == 2);
    CHECK(count("LastName > 'Aa1' AND LastName <= 'Aa3'") == 2);
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'") ==
          "MALFORMED_QUERY");
}

TEST_CASE("quotes and backslashes in literals are escaped, never guessed") {
    Rig rig;
    rig.contact({{"LastName", "D'Ang\\elo 100%"}});
    CHECK(rig.query(R"(SELECT Id FROM Contact WHERE LastName = 'D\'Ang\\elo 100%')")
              .at("totalSize") == 1);
    CHECK(rig.query(R"(SELECT Id FROM Contact WHERE LastName LIKE 'D\'%100\%')").at("totalSize") ==
          1);
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE LastName = 'D'Angelo'") == "MALFORMED_QUERY");
    CHECK(rig.refusal(R"(SELECT Id FROM Contact WHERE LastName = 'x\y')") == "MALFORMED_QUERY");
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE LastName = 'open") == "MALFORMED_QUERY");
}

TEST_CASE("unknown fields, objects and wrong literals are refused in the vendor's words") {
    Rig rig;
    const auto reply = rig.ask("GET", "/query?q=SELECT+Id,Foo+FROM+Lead");
    const auto error = json::parse(reply.body).at(0);
    CHECK(error.at("errorCode") == "INVALID_FIELD");
    CHECK(error.at("message").get<std::string>().find("No such column 'Foo' on entity 'Lead'") !=
          std::string::npos);
    CHECK(rig.refusal("SELECT Id FROM Nothing") == "INVALID_TYPE");
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE HasOptedOutOfEmail = 'true'") ==
          "INVALID_FIELD");
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'") ==
          "INVALID_FIELD");
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE Id = 'nonsense'") ==
          "INVALID_QUERY_FILTER_OPERATOR");
    CHECK(rig.refusal("SELECT Id FROM Contact LIMIT 5 OFFSET 2001") ==
          "NUMBER_OUTSIDE_VALID_RANGE");
    CHECK(rig.refusal("SELECT Id FROM Contact WHERE") == "MALFORMED_QUERY");
}

TEST_CASE("parents are nested records, or null") {
    Rig rig;
    const auto linked = rig.query(
        "SELECT Id, Individual.LastName, Individual.HasOptedOutSolicit FROM Contact "
        "WHERE IndividualId != null ORDER BY Id LIMIT 1");
    const auto individual = linked.at("records")[0].at("Individual");
    CHECK(individual.at("attributes").at("type") == "Individual");
    CHECK(individual.at("HasOptedOutSolicit").is_boolean());
    const auto single =
        rig.query("SELECT Individual.LastName FROM Contact WHERE IndividualId = null LIMIT 1");
    CHECK(single.at("records")[0].at("Individual").is_null());
}

TEST_CASE("pages follow the batch size, share one total, and end without a next URL") {
    Rig rig;
    const auto first = rig.json("GET", "/query?q=SELECT+Id+FROM+Contact", "",
                                {{"Sforce-Query-Options", "batchSize=10"}});
    CHECK(first.at("records").size() == 200);
    CHECK(first.at("totalSize") == 350);
    CHECK(first.at("done") == false);
    const auto url = first.at("nextRecordsUrl").get<std::string>();
    const auto second = rig.json("GET", url.substr(20));
    CHECK(second.at("records").size() == 150);
    CHECK(second.at("done") == true);
    CHECK_FALSE(second.contains("nextRecordsUrl"));
    rig.admin("POST", "settings", R"({"clock_skew_s":180000})");
    CHECK(rig.json("GET", url.substr(20)).at(0).at("errorCode") == "INVALID_QUERY_LOCATOR");
}

TEST_CASE("a keyset walk over equal stamps sees every row once") {
    Rig rig;
    std::set<std::string> seen;
    std::string where;
    for (int page = 0; page < 100; ++page) {
        const auto reply = rig.query("SELECT Id, SystemModstamp FROM Contact" + where +
                                     " ORDER BY SystemModstamp, Id LIMIT 17");
        if (reply.at("records").empty()) break;
        for (const auto& row : reply.at("records")) CHECK(seen.insert(row.at("Id")).second);
        const auto last = reply.at("records").back();
        const auto time = last.at("SystemModstamp").get<std::string>().substr(0, 19) + "Z";
        where = " WHERE (SystemModstamp = " + time + " AND Id > '" +
                last.at("Id").get<std::string>() + "') OR SystemModstamp > " + time;
    }
    CHECK(seen.size() == 350);
}

TEST_CASE("order, limit and offset work together") {
    Rig rig;
    const auto all =
        rig.query("SELECT Id, Email FROM Contact ORDER BY Email DESC NULLS LAST, Id").at("records");
    const auto some = rig.query(
        "SELECT Id, Email FROM Contact ORDER BY Email DESC NULLS LAST, Id LIMIT 3 OFFSET 2");
    REQUIRE(some.at("records").size() == 3);
    CHECK(some.at("records")[0] == all[2]);
    CHECK(all.back().at("Email").is_null());
}

TEST_CASE("deleted rows are seen by queryAll only") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "Gone"}});
    CHECK(rig.ask("DELETE", "/sobjects/Contact/" + id).status == 204);
    const auto soql = "SELECT Id, IsDeleted FROM Contact WHERE LastName = 'Gone'";
    CHECK(rig.query(soql).at("totalSize") == 0);
    CHECK(rig.query(soql, "queryAll").at("records")[0].at("IsDeleted") == true);
}

TEST_CASE("FIELDS(ALL) needs a limit of at most 200") {
    Rig rig;
    CHECK(rig.refusal("SELECT FIELDS(ALL) FROM Contact") == "MALFORMED_QUERY");
    CHECK(rig.query("SELECT FIELDS(ALL) FROM Contact LIMIT 2")
              .at("records")[0]
              .contains("External_Id__c"));
}

TEST_CASE("updated and deleted floor to the minute and give a safe bound") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "New"}});
    const auto gone = rig.contact({{"LastName", "Gone"}});
    rig.ask("DELETE", "/sobjects/Contact/" + gone);
    const auto now = rig.stage.now();
    const auto window = [&](std::int64_t from, std::int64_t to) {
        return "?start=" + encoded(showTime(now + from)) + "&end=" + encoded(showTime(now + to));
    };
    const auto updated = rig.json("GET", "/sobjects/Contact/updated/" + window(-600000, 120000));
    CHECK(updated.at("ids") == json::array({id}));
    const auto bound = readTime(updated.at("latestDateCovered").get<std::string>());
    CHECK(*bound <= rig.stage.now());
    const auto deleted = rig.json("GET", "/sobjects/Contact/deleted/" + window(-600000, 120000));
    CHECK(deleted.at("deletedRecords")[0].at("id") == gone);
    CHECK(deleted.contains("earliestDateAvailable"));
    CHECK(rig.json("GET", "/sobjects/Contact/updated/" + window(0, 1)).at(0).at("errorCode") ==
          "INVALID_REPLICATION_DATE");
    CHECK(rig.json("GET", "/sobjects/Contact/deleted/" + window(-86400000LL * 16, 0))
              .at(0)
              .at("errorCode") == "INVALID_REPLICATION_DATE");
}

TEST_CASE("a change that commits late carries its early stamp, and holds the safe bound back") {
    Rig rig;
    const auto id = rig.id("Contact", 3);
    const auto before =
        rig.query("SELECT DoNotCall FROM Contact WHERE Id = '" + id + "'").at("records")[0];
    rig.act({{"do", "update"},
             {"id", id},
             {"set", {{"DoNotCall", !before.at("DoNotCall")}}},
             {"late_s", 600}});
    const auto start = rig.stage.now();
    const auto now = [&] {
        return rig.query("SELECT DoNotCall FROM Contact WHERE Id = '" + id + "'").at("records")[0];
    };
    CHECK(now() == before);
    rig.admin("POST", "settings", R"({"clock_skew_s":500})");
    const auto window =
        "?start=" + encoded(showTime(start - 300000)) + "&end=" + encoded(showTime(start + 400000));
    const auto held = rig.json("GET", "/sobjects/Contact/updated/" + window);
    CHECK(*readTime(held.at("latestDateCovered").get<std::string>()) <= start);
    CHECK(held.at("ids").empty());
    rig.admin("POST", "settings", R"({"clock_skew_s":700})");
    CHECK(now() != before);
    CHECK(rig.json("GET", "/sobjects/Contact/updated/" + window).at("ids") == json::array({id}));
}
