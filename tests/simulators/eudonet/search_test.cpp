// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/simulators/eudonet/base_setup.h"
#include "tests/support/check.h"

using namespace concordat::simulators;
using namespace concordat::simulators::eudonet;
using nlohmann::json;

namespace {

constexpr const char* kContacts = "/EudoAPI/Search/200";

/// A contact named `last` with the given first name; its file id.
int addContact(Bench& bench, const std::string& last, const std::string& first) {
    const json reply = bench.call(
        "POST", "/EudoAPI/CUD/200",
        {{"Fields", {{{"DescId", 201}, {"Value", last}}, {{"DescId", 202}, {"Value", first}}}}});
    return reply["ResultData"]["FileId"].get<int>();
}

}  // namespace

TEST_CASE("all operators compare as they say", "[eudonet]") {
    Bench bench;
    const int a = addContact(bench, "ZZ-Alpha", "Zoé");
    const int b = addContact(bench, "ZZ-Beta", "");
    const json mine = leaf(201, 6, "zz-");
    const auto found = [&](int field, int op, const std::string& value) {
        return Bench::ids(bench.call(
            "POST", kContacts,
            {{"ListCols", {201}},
             {"WhereCustom",
              {{"WhereCustoms", {mine, leaf(field, op, value, 1)}}, {"Criteria", nullptr}}}}));
    };
    const std::vector<int> both{a, b}, none;
    CHECK(found(201, 0, "zz-alpha") == std::vector{a});
    CHECK(found(201, 1, "ZZ-Beta") == std::vector{a});
    CHECK(found(201, 2, "ZZ-Beta") == both);
    CHECK(found(201, 3, "ZZ-Alpha") == std::vector{b});
    CHECK(found(201, 4, "ZZ-Alpha") == both);
    CHECK(found(201, 5, "ZZ-Alpha") == std::vector{b});
    CHECK(found(201, 6, "zz-b") == std::vector{b});
    CHECK(found(201, 7, "ALPHA") == std::vector{a});
    CHECK(found(201, 8, "x;ZZ-Alpha;ZZ-Beta") == both);
    CHECK(found(201, 9, "-bet") == std::vector{b});
    CHECK(found(202, 10, "") == std::vector{b});
    CHECK(found(231, 11, "") == none);
    CHECK(found(231, 12, "") == both);
    CHECK(found(201, 13, "zz-b") == std::vector{a});
    CHECK(found(201, 14, "alpha") == std::vector{b});
    CHECK(found(201, 15, "ZZ-Alpha") == std::vector{b});
    CHECK(found(201, 16, "bet") == std::vector{a});
    CHECK(found(202, 17, "") == std::vector{a});
}

TEST_CASE("groups nest, and members are joined by and, or, except", "[eudonet]") {
    Bench bench;
    const int a = addContact(bench, "YY-A", "");
    const int b = addContact(bench, "YY-B", "");
    const auto where = [&](const json& members) {
        return bench.call("POST", kContacts,
                          {{"ListCols", {201}}, {"WhereCustom", {{"WhereCustoms", members}}}});
    };
    const json either = {{"WhereCustoms", {leaf(201, 0, "YY-A"), leaf(201, 0, "YY-B", 2)}}};
    CHECK(Bench::ids(where(json::array({either}))) == std::vector<int>{a, b});
    CHECK(Bench::ids(where({either, leaf(201, 0, "YY-A", 3)})) == std::vector<int>{b});
    CHECK(Bench::ids(where({either, leaf(201, 7, "B", 1)})) == std::vector<int>{b});
    CHECK(where(json::array({leaf(201, 0, "x", 1)}))["ResultInfos"]["Success"] == false);
    CHECK(where({leaf(201, 0, "x"), leaf(201, 0, "y")})["ResultInfos"]["Success"] == false);
}

TEST_CASE("an empty filter is refused, a tautology finds everyone", "[eudonet]") {
    Bench bench;
    CHECK(bench.error("POST", kContacts, {{"ListCols", {201}}}) != 0);
    CHECK(bench.error("POST", kContacts,
                      {{"ListCols", {201}}, {"WhereCustom", {{"WhereCustoms", json::array()}}}}) !=
          0);
    const json all = bench.call(
        "POST", kContacts,
        {{"ListCols", {201}},
         {"WhereCustom", {{"WhereCustoms", {leaf(201, 0, "a"), leaf(201, 5, "a", 2)}}}}});
    CHECK(all["ResultMetaData"]["TotalRows"] == 300);
}

