// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::testing;

TEST_CASE(
    "a refusal is written once, by collection, marked as ours and without re-assigning leads") {
    Bench bench;
    bench.org.add("Contact", 1, kOld);
    bench.org.add("Lead", 1, kOld);
    const std::vector items = {itemFor("Contact", 1, "contact.email", false),
                               itemFor("Lead", 1, "lead.phone", false)};
    CHECK(kindsOf(bench.connector->apply(items)) == "aa");
    CHECK(bench.org.objects["Contact"][idOf("Contact", 1)]["HasOptedOutOfEmail"] == json(true));
    CHECK(bench.org.objects["Lead"][idOf("Lead", 1)]["DoNotCall"] == json(true));
    const auto& sent = bench.host.sent.back();
    CHECK(sent.method == "PATCH");
    CHECK(sent.url == "{token:instance_url}/services/data/v66.0/composite/sobjects");
    CHECK(sent.headers.at("sforce-call-options") == "client=concordat");
    CHECK(sent.headers.at("sforce-auto-assign") == "FALSE");
    CHECK(!sent.idempotent);
    const auto writes = bench.org.writes.size();
    CHECK(kindsOf(bench.connector->apply(items)) == "uu");
    CHECK(bench.org.writes.size() == writes);
}

TEST_CASE("a permit is written only if nobody changed the record") {
    Bench bench;
    bench.org.add("Contact", 1, kOld)["HasOptedOutOfEmail"] = true;
    auto item = itemFor("Contact", 1, "contact.email", true);
    item.expectedVersion = kOld - 1'000;
    CHECK(kindsOf(bench.connector->apply({item})) == "n");
    item.expectedVersion = kOld;
    bench.org.beforeWrite = [&] {
        bench.pass(2'000);
        bench.org.change("Contact", 1, {{"HasOptedOutOfEmail", true}}, bench.org.clock);
    };
    CHECK(kindsOf(bench.connector->apply({item})) == "n");
    CHECK(bench.org.objects["Contact"][idOf("Contact", 1)]["HasOptedOutOfEmail"] == json(true));
    bench.pass(2'000);
    item.expectedVersion = bench.connector->read({item.record}).observations.at(0).version;
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    CHECK(bench.org.objects["Contact"][idOf("Contact", 1)]["HasOptedOutOfEmail"] == json(false));
}

TEST_CASE("a refusal next to a permit is written even if the record moved on") {
    Bench bench;
    bench.org.add("Contact", 1, kOld)["HasOptedOutOfEmail"] = true;
    auto item = itemFor("Contact", 1, "contact.email", true);
    item.writes.push_back({"contact.phone", false, std::nullopt});
    item.expectedVersion = kOld - 1'000;
    CHECK(kindsOf(bench.connector->apply({item})) == "n");
    auto& row = bench.org.objects["Contact"][idOf("Contact", 1)];
    CHECK(row["DoNotCall"] == json(true));
    CHECK(row["HasOptedOutOfEmail"] == json(true));
}

TEST_CASE("each vendor error becomes the outcome of its record, the others are written") {
    const std::vector<std::pair<std::string, char>> codes = {
        {"UNABLE_TO_LOCK_ROW", 't'},
        {"ENTITY_IS_DELETED", 'c'},
        {"INVALID_CROSS_REFERENCE_KEY", 'c'},
        {"CANNOT_UPDATE_CONVERTED_LEAD", 'c'},
        {"FIELD_CUSTOM_VALIDATION_EXCEPTION", 'r'},
        {"INSUFFICIENT_ACCESS_OR_READONLY", 'r'},
        {"SERVER_UNAVAILABLE", 't'},
        {"REQUEST_LIMIT_EXCEEDED", 't'},
        {"NEVER_SEEN_BEFORE", 'r'}};
    for (const auto& [code, kind] : codes) {
        Bench bench;
        for (int number = 1; number <= 3; ++number) bench.org.add("Contact", number, kOld);
        bench.org.recordFault = [code = code](const json& record, std::size_t) {
            return record.value("id", "") == idOf("Contact", 2) ? code : "";
        };
        const auto reply = bench.connector->apply({itemFor("Contact", 1, "contact.email", false),
                                                   itemFor("Contact", 2, "contact.email", false),
                                                   itemFor("Contact", 3, "contact.email", false)});
        CHECK(kindsOf(reply) == std::string("a") + kind + "a");
        if (kind == 'r') CHECK(reply.outcomes[1].message.find("Nein") == 0);
        if (kind == 't') CHECK(reply.outcomes[1].retryAfterMs > 0);
    }
}

TEST_CASE("a lock that fails a large group is tried again in small ones") {
    Bench bench({"Contact"});
    std::vector<sdk::ApplyItem> items;
    for (int number = 1; number <= 100; ++number) {
        bench.org.add("Contact", number, kOld);
        items.push_back(itemFor("Contact", number, "contact.email", false));
    }
    bench.org.recordFault = [](const json& record, std::size_t together) {
        const bool locked = together > 20 || record.value("id", "") == idOf("Contact", 50);
        return locked ? std::string("UNABLE_TO_LOCK_ROW") : "";
    };
    auto expected = std::string(100, 'a');
    expected[49] = 't';
    CHECK(kindsOf(bench.connector->apply(items)) == expected);
}

TEST_CASE("merged, deleted, converted and unknown records are not written") {
    Bench bench;
    bench.org.add("Contact", 1, kOld)["IsDeleted"] = true;
    bench.org.add("Lead", 1, kOld)["IsConverted"] = true;
    const auto reply = bench.connector->apply(
        {itemFor("Contact", 1, "contact.email", false), itemFor("Lead", 1, "lead.email", false),
         itemFor("Contact", 7, "contact.email", false), itemFor("Contact", 8, "lead.email", false),
         itemFor("Case", 8, "case.email", false)});
    CHECK(kindsOf(reply) == "cccrr");
    CHECK(reply.outcomes[1].message.find("converted") != std::string::npos);
    CHECK(bench.org.writes.empty());
}

TEST_CASE("a hidden field is refused with words about field-level security") {
    Bench bench;
    bench.org.add("Contact", 1, kOld);
    bench.org.hidden["Contact"] = {"HasOptedOutOfEmail"};
    const auto reply = bench.connector->apply({itemFor("Contact", 1, "contact.email", false)});
    CHECK(kindsOf(reply) == "r");
    CHECK(reply.outcomes[0].message.find("field-level security") != std::string::npos);
}

TEST_CASE("a person account is written through its account") {
    Bench bench;
    bench.org.extraFields["Contact"] = {{"IsPersonAccount", true}, {"AccountId", ""}};
    auto& row = bench.org.add("Contact", 1, kOld);
    row["IsPersonAccount"] = true, row["AccountId"] = idOf("Account", 5);
    bench.org.objects["Account"][idOf("Account", 5)] = {{"IsDeleted", false}};
    CHECK(kindsOf(bench.connector->apply({itemFor("Contact", 1, "contact.phone", false)})) == "a");
    CHECK(bench.org.objects["Account"][idOf("Account", 5)]["PersonDoNotCall"] == json(true));
}

TEST_CASE("n items give n outcomes under every fault of the write") {
    struct Fault {
        sdk::HttpReply reply;
        std::string expected;
    };
    const std::vector<Fault> faults = {
        {lost(true), "XX"},
        {lost(false), "tt"},
        {replied(200, "<html>"), "XX"},
        {replied(200, "[]"), "XX"},
        {replied(200, R"([{"success":true},7])"), "aX"},
        {replied(200, R"([{"success":"yes"},{"success":true,"id":"003000000000009AAA"}])"), "XX"},
        {replied(200, R"([{"errorCode":"SERVER_UNAVAILABLE","message":"x"}])"), "tt"},
        {replied(400, R"([{"errorCode":"JSON_PARSER_ERROR","message":"x"}])"), "rr"},
        {replied(401, R"([{"errorCode":"INVALID_SESSION_ID","message":"x"}])"), "tt"},
        {replied(
             403,
             R"([{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}])"),
         "tt"},
        {replied(404, "<html>"), "tt"},
        {replied(500, ""), "XX"},
        {replied(503, R"([{"errorCode":"SERVER_UNAVAILABLE","message":"x"}])"), "tt"}};
    for (const auto& fault : faults) {
        Bench bench;
        bench.org.add("Contact", 1, kOld);
        bench.org.add("Contact", 2, kOld);
        bench.org.fault = [&](const sdk::HttpRequest& request) -> std::optional<sdk::HttpReply> {
            if (request.method != "PATCH") return std::nullopt;
            return fault.reply;
        };
        INFO(fault.reply.body << " " << fault.reply.status);
        CHECK(kindsOf(bench.connector->apply({itemFor("Contact", 1, "contact.email", false),
                                              itemFor("Contact", 2, "contact.email", false)})) ==
              fault.expected);
    }
}

TEST_CASE("n items give n outcomes under every fault before the write, and nothing is unknown") {
    for (const auto& reply : {lost(true), replied(200, "<html>"), replied(200, "7"),
                              replied(500, ""), replied(404, ""), replied(401, "")}) {
        Bench bench;
        bench.org.add("Contact", 1, kOld);
        bench.org.fault = [&](const sdk::HttpRequest&) { return reply; };
        const auto outcomes =
            kindsOf(bench.connector->apply({itemFor("Contact", 1, "contact.email", false),
                                            itemFor("Contact", 1, "contact.phone", false)}));
        CHECK((outcomes == "tt" || outcomes == "rr"));
    }
}

TEST_CASE("an explanation becomes a task of the person, and only there") {
    Bench bench;
    bench.connector->note({"Contact", idOf("Contact", 1)}, "withdrawn on the portal");
    CHECK(bench.org.writes.back()["WhoId"] == json(idOf("Contact", 1)));
    CHECK_THROWS_AS(bench.connector->note({"Individual", idOf("Individual", 1)}, "x"),
                    sdk::CallError);
}
