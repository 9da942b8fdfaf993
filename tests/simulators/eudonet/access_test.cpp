// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/eudonet/base_setup.h"
#include "tests/support/check.h"
#include "tools/simulators/stage/paris_time.h"

using namespace concordat::simulators;
using namespace concordat::simulators::eudonet;
using nlohmann::json;

TEST_CASE("a token reply has Paris times without an offset", "[eudonet]") {
    Bench bench;
    bench.token.clear();
    bench.stage.settings.token_lifetime_s = 3600;
    const json reply = bench.call("POST", "/eudoapi/authenticate/TOKEN",
                                  {{"subscriberlogin", "demo"},
                                   {"SUBSCRIBERPASSWORD", "demo-subscriber"},
                                   {"BaseName", "DEMO"},
                                   {"UserLogin", "api"},
                                   {"UserPassword", "demo-user"},
                                   {"UserLang", "LANG_01"},
                                   {"ProductName", "test"}});
    const auto server = paris::parseSlashed(reply["ResultData"]["ServerDate"].get<std::string>());
    const auto expires =
        paris::parseSlashed(reply["ResultData"]["ExpirationDate"].get<std::string>());
    REQUIRE(server);
    CHECK(reply["ResultInfos"]["Success"] == true);
    CHECK(std::abs(*server - paris::wallSeconds(realNow() / 1000)) < 60);
    CHECK(std::abs(*expires - *server - 3600) <= 3600);
}

TEST_CASE("the hour that autumn repeats is written twice the same", "[eudonet]") {
    // 2026-10-25: 00:30Z is 02:30 in summer time, 01:30Z is 02:30 in winter time.
    CHECK(paris::slashed(paris::wallSeconds(1792888200)) == "2026/10/25 02:30:00");
    CHECK(paris::slashed(paris::wallSeconds(1792891800)) == "2026/10/25 02:30:00");
    CHECK(paris::isoWithOffset(1792888200) == "2026-10-25T02:30:00+02:00");
    CHECK(paris::isoWithOffset(1792891800) == "2026-10-25T02:30:00+01:00");
    CHECK(paris::parseIso("2026-10-25T02:30:00+01:00") == 1792891800);
    CHECK(paris::parseIso("2026-03-29T02:30:00") == paris::parseIso("2026-03-29T03:30:00"));
    CHECK_FALSE(paris::parseSlashed("25/10/2026"));
}

TEST_CASE("wrong, missing and expired tokens have numbers of their own inside HTTP 200",
          "[eudonet]") {
    Bench bench;
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 0);
    bench.admin("POST", "expire-tokens");
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 103);
    bench.token = "nonsense";
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 102);
    bench.token.clear();
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 101);
    CHECK(bench.send("GET", "/EudoAPI/MetaInfos/ListTabs/").status == 200);
    CHECK(bench.error("POST", "/EudoAPI/Authenticate/Token", {{"SubscriberLogin", "x"}}) == 104);
    for (const char* method : {"GET", "DELETE"}) {
        bench.logIn();
        CHECK(bench.error(method, "/EudoAPI/Authenticate/Disconnect") == 0);
        CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 102);
    }
}

TEST_CASE("a token ends by the vendor's clock", "[eudonet]") {
    Bench bench;
    bench.admin("POST", "settings", {{"clock_skew_s", 5 * 3600}});
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 103);
}

TEST_CASE("calls count down and end in error 300, or in HTTP 429 when so set", "[eudonet]") {
    Bench bench;
    bench.admin("POST", "settings", {{"quota", 2}, {"quota_window_s", 100000}});
    const Reply reply = bench.send("GET", "/EudoAPI/MetaInfos/ListTabs/");
    std::string max;
    std::string left;
    for (const auto& [name, value] : reply.headers) {
        if (name == "X-CALL-MAX") max = value;
        if (name == "X-CALL-REMAIN") left = value;
    }
    CHECK(max == "2");
    CHECK(left == "1");
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 0);
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 300);
    bench.admin("POST", "settings", {{"quota_http_429", true}});
    CHECK(bench.send("GET", "/EudoAPI/MetaInfos/ListTabs/").status == 429);
}

TEST_CASE("any error number can be ordered", "[eudonet]") {
    Bench bench;
    bench.admin("POST", "faults", json::array({{{"kind", "error_103"}}, {{"kind", "error_300"}}}));
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 103);
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 300);
    CHECK(bench.error("GET", "/EudoAPI/MetaInfos/ListTabs/") == 0);
}

TEST_CASE("each layout tells its consent fields in MetaInfos", "[eudonet]") {
    const auto labels = [](Layout layout, int tab) {
        Bench bench(layout);
        const json reply =
            bench.call("POST", "/EudoAPI/MetaInfos/",
                       {{"Tables", {{{"DescId", tab}, {"AllFields", true}, {"Fields", {0}}}}}});
        std::string out;
        for (const auto& field : reply["ResultMetaData"]["Tables"][0]["Fields"]) {
            out += field["Label"].get<std::string>() + "|";
        }
        return out;
    };
    CHECK(labels(Layout::ContactFlags, 200).find("Opposition SMS") != std::string::npos);
    CHECK(labels(Layout::AddressFlags, 400).find("Opposition SMS") != std::string::npos);
    CHECK(labels(Layout::AddressFlags, 200).find("Opposition SMS") == std::string::npos);
    CHECK(labels(Layout::ConsentTable, 1100).find("Canal|Finalité|Statut") != std::string::npos);
}

TEST_CASE("catalogs list stored ids and labels", "[eudonet]") {
    Bench bench(Layout::ConsentTable);
    const json values = bench.call("GET", "/EudoAPI/Catalog/1104")["ResultData"]["CatalogValues"];
    CHECK(values[1]["DbValue"] == "32");
    CHECK(values[1]["Label"] == "Refusé");
    CHECK(bench.error("GET", "/EudoAPI/Catalog/201") != 0);
}
