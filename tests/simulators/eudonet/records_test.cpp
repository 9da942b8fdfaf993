// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/eudonet/base_setup.h"
#include "tests/support/check.h"

using namespace concordat::simulators;
using namespace concordat::simulators::eudonet;
using nlohmann::json;

namespace {

json fields(const std::vector<std::pair<int, std::string>>& values) {
    json list = json::array();
    for (const auto& [descId, value] : values) {
        list.push_back({{"DescId", descId}, {"Value", value}});
    }
    return {{"Fields", list}};
}

}  // namespace

TEST_CASE("display text and stored value differ: entities, dates, decimal comma", "[eudonet]") {
    Bench bench;
    bench.call("POST", "/EudoAPI/CUD/200/1", fields({{201, "O'Neil & Co"}, {208, "1990/12/24"}}));
    const json contact = bench.call("GET", "/EudoAPI/Search/200/1");
    CHECK(cell(contact, 201)["Value"] == "O&#039;Neil &amp; Co");
    CHECK(cell(contact, 201)["DbValue"] == "O'Neil & Co");
    CHECK(cell(contact, 208)["Value"] == "24/12/1990");
    CHECK(cell(contact, 208)["DbValue"] == "1990/12/24 00:00:00");
    bench.call("POST", "/EudoAPI/CUD/300/1", fields({{303, "12.5"}}));
    CHECK(cell(bench.call("GET", "/EudoAPI/Search/300/1"), 303)["DbValue"] == "12,5");
    bench.admin("POST", "settings", {{"html_entities", false}});
    CHECK(cell(bench.call("GET", "/EudoAPI/Search/200/1"), 201)["Value"] == "O'Neil & Co");
}

TEST_CASE("bad values, unknown fields and system fields are refused", "[eudonet]") {
    Bench bench;
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{231, "maybe"}})) == 604);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{208, "24/12/1990"}})) == 604);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{217, "99"}})) == 604);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{299, "x"}})) == 602);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{296, "2026/01/01"}})) == 603);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/1", fields({{201, ""}})) == 605);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200", fields({{202, "x"}})) == 605);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/99999", fields({{202, "x"}})) == 601);
    CHECK(bench.send("PUT", "/EudoAPI/CUD/200/1", "{}").status == 404);
}

TEST_CASE("a consent record is linked by the parent table's number", "[eudonet]") {
    Bench bench(Layout::ConsentTable);
    const json good =
        fields({{200, "5"}, {1102, "11"}, {1103, "21"}, {1104, "32"}, {1105, "2026/02/03 10:00"}});
    const json made = bench.call("POST", "/EudoAPI/CUD/1100", good);
    const std::string path =
        "/EudoAPI/Search/1100/" + std::to_string(made["ResultData"]["FileId"].get<int>());
    const json read = bench.call("GET", path);
    CHECK(cell(read, 201)["FileId"] == 5);
    CHECK(cell(read, 1101)["DbValue"] != "");
    CHECK(cell(read, 1105)["Value"] == "03/02/2026 10:00:00");
    CHECK(bench.error("POST", "/EudoAPI/CUD/1100", fields({{201, "5"}})) == 603);
    CHECK(bench.error("POST", "/EudoAPI/CUD/1100",
                      fields({{200, "99999"}, {1102, "11"}, {1103, "21"}, {1104, "32"}})) == 604);
}

TEST_CASE("permissions are told per row and per field, and enforced", "[eudonet]") {
    Bench bench;
    bench.admin("POST", "settings",
                {{"locked_every", 10}, {"read_only_fields", {231}}, {"hidden_fields", {221}}});
    const json locked = bench.call("GET", "/EudoAPI/Search/200/10");
    CHECK(locked["ResultData"]["Rows"][0]["UpdateAllowed"] == false);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/10", fields({{202, "x"}})) == 603);
    const json open = bench.call("GET", "/EudoAPI/Search/200/11");
    CHECK(open["ResultData"]["Rows"][0]["UpdateAllowed"] == true);
    CHECK(cell(open, 231)["UpdateAllowed"] == false);
    CHECK(cell(open, 232)["UpdateAllowed"] == true);
    CHECK(cell(open, 221)["ViewAllowed"] == false);
    CHECK(cell(open, 221)["Value"] == "");
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/11", fields({{231, "1"}})) == 603);
    CHECK(bench.error("POST", "/EudoAPI/CUD/200/11", fields({{232, "1"}})) == 0);
}

