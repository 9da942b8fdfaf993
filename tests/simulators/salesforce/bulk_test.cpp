// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"
#include "tools/simulators/salesforce/csv.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

namespace {

std::string startIngest(Rig& rig,
                        const std::string& operation,
                        const std::string& csv,
                        json more = {}) {
    json order = {{"object", "Contact"}, {"operation", operation}};
    if (more.is_object()) order.update(more);
    const auto job = rig.json("POST", "/jobs/ingest", order.dump());
    CHECK(job.at("state") == "Open");
    CHECK(job.at("apiVersion") == 66.0);
    const auto path = "/jobs/ingest/" + job.at("id").get<std::string>();
    CHECK(rig.ask("PUT", path + "/batches", csv, {{"Content-Type", "text/csv"}}).status == 201);
    CHECK(rig.json("PATCH", path, R"({"state":"UploadComplete"})").at("state") == "UploadComplete");
    return path;
}

std::vector<CsvRow> results(Rig& rig, const std::string& path) {
    return *readCsv(rig.ask("GET", path).body, ',');
}

}  // namespace

TEST_CASE("an ingest job completes after some polls, with its failures told apart") {
    Rig rig;
    const auto path = startIngest(rig, "update",
                                  "Id,HasOptedOutOfEmail,Title,Email\n" + rig.id("Contact") +
                                      ",true,#N/A,\n" + rig.id("Contact", 99999) + ",true,,\n" +
                                      rig.id("Contact", 1) + ",maybe,\"a,b\",\n");
    CHECK(rig.json("GET", path).at("state") == "InProgress");
    CHECK(json::parse(rig.ask("GET", path + "/successfulResults").body).at(0).at("errorCode") ==
          "InvalidJobState");
    const auto done = rig.json("GET", path);
    CHECK(done.at("state") == "JobComplete");
    CHECK(done.at("numberRecordsProcessed") == 3);
    CHECK(done.at("numberRecordsFailed") == 2);
    const auto good = results(rig, path + "/successfulResults/");
    REQUIRE(good.size() == 2);
    CHECK(good[0][0] == "sf__Id");
    CHECK(good[1][0] == rig.id("Contact"));
    CHECK(results(rig, path + "/failedresults").size() == 3);
    CHECK(results(rig, path + "/unprocessedrecords").size() == 1);
    CHECK(rig.json("GET", "/sobjects/Contact/" + rig.id("Contact")).at("HasOptedOutOfEmail") ==
          true);
    CHECK(rig.ask("DELETE", path).status == 204);
    CHECK(rig.ask("GET", path).status == 404);
}

TEST_CASE("an ingest job that fails, or is aborted, names the rows it did not come to") {
    Rig rig;
    const auto rows = "Id,HasOptedOutOfEmail\n" + rig.id("Contact") + ",true\n" +
                      rig.id("Contact", 1) + ",true\n";
    const auto failing = startIngest(rig, "update", rows);
    rig.json("GET", failing);
    rig.admin("POST", "faults", R"({"kind":"bulk_fail","path":"/jobs/ingest"})");
    const auto failed = rig.json("GET", failing);
    CHECK(failed.at("state") == "Failed");
    CHECK(failed.at("numberRecordsProcessed") == 1);
    CHECK(results(rig, failing + "/successfulResults").size() == 2);
    const auto left = results(rig, failing + "/unprocessedrecords");
    REQUIRE(left.size() == 2);
    CHECK(left[1] == CsvRow{rig.id("Contact"), "true"});
    const auto aborted = startIngest(rig, "update", rows);
    CHECK(rig.json("PATCH", aborted, R"({"state":"Aborted"})").at("state") == "Aborted");
    CHECK(results(rig, aborted + "/unprocessedrecords").size() == 3);
    CHECK(results(rig, aborted + "/successfulResults").size() == 1);
}

