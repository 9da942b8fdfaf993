// SPDX-License-Identifier: Apache-2.0
// The first load of a large object by a bulk job.
#include "plugins/salesforce/csv.h"
#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins;
using namespace concordat::plugins::testing;

namespace {

constexpr const char* kJob = "750000000000001AAA";

sdk::HttpReply given(int status, const std::string& body) {
    return {.kind = status == 200 ? sdk::HttpClass::Ok : sdk::HttpClass::Permanent,
            .status = status,
            .body = body};
}

/// An org that says it has 300,000 contacts, and makes jobs of those it really has.
struct LoadBench : Bench {
    LoadBench() : Bench({"Contact"}) {
        org.fault = [this](const sdk::HttpRequest& request) { return answer(request); };
    }

    std::optional<sdk::HttpReply> answer(const sdk::HttpRequest& request) {
        if (request.url.find("COUNT%28%29") != std::string::npos)
            return given(200, R"({"totalSize":300000,"done":true,"records":[]})");
        const auto at = request.url.find("/jobs/query");
        if (at == std::string::npos) return std::nullopt;
        asked.push_back(request.method + " " + request.url.substr(at));
        if (request.method == "POST") return made;
        if (request.url.find("/results?") == std::string::npos)
            return given(200, json{{"id", kJob}, {"state", states.at(polls++)}}.dump());
        auto reply = given(200, results());
        reply.headers["sforce-locator"] = taken == 2 ? "null" : "bmV4dA";
        return reply;
    }
    /// Two contacts, then one.
    std::string results() {
        ++taken;
        std::string text = "\"Id\",\"SystemModstamp\",\"Email\",\"HasOptedOutOfEmail\"\n";
        for (const int number : taken == 1 ? std::vector{3, 1} : std::vector{2})
            text += "\"" + idOf("Contact", number) + "\",\"" + Org::stamp(kOld + number * 1'000) +
                    "\",\"p" + std::to_string(number) + "@example.org\",\"" +
                    (number == 2 ? "true" : "false") + "\"\n";
        return text;
    }
    sdk::Page pull() {
        const auto page = connector->pull({cursor, 0});
        cursor = page.cursor;
        return page;
    }

    sdk::HttpReply made = given(200, json{{"id", kJob}, {"state", "UploadComplete"}}.dump());
    std::vector<std::string> states{"InProgress", "JobComplete"};
    std::size_t polls = 0;
    int taken = 0;
    std::vector<std::string> asked;
    std::string cursor;
};

}  // namespace

TEST_CASE("a table is read with its quotes, empty cells, booleans and parents") {
    salesforce::Shape shape;
    shape.fields["Opted"].type = "boolean";
    const auto rows = salesforce::rowsOfCsv(
        "\"Id\",\"Opted\",\"Name\",\"Purpose.Name\"\r\n\"1\",\"true\",\"O\"\"Neil,\nJr\","
        "\"News\"\r\n"
        "\"2\",\"false\",\"\",\"\"\r\n",
        shape);
    REQUIRE(rows);
    CHECK(*rows == std::vector<json>{{{"Id", "1"},
                                      {"Opted", true},
                                      {"Name", "O\"Neil,\nJr"},
                                      {"Purpose", {{"Name", "News"}}}},
                                     {{"Id", "2"}, {"Opted", false}, {"Name", nullptr}}});
    CHECK_FALSE(salesforce::rowsOfCsv("\"Id\",\"Name\"\n\"1\"\n", shape));
    CHECK_FALSE(salesforce::rowsOfCsv("\"Id\n", shape));
    CHECK_FALSE(salesforce::rowsOfCsv("", shape));
    CHECK_FALSE(salesforce::rowsOfCsv("<html><body>Maintenance</body></html>", shape));
}

TEST_CASE("a large object is loaded by a job, and followed by pages from there on") {
    LoadBench bench;
    auto page = bench.pull();
    CHECK(page.observations.empty());
    CHECK((page.more && page.waitMs > 0));
    page = bench.pull();
    CHECK((page.more && page.waitMs > 0));
    page = bench.pull();
    CHECK(page.observations.size() == 2);
    CHECK((page.more && page.waitMs == 0));
    page = bench.pull();
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].record.id == idOf("Contact", 2));
    CHECK(page.observations[0].slots.at(0).shown == sdk::Shown::Deny);
    CHECK_FALSE(page.more);
    CHECK(bench.asked.front() == "POST /jobs/query");
    CHECK(bench.asked.back() ==
          "GET /jobs/query/" + std::string(kJob) + "/results?maxRecords=5000&locator=bmV4dA");
    bench.pass(5'000);
    bench.org.add("Contact", 9, bench.org.clock);
    CHECK(bench.pullAll(bench.cursor) == std::vector{idOf("Contact", 9)});
}

TEST_CASE("a load goes on in the middle of its results with another instance") {
    LoadBench bench;
    for (int i = 0; i < 3; ++i) bench.pull();
    Bench other({"Contact"});
    other.host.answer = bench.host.answer;
    const auto page = other.connector->pull({bench.cursor, 0});
    REQUIRE(page.observations.size() == 1);
    CHECK_FALSE(page.more);
}

TEST_CASE("without the Bulk API, or when a job fails, the pages bring every row") {
    for (const bool refused : {true, false}) {
        LoadBench bench;
        for (int number = 1; number <= 3; ++number) bench.org.add("Contact", number, kOld);
        if (refused)
            bench.made =
                given(403, Org::error("FEATURENOTENABLED", "Async API not enabled").dump());
        bench.states = {"InProgress", "Failed"};
        std::size_t rows = 0;
        for (int i = 0; i < 6; ++i) rows += bench.pull().observations.size();
        CHECK(rows == 3);
        REQUIRE_FALSE(bench.host.logged.empty());
        CHECK_THAT(bench.host.logged.back(), Catch::Contains("page by page"));
    }
}