TEST_CASE("a deleted contact takes its addresses along and is an empty row list", "[eudonet]") {
    Bench bench(Layout::AddressFlags);
    REQUIRE_FALSE(Bench::ids(bench.find(400, 200, 0, "3", 401)).empty());
    CHECK(bench.error("DELETE", "/EudoAPI/CUD/Delete/200/3") == 0);
    CHECK(bench.call("GET", "/EudoAPI/Search/200/3")["ResultData"]["Rows"].empty());
    CHECK(Bench::ids(bench.find(400, 200, 0, "3", 401)).empty());
    CHECK(bench.error("DELETE", "/EudoAPI/CUD/Delete/200/3") == 601);
}

TEST_CASE("dates of change lose their seconds when so set", "[eudonet]") {
    Bench bench(Layout::ContactFlags, true);
    bench.call("POST", "/EudoAPI/CUD/200/2", fields({{202, "Changed"}}));
    const std::string at =
        cell(bench.call("GET", "/EudoAPI/Search/200/2"), 296)["DbValue"].get<std::string>();
    CHECK(at.substr(16) == ":00");
}

TEST_CASE("the history tells each changed field, its actor and origin", "[eudonet]") {
    Bench bench;
    bench.call("POST", "/EudoAPI/CUD/200/2", fields({{231, "1"}, {202, "Other"}}));
    bench.admin("POST", "act",
                {{"do", "update"},
                 {"object", "200"},
                 {"id", 4},
                 {"set", {{"232", "1"}}},
                 {"user", "Marie"}});
    const json writes = bench.admin("GET", "writes")["writes"];
    std::string actors;
    for (const auto& write : writes) {
        actors += write["actor"].get<std::string>() + " " + write["field"].get<std::string>() + "|";
    }
    CHECK(actors.find("api:api 202|") != std::string::npos);
    CHECK(actors.find("user:Marie 232|") != std::string::npos);
    CHECK(writes.back()["object"] == "200");
    CHECK(writes.back()["after"] == "1");
}

TEST_CASE("a restored base is what it was, and the history alone rebuilds it", "[eudonet]") {
    Bench bench(Layout::ConsentTable);
    bench.call("POST", "/EudoAPI/CUD/200/2", fields({{202, "Kept"}}));
    bench.admin("POST", "snapshot");
    const json before = bench.admin("GET", "records?object=200");
    bench.call("POST", "/EudoAPI/CUD/200/2", fields({{202, "Lost"}}));
    bench.call("DELETE", "/EudoAPI/CUD/Delete/200/5");
    bench.call("POST", "/EudoAPI/CUD/200", fields({{201, "Lost too"}}));
    bench.admin("POST", "restore");
    CHECK(cell(bench.call("GET", "/EudoAPI/Search/200/2"), 202)["Value"] == "Kept");
    CHECK(cell(bench.call("GET", "/EudoAPI/Search/200/2"), 298)["Value"] == "api:api");
    CHECK(bench.admin("GET", "summary")["200"] == 300);
    CHECK(bench.admin("GET", "records?object=200") == before);
}

TEST_CASE("an attachment is taken and counted", "[eudonet]") {
    Bench bench;
    const json reply = bench.call("POST", "/EudoAPI/Annexes/Add",
                                  {{"FileId", 1},
                                   {"TabId", 200},
                                   {"FileName", "proof.pdf"},
                                   {"Content", "AAAA"},
                                   {"IsUrl", false}});
    CHECK(reply["ResultData"]["AnnexId"] == 1);
}
