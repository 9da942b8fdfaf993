// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tests/simulators/sellsy/account_setup.h"
#include "tests/support/check.h"
#include "tools/simulators/stage/paris_time.h"

using namespace concordat::simulators;
using namespace concordat::simulators::sellsy;
using nlohmann::json;

namespace {

std::string escaped(std::string cursor) {
    for (std::size_t at = cursor.find('='); at != std::string::npos; at = cursor.find('=', at)) {
        cursor.replace(at, 1, "%3D");
    }
    return cursor;
}

json search(Bench& bench, const std::string& kind, const json& filters, std::string query = "") {
    return bench.call("POST", "/v2/" + kind + "/search?limit=100" + query, {{"filters", filters}});
}

}  // namespace

TEST_CASE("the seek cursor is the last id in base64 and walks the whole list once", "[sellsy]") {
    Bench bench;
    std::set<int> seen;
    std::string offset;
    json page = bench.call("GET", "/v2/contacts?limit=40");
    const int total = page["pagination"]["total"].get<int>();
    const std::string first = page["data"].back()["id"].dump();
    if (first.size() == 2) CHECK(page["pagination"]["offset"].get<std::string>().size() == 8);
    while (!page["data"].empty()) {
        for (const auto& one : page["data"]) CHECK(seen.insert(one["id"].get<int>()).second);
        offset = page["pagination"]["offset"].get<std::string>();
        page = bench.call("GET", "/v2/contacts?limit=40&offset=" + escaped(offset));
    }
    CHECK(static_cast<int>(seen.size()) == total);
    CHECK(page["pagination"]["offset"] == offset);
    CHECK(bench.call("GET", "/v2/contacts?limit=1&offset=WyI0Il0%3D")["data"][0]["id"] > 4);
}

TEST_CASE("numeric offsets page too, up to 100,000 results", "[sellsy]") {
    Bench bench;
    const json page = bench.call("GET", "/v2/contacts?limit=10&offset=0");
    CHECK(page["pagination"]["offset"] == 10);
    const json next = bench.call("GET", "/v2/contacts?limit=10&offset=10");
    CHECK(next["data"][0]["id"] > page["data"][9]["id"]);
    CHECK(bench.status("GET", "/v2/contacts?limit=100&offset=99950") == 400);
}

TEST_CASE("limits, orders, directions, offsets and fields are checked", "[sellsy]") {
    Bench bench;
    for (const char* query :
         {"limit=101", "limit=0", "order=email", "order=updated_at", "direction=up",
          "offset=rubbish", "field[]=nothing", "embed[]=nothing"}) {
        CHECK(bench.status("GET", std::string("/v2/contacts?") + query) == 400);
    }
    CHECK(bench.call("GET", "/v2/contacts")["pagination"]["limit"] == 25);
    CHECK(bench.status("GET", "/v2/individuals?order=updated_at&direction=desc") == 200);
}

TEST_CASE("order and direction sort, and the cursor follows them", "[sellsy]") {
    Bench bench;
    const json asc = bench.call("GET", "/v2/contacts?limit=5&order=created_at");
    CHECK(asc["data"][0]["created"].get<std::string>().size() == 25);
    const auto at = [](const json& one) { return *paris::parseIso(one.get<std::string>()); };
    CHECK(at(asc["data"][0]["created"]) <= at(asc["data"][4]["created"]));
    const std::string cursor = escaped(asc["pagination"]["offset"].get<std::string>());
    const json next = bench.call("GET", "/v2/contacts?limit=5&order=created_at&offset=" + cursor);
    CHECK(at(asc["data"][4]["created"]) <= at(next["data"][0]["created"]));
    const json desc = bench.call("GET", "/v2/contacts?limit=2&direction=desc");
    CHECK(desc["data"][0]["id"] > desc["data"][1]["id"]);
}

