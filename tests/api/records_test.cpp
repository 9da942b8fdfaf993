// SPDX-License-Identifier: Apache-2.0
// Lists of the store: paging, states, quarantine.
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

std::vector<std::string> idsOf(const Json& items) {
    std::vector<std::string> ids;
    for (const Json& item : items) ids.push_back(item.at("id"));
    return ids;
}

/// All ids of a list, page by page; no page but the last may be short.
std::vector<std::string> walk(Stage& stage, const std::string& path, std::size_t limit) {
    std::vector<std::string> ids;
    std::string after;
    do {
        const Json page = stage
                              .get(path + (path.find('?') == std::string::npos ? "?" : "&") +
                                   "limit=" + std::to_string(limit) + "&after=" + after)
                              .json();
        const auto some = idsOf(page.at("items"));
        ids.insert(ids.end(), some.begin(), some.end());
        after = page.at("next");
        if (!after.empty()) CHECK(some.size() == limit);
    } while (!after.empty());
    return ids;
}

store::InboxItem item(int number, bool isClosed) {
    store::InboxItem item;
    item.kind = "parked";
    item.system = "sellsy";
    item.dedupe = "item/" + std::to_string(number);
    item.createdAt = 1'000 + number;
    item.closedAt = isClosed ? 2'000 : 0;
    item.document = R"({"reason":"no"})";
    return item;
}

}  // namespace

TEST_CASE("the inbox is listed by state, page by page, nothing twice and nothing left out") {
    Stage stage;
    for (int i = 0; i < 20; ++i) stage.add(item(i, i % 3 == 0));
    for (const std::size_t limit : {1U, 3U, 7U, 20U, 500U}) {
        INFO(limit);
        CHECK(walk(stage, "/v1/inbox", limit).size() == 20);
        CHECK(walk(stage, "/v1/inbox?state=open", limit).size() == 13);
        const auto closed = walk(stage, "/v1/inbox?state=closed", limit);
        CHECK(std::set<std::string>(closed.begin(), closed.end()).size() == 7);
        CHECK(closed.size() == 7);
    }
    CHECK(stage.get("/v1/inbox?state=odd").detail() == "'state' must be open, closed or all");
}

TEST_CASE("incidents are listed newest first, by state") {
    Stage stage;
    for (int i = 0; i < 9; ++i)
        stage.add(store::Incident{"", "breaker", "sellsy", "", 1'000 + i, 0, "no answer",
                                  "breaker/" + std::to_string(i)});
    for (int i = 0; i < 4; ++i)
        stage.store->write([&](store::Writer& writer) {
            writer.resolveIncidents("breaker/" + std::to_string(i * 2), 5'000);
        });
    for (const std::size_t limit : {1U, 2U, 4U, 9U}) {
        CHECK(walk(stage, "/v1/incidents", limit).size() == 9);
        CHECK(walk(stage, "/v1/incidents?state=open", limit).size() == 5);
        CHECK(walk(stage, "/v1/incidents?state=closed", limit).size() == 4);
    }
    CHECK(stage.get("/v1/incidents").json().at("items").at(0).value("at", 0) == 1'008);
}

TEST_CASE("deliveries are listed by system and by person, newest first, with their slots apart") {
    Stage stage;
    for (int i = 0; i < 7; ++i)
        stage.store->write([&](store::Writer& writer) {
            store::Delivery delivery;
            delivery.subject = i % 2 == 0 ? "00one" : "00two";
            delivery.system = "sellsy";
            delivery.ref = {"Contact", "7"};
            delivery.at = i;
            delivery.stage = "verified";
            delivery.slots = "contact.email=deny,contact.phone=deny";
            delivery.latencyMs = 120;
            writer.add(delivery);
        });
    const Json first = stage.get("/v1/deliveries?limit=1").json();
    CHECK(first.at("items").at(0).value("at", 0) == 6);
    CHECK(first.at("items").at(0).at("slots") == Json{"contact.email=deny", "contact.phone=deny"});
    CHECK(walk(stage, "/v1/deliveries", 3).size() == 7);
    CHECK(walk(stage, "/v1/deliveries?system=sellsy", 2).size() == 7);
    CHECK(walk(stage, "/v1/deliveries?subject=00two", 2).size() == 3);
    CHECK(stage.get("/v1/deliveries?system=other").status == 404);
}

TEST_CASE("a webhook leaves quarantine on request, and its lane is woken") {
    Stage stage;
    std::string id;
    stage.store->write([&](store::Writer& writer) {
        store::Webhook webhook;
        webhook.id = id = writer.newId();
        webhook.system = "sellsy";
        webhook.dedupe = "d";
        webhook.receivedAt = 7;
        webhook.document = "{}";
        webhook.body = "secret body";
        writer.add(webhook);
        writer.putProblem(id, "no such object");
    });
    std::string woken;
    stage.service->onWake([&](const std::string& system) { woken = system; });
    const Answer list = stage.get("/v1/quarantine");
    CHECK(list.json().at("items").at(0).value("problem", "") == "no such object");
    CHECK(list.text.find("secret body") == std::string::npos);
    CHECK(stage.post("/v1/quarantine/" + id + "/retry", Json::object()).status == 200);
    CHECK(woken == "sellsy");
    CHECK(stage.get("/v1/quarantine").json().at("items").empty());
    CHECK(stage.post("/v1/quarantine/" + id + "/retry", Json::object()).status == 404);
}