TEST_CASE("a page has at most fifty rows and pages do not overlap", "[eudonet]") {
    Bench bench;
    json body = {{"listcols", {201}},
                 {"RowsPerPage", 500},
                 {"wherecustom", leaf(201, 17, "")},
                 {"OrderBy", {{{"DescId", 201}, {"Order", 1}}}}};
    std::vector<int> seen;
    std::string last = "\xff";
    for (int page = 1; page <= 6; ++page) {
        body["NumPage"] = page;
        const json reply = bench.call("POST", kContacts, body);
        CHECK(reply["ResultMetaData"]["RowsByPage"] == 50);
        CHECK(reply["ResultMetaData"]["TotalPages"] == 6);
        const auto ids = Bench::ids(reply);
        CHECK(ids.size() == 50);
        seen.insert(seen.end(), ids.begin(), ids.end());
    }
    std::sort(seen.begin(), seen.end());
    CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
    body["NumPage"] = 7;
    body["ShowMetaData"] = false;
    const json beyond = bench.call("POST", kContacts, body);
    CHECK(beyond["ResultData"]["Rows"].empty());
    CHECK_FALSE(beyond.contains("ResultMetaData"));
}

TEST_CASE("empty columns are error 701, a table two links away is 204", "[eudonet]") {
    Bench bench(Layout::ConsentTable);
    CHECK(bench.error("POST", kContacts,
                      {{"ListCols", json::array()}, {"WhereCustom", leaf(201, 17, "")}}) == 701);
    CHECK(bench.find(1100, 301, 0, "x", 1101)["ResultInfos"]["ErrorNumber"] == 204);
    CHECK(bench.find(1100, 1, 0, "x", 1101)["ResultInfos"]["ErrorNumber"] != 0);
    CHECK(bench.find(400, 202, 17, "", 401)["ResultInfos"]["ErrorNumber"] == 0);
}

TEST_CASE("links are found by the parent's file id and show both faces", "[eudonet]") {
    Bench bench(Layout::AddressFlags);
    const json byLabelField = bench.find(400, 201, 0, "7", 201);
    const json byTable = bench.find(400, 200, 8, "7;7", 201);
    REQUIRE_FALSE(Bench::ids(byLabelField).empty());
    CHECK(Bench::ids(byLabelField) == Bench::ids(byTable));
    CHECK(cell(byTable, 201)["FileId"] == 7);
    CHECK(cell(byTable, 201)["DbValue"] == "7");
    CHECK(cell(byTable, 201)["Value"] != "7");
}

TEST_CASE("a catalog equals its stored id and contains its label", "[eudonet]") {
    Bench bench(Layout::ConsentTable);
    const json byId = bench.find(1100, 1104, 0, "32", 1104);
    REQUIRE_FALSE(Bench::ids(byId).empty());
    CHECK(cell(byId, 1104)["Value"] == "Refusé");
    CHECK(cell(byId, 1104)["DbValue"] == "32");
    CHECK(Bench::ids(bench.find(1100, 1104, 9, "REFUS", 1104)) == Bench::ids(byId));
    CHECK(Bench::ids(bench.find(1100, 1104, 0, "Refusé", 1104)).empty());
}

TEST_CASE("polling by date of change finds what changed since, oldest first", "[eudonet]") {
    Bench bench;
    const json first = bench.find(200, 296, 4, "2026/01/01", 201);
    CHECK(Bench::ids(first).empty());
    bench.call("POST", "/EudoAPI/CUD/200/9", {{"Fields", {{{"DescId", 231}, {"Value", "1"}}}}});
    const int id = addContact(bench, "New", "");
    const json body = {{"ListCols", {296}},
                       {"WhereCustom", leaf(296, 4, "2026/01/01")},
                       {"OrderBy", {{{"DescId", 296}, {"Order", 0}}}}};
    const json ordered = bench.call("POST", kContacts, body);
    const json plain = bench.find(200, 296, 4, "2026/01/01", 201);
    CHECK(ordered["ResultMetaData"]["TotalRows"] == 2);
    auto ids = Bench::ids(ordered);
    std::sort(ids.begin(), ids.end());
    CHECK(ids == std::vector<int>{9, id});
    CHECK(Bench::ids(plain) == std::vector<int>{9, id});
}

TEST_CASE("the first answer to a search can be empty by mistake", "[eudonet]") {
    Bench bench;
    bench.admin("POST", "settings", {{"empty_answers", 1.0}});
    CHECK(bench.find(200, 201, 17, "", 201)["ResultMetaData"]["TotalRows"] == 0);
    CHECK(bench.find(200, 201, 17, "", 201)["ResultMetaData"]["TotalRows"] == 300);
    bench.admin("POST", "settings", {{"empty_answers", 0}});
    bench.admin("POST", "faults", {{"kind", "empty_answer"}});
    CHECK(bench.find(200, 202, 17, "", 201)["ResultMetaData"]["TotalRows"] == 0);
    CHECK(bench.find(200, 202, 17, "", 201)["ResultMetaData"]["TotalRows"] != 0);
}