TEST_CASE("a job's writes are its maker's, and its batches are counted") {
    Rig rig;
    const auto job =
        rig.json("POST", "/jobs/ingest", R"({"object":"Contact","operation":"update"})",
                 {{"Sforce-Call-Options", "client=maker"}});
    const auto path = "/jobs/ingest/" + job.at("id").get<std::string>();
    rig.ask("PUT", path + "/batches", "Id,Title\n" + rig.id("Contact") + ",Dr\n",
            {{"Content-Type", "text/csv"}});
    rig.json("PATCH", path, R"({"state":"UploadComplete"})");
    rig.json("GET", path);
    rig.json("GET", path);
    const auto writes = rig.admin("GET", "writes?id=" + rig.id("Contact")).at("writes");
    CHECK(writes.back().at("origin") == "maker");
    CHECK(rig.json("GET", "/limits").at("DailyBulkApiBatches").at("Remaining") == 14'999);
    rig.admin("POST", "settings", R"({"bulk_batches":0})");
    CHECK(errorOf(rig.ask("POST", "/jobs/ingest",
                          R"({"object":"Contact","operation":"update"})")) == "ExceededQuota");
}

TEST_CASE("an empty cell leaves a field, #N/A clears it") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "B"}, {"Title", "Dr"}, {"Email", "b@example.com"}});
    const auto path = startIngest(rig, "update", "Id,Title,Email\n" + id + ",#N/A,\n");
    rig.json("GET", path);
    rig.json("GET", path);
    const auto row = rig.json("GET", "/sobjects/Contact/" + id);
    CHECK(row.at("Title").is_null());
    CHECK(row.at("Email") == "b@example.com");
}

TEST_CASE("an upsert job creates what is not there") {
    Rig rig;
    const auto path = startIngest(rig, "upsert", "External_Id__c,LastName\nk1,A\nk2,B\n",
                                  {{"externalIdFieldName", "External_Id__c"}});
    rig.json("GET", path);
    rig.json("GET", path);
    CHECK(rig.query("SELECT Id FROM Contact WHERE External_Id__c IN ('k1','k2')").at("totalSize") ==
          2);
}

TEST_CASE("a hard delete is invisible to queryAll too") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "Forget"}});
    const auto path = startIngest(rig, "hardDelete", "Id\n" + id + "\n");
    rig.json("GET", path);
    rig.json("GET", path);
    CHECK(rig.query("SELECT Id FROM Contact WHERE Id = '" + id + "'", "queryAll").at("totalSize") ==
          0);
}

TEST_CASE("a job takes one upload and no step out of turn") {
    Rig rig;
    CHECK(rig.ask("POST", "/jobs/ingest", R"({"object":"Nothing","operation":"update"})").status ==
          400);
    CHECK(rig.ask("POST", "/jobs/ingest", R"({"object":"Contact","operation":"upsert"})").status ==
          400);
    const auto id = rig.json("POST", "/jobs/ingest", R"({"object":"Contact","operation":"update"})")
                        .at("id")
                        .get<std::string>();
    const auto path = "/jobs/ingest/" + id;
    CHECK(rig.ask("PATCH", path, R"({"state":"UploadComplete"})").status == 400);
    CHECK(
        rig.ask("PUT", path + "/batches", "Id\n", {{"Content-Type", "application/json"}}).status ==
        415);
    CHECK(rig.json("PATCH", path, R"({"state":"Aborted"})").at("state") == "Aborted");
    CHECK(rig.ask("PUT", path + "/batches", "Id\n", {{"Content-Type", "text/csv"}}).status == 400);
}

TEST_CASE("a query job gives its rows in pages until the locator says null") {
    Rig rig;
    const auto id = rig.json("POST", "/jobs/query",
                             R"({"operation":"query","query":"SELECT Id, Email FROM Contact"})")
                        .at("id")
                        .get<std::string>();
    const auto path = "/jobs/query/" + id;
    rig.json("GET", path);
    CHECK(rig.json("GET", path).at("state") == "JobComplete");
    std::size_t rows = 0;
    std::string more;
    for (int page = 0; page < 10; ++page) {
        const auto reply = rig.ask("GET", path + "/results?maxRecords=100" + more);
        rows += readCsv(reply.body, ',')->size() - 1;
        const auto locator = headerOf(reply, "Sforce-Locator");
        if (locator == "null") break;
        more = "&locator=" + locator;
    }
    CHECK(rows == 350);
    CHECK(rig.ask("POST", "/jobs/query",
                  R"({"operation":"query","query":"SELECT COUNT() FROM Contact"})")
              .status == 400);
}