TEST_CASE("a search needs filters and knows only its own keys", "[sellsy]") {
    Bench bench;
    const json missing = bench.call("POST", "/v2/contacts/search", json::object());
    CHECK(missing["error"]["code"] == 400);
    CHECK(missing["error"]["details"].contains("filters"));
    CHECK(bench.status("POST", "/v2/contacts/search", {{"filters", {{"is_archived", true}}}}) ==
          400);
    CHECK(bench.status("POST", "/v2/contacts/search", {{"filters", {{"updated_at", {}}}}}) == 400);
    CHECK(bench.status("POST", "/v2/individuals/search", {{"filters", {{"is_archived", true}}}}) ==
          200);
    CHECK(bench.status("POST", "/v2/companies/search", {{"filters", {{"type", "client"}}}}) == 200);
    CHECK(search(bench, "contacts", json::object())["pagination"]["total"] > 100);
}

TEST_CASE("searching by e-mail ignores case, by id takes a list", "[sellsy]") {
    Bench bench;
    const json one = bench.call("POST", "/v2/contacts",
                                {{"last_name", "Seek"}, {"email", "Seek.Me@example.org"}});
    const json found = search(bench, "contacts", {{"email", "seek.me@EXAMPLE.org"}});
    REQUIRE(found["data"].size() == 1);
    CHECK(found["data"][0]["id"] == one["id"]);
    CHECK(search(bench, "contacts", {{"id", {one["id"], 999999}}})["data"].size() == 1);
    CHECK(search(bench, "contacts", {{"email", "nobody@example.org"}})["data"].empty());
}

TEST_CASE("searching by date of change uses the name each kind has", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Fresh");
    const json since = {{"start", "2026-01-02T00:00:00+01:00"}};
    const json found = search(bench, "contacts", {{"updated", since}});
    REQUIRE(found["data"].size() == 1);
    CHECK(found["data"][0].contains("updated"));
    CHECK_FALSE(found["data"][0].contains("updated_at"));
    const json individual = bench.call("GET", "/v2/individuals?limit=1")["data"][0];
    CHECK(individual.contains("updated_at"));
    CHECK_FALSE(individual.contains("updated"));
    CHECK(search(bench, "individuals", {{"updated_at", since}})["data"].empty());
    CHECK(bench.status("POST", "/v2/contacts/search",
                       {{"filters", {{"updated", {{"start", "yesterday"}}}}}}) == 400);
}

TEST_CASE("field and embed choose what is shown", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Shown");
    const json slim = bench.call("GET", "/v2/contacts/" + id + "?field[]=id&field[]=email");
    CHECK(slim.size() == 2);
    CHECK(bench.status("PUT", "/v2/contacts/" + id + "/custom-fields",
                       json::array({{{"id", 1}, {"value", "2026-05-01"}}})) == 200);
    const json rich = bench.call("GET", "/v2/contacts/" + id + "?embed[]=cf.1&embed[]=smart_tags");
    CHECK(rich["_embed"]["custom_fields"][0]["value"] == "2026-05-01");
    CHECK(rich["_embed"]["smart_tags"].empty());
}

TEST_CASE("links lead from contacts to companies and back", "[sellsy]") {
    Bench bench;
    const std::string contact = bench.addContact("Linked");
    const std::string company = bench.call("GET", "/v2/companies?limit=1")["data"][0]["id"].dump();
    const std::string link = "/v2/companies/" + company + "/contacts/" + contact;
    CHECK(bench.status("POST", link, {{"roles", {"main"}}}) == 201);
    CHECK(bench.status("POST", link, {{"roles", {"main"}}}) == 200);
    CHECK(bench.status("POST", link, {{"roles", {"chief"}}}) == 400);
    CHECK(bench.call("GET", "/v2/contacts/" + contact + "/companies")["data"].size() == 1);
    CHECK(search(bench, "contacts",
                 {{"companies", {std::stoi(company)}}, {"is_linked", true}})["data"]
              .size() > 0);
    CHECK(bench.status("DELETE", link) == 204);
    CHECK(bench.call("GET", "/v2/contacts/" + contact + "/companies")["data"].empty());
}
