// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/connector.h"

#include <set>

#include "tests/plugins/sellsy/account.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::sellsy;
using concordat::plugins::testing::Account;
using concordat::plugins::testing::lost;
using concordat::plugins::testing::replied;
using concordat::plugins::testing::ScriptedHost;
using nlohmann::json;

namespace {

constexpr sdk::EpochMs kOld = 1'790'000'000'000;

/// A connector, the hub around it and the account behind it.
struct Bench {
    explicit Bench(const json& settings = {{"client_id", "id"}, {"objects", {"contacts"}}}) {
        host.answer = [this](const sdk::HttpRequest& request) { return account(request); };
        connector = std::make_unique<SellsyConnector>(host, settings);
    }
    void pass(sdk::EpochMs ms) { host.clock += ms, account.clock += ms; }
    sdk::Page pull(const std::string& cursor, int size = 0) {
        return connector->pull({cursor, size});
    }
    /// Ids of all pages to the end, in order; `cursor` is where it ended.
    std::vector<std::string> pullAll(std::string& cursor, int size = 0) {
        std::vector<std::string> ids;
        for (bool more = true; more;) {
            const auto page = pull(cursor, size);
            for (const auto& seen : page.observations)
                ids.push_back(seen.record.object + seen.record.id);
            cursor = page.cursor;
            more = page.more;
        }
        return ids;
    }
    ScriptedHost host;
    Account account;
    std::unique_ptr<SellsyConnector> connector;
};

sdk::ApplyItem item(const std::string& object,
                    const std::string& id,
                    const std::string& channel,
                    bool permit) {
    sdk::ApplyItem made;
    made.record = {object, id};
    made.writes = {{object + "." + channel, permit, std::nullopt}};
    return made;
}

std::string kinds(const sdk::ApplyReply& reply) {
    std::string text;
    for (const auto& outcome : reply.outcomes)
        text += "auncrtpX"[static_cast<std::size_t>(outcome.kind)];
    return text;  // applied, unchanged, conflict (n), not found (c), rejected (r), retry (t),
                  // pending (p), unknown (X)
}

}  // namespace

TEST_CASE(
    "a first load goes on from every cursor without loss or repetition, also with equal times") {
    for (const int size : {1, 2, 3, 7, 100}) {
        Bench bench;
        for (int id = 1; id <= 12; ++id) bench.account.add("contacts", id, {"email"}, kOld);
        std::string end;
        const auto whole = bench.pullAll(end, size);
        CHECK(whole.size() == 12);
        CHECK(std::set<std::string>(whole.begin(), whole.end()).size() == 12);
        std::string cursor;
        for (std::size_t seen = 0;;) {
            auto resumed = cursor;
            Bench other;
            other.account = bench.account;
            const auto rest = other.pullAll(resumed, size);
            CHECK(rest == std::vector<std::string>(
                              whole.begin() + static_cast<std::ptrdiff_t>(seen), whole.end()));
            CHECK(resumed == end);
            const auto page = bench.pull(cursor, size);
            cursor = page.cursor;
            seen += page.observations.size();
            if (!page.more) break;
        }
    }
}

TEST_CASE("three kinds of record share one request per poll") {
    Bench bench(json{{"client_id", "id"}});
    bench.account.add("contacts", 1, {}, kOld);
    bench.account.add("individuals", 2, {}, kOld);
    bench.account.add("companies", 3, {}, kOld);
    std::string cursor;
    CHECK(bench.pullAll(cursor) == std::vector<std::string>{"contact1", "individual2", "company3"});
    CHECK(bench.host.sent.size() == 1);
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor).empty());
    CHECK(bench.host.sent.size() == 2);
}

TEST_CASE("a change behind the round's back is in the next round") {
    Bench bench;
    for (int id = 1; id <= 6; ++id) bench.account.add("contacts", id, {"email"}, kOld);
    auto page = bench.pull("", 2);
    bench.pass(3'000);
    bench.account.add("contacts", 1, {}, bench.account.clock);
    std::string cursor = page.cursor;
    CHECK(bench.pullAll(cursor, 2) ==
          std::vector<std::string>{"contact3", "contact4", "contact5", "contact6"});
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor, 2) == std::vector<std::string>{"contact1"});
    bench.pass(20'000);
    CHECK(bench.pullAll(cursor).empty());
}

TEST_CASE("a row that shows late is caught by the wider round within a minute") {
    Bench bench;
    std::string cursor;
    bench.account.add("contacts", 1, {}, kOld);
    bench.pullAll(cursor);
    const auto stamped = bench.account.clock;
    for (int poll = 0; poll < 12; ++poll) {
        bench.pass(5'000);
        CHECK(bench.pullAll(cursor).size() <= 1);
    }
    bench.account.add("contacts", 2, {}, stamped);
    std::vector<std::string> seen;
    for (int poll = 0; poll < 13; ++poll) {
        bench.pass(5'000);
        for (const auto& id : bench.pullAll(cursor)) seen.push_back(id);
    }
    CHECK(seen == std::vector<std::string>{"contact2"});
}

TEST_CASE("the cursor trusts neither clock further than the other") {
    Bench bench;
    bench.account.clock += 86'400'000;  // Sellsy's clock a day ahead
    std::string cursor;
    bench.pullAll(cursor);
    bench.account.clock -= 86'400'000;
    bench.pass(5'000);
    bench.account.add("contacts", 1, {}, bench.account.clock);
    CHECK(bench.pullAll(cursor) == std::vector<std::string>{"contact1"});
}

TEST_CASE("what changes right after the vendor's clock went back is not passed over") {
    Bench bench;
    std::string cursor;
    bench.pullAll(cursor);
    bench.pass(5'000);
    bench.pullAll(cursor);
    bench.account.clock -= 600'000;
    bench.account.add("contacts", 1, {}, bench.account.clock);
    bench.pass(10'000);
    std::vector<std::string> seen = bench.pullAll(cursor);
    bench.pass(5'000);
    for (const auto& id : bench.pullAll(cursor)) seen.push_back(id);
    CHECK(seen == std::vector<std::string>{"contact1"});
}

TEST_CASE("a poll that comes too fast waits and loses nothing") {
    Bench bench({{"client_id", "id"}, {"objects", {"contacts", "companies"}}});
    bench.account.add("contacts", 1, {}, kOld);
    bench.account.add("companies", 2, {}, kOld);
    bench.account.fault = [](const std::string&, const std::string& path) {
        return path == "/contacts/search" ? std::optional(429) : std::nullopt;
    };
    const auto page = bench.pull("");
    CHECK(page.waitMs > 0);
    CHECK(page.more);
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].record.object == "company");
    bench.account.fault = nullptr;
    std::string cursor = page.cursor;
    CHECK(bench.pullAll(cursor) == std::vector<std::string>{"contact1"});
}

TEST_CASE("a cursor that leads nowhere or is not ours ends the call with one sentence") {
    Bench bench;
    for (const char* bad : {"x", "{}", "[]", R"({"v":2,"objects":{}})", R"({"v":1})",
                            R"({"v":1,"objects":{"contact":7}})"})
        CHECK_THROWS_AS(bench.pull(bad), sdk::CallError);
    bench.host.answer = [](const sdk::HttpRequest&) {
        return replied(200, R"({"data":[{"id":1}],"pagination":{"offset":null}})");
    };
    CHECK_THROWS_WITH(bench.pull("", 1), Catch::Contains("without a new cursor"));
    bench.host.answer = [](const sdk::HttpRequest&) { return replied(403, "{}"); };
    CHECK_THROWS_WITH(bench.pull(""), Catch::Contains("scope"));
}

TEST_CASE("forty withdrawals are two requests, written as whole sets and read back") {
    Bench bench;
    std::vector<sdk::ApplyItem> items;
    for (int id = 1; id <= 40; ++id) {
        bench.account.add("contacts", id, {"email", "sms", "fancy"}, kOld);
        items.push_back(item("contact", std::to_string(id), "email", false));
    }
    const auto reply = bench.connector->apply(items);
    CHECK(kinds(reply) == std::string(40, 'a'));
    CHECK(bench.host.sent.size() == 2);
    CHECK(bench.account.collections["contacts"][7]["marketing_campaigns_subscriptions"] ==
          json{"sms", "fancy"});
    REQUIRE(reply.outcomes[6].observed);
    CHECK(reply.outcomes[6].observed->slots[0].shown == sdk::Shown::Absent);
    const auto again = bench.connector->apply(items);
    CHECK(kinds(again) == std::string(40, 'u'));
    CHECK(bench.account.puts == 40);
    CHECK(bench.host.sent.size() == 3);
}

TEST_CASE("both replies to a write count, with the object and without") {
    for (const bool object : {true, false})
        for (const int batchSize : {1, 50}) {
            Bench bench({{"client_id", "id"}, {"batch_size", batchSize}});
            bench.account.putAnswersObject = object;
            bench.account.add("companies", 5, {"email"}, kOld);
            const auto reply = bench.connector->apply({item("company", "5", "sms", true)});
            CHECK(kinds(reply) == "a");
            REQUIRE(reply.outcomes[0].observed);
            CHECK(reply.outcomes[0].observed->slots[1].shown == sdk::Shown::Permit);
        }
}

TEST_CASE("two items of one record become one write") {
    Bench bench;
    bench.account.add("contacts", 1, {"email", "sms"}, kOld);
    CHECK(kinds(bench.connector->apply(
              {item("contact", "1", "email", false), item("contact", "1", "sms", false)})) == "aa");
    CHECK(bench.account.puts == 1);
    CHECK(bench.account.collections["contacts"][1]["marketing_campaigns_subscriptions"] ==
          json::array());
}

TEST_CASE("each item gets the outcome it deserves") {
    Bench bench;
    bench.account.add("contacts", 1, {"email"}, kOld);
    bench.account.add("contacts", 2, {"email"}, kOld);
    bench.account.add("contacts", 3, {}, kOld);
    bench.account.fault = [](const std::string& method, const std::string& path) {
        return method == "PUT" && path == "/contacts/2" ? std::optional(400) : std::nullopt;
    };
    auto permit = item("contact", "3", "email", true);
    permit.expectedVersion = 5;
    const auto reply = bench.connector->apply(
        {item("contact", "1", "email", false), item("contact", "2", "email", false), permit,
         item("contact", "99", "email", false), item("contact", "9'9\n", "email", false),
         item("individual", "1", "email", false), item("contact", "1", "fax", false)});
    CHECK(kinds(reply) == "arnccrr");
    CHECK(reply.outcomes[1].message.find("Erreur") == 0);
    CHECK(bench.account.collections["contacts"][3]["marketing_campaigns_subscriptions"] ==
          json::array());
}

TEST_CASE("n items give n outcomes under every fault, and no refusal is invented") {
    const std::vector<sdk::HttpReply> faults = {
        lost(true),
        lost(false),
        replied(200, "<html>"),
        replied(207, "{"),
        replied(207, "null"),
        replied(207, "[]"),
        replied(207, R"({"responses":[]})"),
        replied(401, "{}"),
        replied(402, "{}"),
        replied(403, "{}"),
        replied(404, "x"),
        replied(409, "{}"),
        replied(413, "{}"),
        replied(429, "{}"),
        replied(500, ""),
        replied(207, R"({"responses":[{"code":200,"response":{"data":7}}]})"),
        replied(207,
                R"({"responses":[{"code":200,"response":{"id":777}},{"code":1e9},{"code":-1}]})")};
    for (const int batchSize : {1, 2, 50})
        for (const int failing : {0, 1, 2})
            for (const auto& fault : faults) {
                Bench bench({{"client_id", "id"}, {"batch_size", batchSize}});
                std::vector<sdk::ApplyItem> items;
                for (int id = 1; id <= 5; ++id) {
                    bench.account.add("contacts", id, {"email"}, kOld);
                    items.push_back(item("contact", std::to_string(id), "email", false));
                }
                int calls = 0;
                bench.host.answer = [&](const sdk::HttpRequest& request) {
                    return calls++ == failing ? fault : bench.account(request);
                };
                CHECK(bench.connector->apply(items).outcomes.size() == 5);
            }
}

TEST_CASE("a reply lost after the write is unknown, one lost before it is tried again") {
    Bench bench;
    bench.account.add("contacts", 1, {"email"}, kOld);
    int calls = 0;
    bench.host.answer = [&](const sdk::HttpRequest& request) {
        const auto answer = bench.account(request);
        return ++calls == 2 ? lost(true) : answer;
    };
    CHECK(kinds(bench.connector->apply({item("contact", "1", "email", false)})) == "X");
    calls = 1;
    bench.host.answer = [](const sdk::HttpRequest&) { return lost(true); };
    CHECK(kinds(bench.connector->apply({item("contact", "1", "email", false)})) == "t");
}

TEST_CASE("a batch that is too large is halved") {
    Bench bench;
    std::vector<sdk::ApplyItem> items;
    for (int id = 1; id <= 20; ++id) {
        bench.account.add("contacts", id, {"email"}, kOld);
        items.push_back(item("contact", std::to_string(id), "email", false));
    }
    bench.host.answer = [&](const sdk::HttpRequest& request) {
        return std::count(request.body.begin(), request.body.end(), '\n') > 12
                   ? replied(413, "{}")
                   : bench.account(request);
    };
    CHECK(kinds(bench.connector->apply(items)) == std::string(20, 'a'));
}

TEST_CASE("with API v1 one flag is written and no set") {
    Bench bench({{"client_id", "id"}, {"v1", true}, {"objects", {"contacts"}}});
    bench.account.add("contacts", 1, {"email", "sms"}, kOld);
    bench.host.answer = [&](const sdk::HttpRequest& request) {
        if (!request.url.starts_with("https://apifeed")) return bench.account(request);
        bench.account.collections["contacts"][1]["marketing_campaigns_subscriptions"] = {"sms"};
        return replied(200, R"({"response":"1","error":"","status":"success"})");
    };
    const auto reply = bench.connector->apply({item("contact", "1", "email", false)});
    CHECK(kinds(reply) == "a");
    CHECK(reply.outcomes[0].observed->slots[0].shown == sdk::Shown::Absent);
    CHECK(bench.account.puts == 0);
    CHECK_FALSE(bench.connector->discover().slots[0].lostUpdate);
}

TEST_CASE("a record is missing only when a look at it alone says so") {
    Bench bench;
    for (int id = 1; id <= 3; ++id) bench.account.add("contacts", id, {}, kOld);
    const std::vector<sdk::RecordRef> records = {
        {"contact", "1"}, {"contact", "2"}, {"contact", "77"}, {"contact", "x"}, {"lead", "1"}};
    bench.host.answer = [&](const sdk::HttpRequest& request) {
        if (request.url.find("/search") == std::string::npos) return bench.account(request);
        return replied(
            200, R"({"data":[{"id":1,"marketing_campaigns_subscriptions":[]}],"pagination":{}})");
    };
    const auto reply = bench.connector->read(records);
    CHECK(reply.observations.size() == 2);
    CHECK(reply.missing ==
          std::vector<sdk::RecordRef>{{"contact", "77"}, {"contact", "x"}, {"lead", "1"}});
    bench.host.answer = [](const sdk::HttpRequest&) { return replied(500, ""); };
    CHECK_THROWS_AS(bench.connector->read(records), sdk::CallError);
}

TEST_CASE("finding never guesses") {
    Bench bench({{"client_id", "id"}, {"external_ids", {{"erp", "reference"}}}});
    bench.account.add("contacts", 1, {}, kOld)["email"] = "info@example.org";
    bench.account.add("contacts", 2, {}, kOld)["email"] = "info@example.org";
    bench.account.add("companies", 3, {}, kOld)["mobile_number"] = "+33 6 00 00 00 01";
    bench.account.add("contacts", 4, {}, kOld)["mobile_number"] = "+33600000001";
    using K = sdk::IdentifierKind;
    const auto reply = bench.connector->find({{K::Email, "info@example.org", ""},
                                              {K::Phone, "+33600000001", ""},
                                              {K::Email, "no'body\n@x", ""},
                                              {K::External, "x", "other"}});
    REQUIRE(reply.matches.size() == 4);
    CHECK(reply.matches[0].size() == 2);
    CHECK(reply.matches[1].size() == 1);
    CHECK(reply.matches[2].empty());
    CHECK(bench.host.sent.size() == 1);
    // A vendor that ignores the filter finds nobody.
    bench.host.answer = [](const sdk::HttpRequest&) {
        return replied(207,
                       R"({"responses":[{"code":200,"response":{"data":[{"id":1,"email":"a@b"}]}},
        {"code":200,"response":{"data":[]}},{"code":200,"response":{"data":[]}}]})");
    };
    CHECK(bench.connector->find({{K::Email, "x@y", ""}}).matches[0].empty());
}

TEST_CASE("the check names what is missing and whose account it is") {
    Bench bench;
    bench.account.add("contacts", 1, {"email"}, kOld);
    bench.host.answer = [&](const sdk::HttpRequest& request) {
        if (request.url.ends_with("/quotas"))
            return replied(200, R"({"api_rate_days":{"limit":100,"used":99},"x":3})",
                           {{"date", bench.account.httpDate()}});
        if (request.url.find("/staffs/me") != std::string::npos)
            return replied(200, R"({"id":9,"_embed":{"account":{"id":77,"name":"Exemple"}}})");
        return bench.account(request);
    };
    const auto state = [&](const std::string& name) -> std::string {
        for (const auto& probe : bench.connector->check().probes)
            if (probe.name == name)
                return probe.state == sdk::ProbeState::Pass   ? "pass"
                       : probe.state == sdk::ProbeState::Warn ? "warn"
                                                              : "fail";
        return "none";
    };
    CHECK(bench.connector->check().tenantId == "77");
    CHECK(state("credentials") == "pass");
    CHECK(state("quota") == "warn");
    CHECK(state("clock") == "pass");
    CHECK(state("read contact.email") == "pass");
    CHECK(state("write contact.post") == "pass");
    CHECK(bench.account.puts == 0);
    bench.account.fault = [](const std::string& method, const std::string&) {
        return method == "PUT" ? std::optional(403) : std::nullopt;
    };
    CHECK(state("permission contacts.write") == "fail");
    CHECK(state("write contact.email") == "fail");
    bench.host.answer = [](const sdk::HttpRequest&) { return replied(401, "{}"); };
    CHECK(state("credentials") == "fail");
    CHECK(state("reach") == "pass");
    bench.host.answer = [](const sdk::HttpRequest&) { return lost(false); };
    CHECK(state("reach") == "fail");
}

TEST_CASE(
    "a subscription is renewed in place, and the signing key never passes through the connector") {
    Bench bench;
    bench.host.answer = [](const sdk::HttpRequest& request) {
        if (request.method == "GET")
            return replied(
                200,
                R"({"data":[{"id":5,"type":"http","endpoint":"https://hub/a","is_enabled":false}]})");
        return replied(request.method == "DELETE" ? 404 : 201, R"({"id":8})");
    };
    CHECK(bench.connector->subscribeWebhook("https://hub/a").id == "5");
    CHECK(bench.host.sent.back().method == "PUT");
    CHECK(bench.connector->subscribeWebhook("https://hub/b").id == "8");
    CHECK(bench.host.sent.back().body.find("{secret:sign_key}") != std::string::npos);
    CHECK_FALSE(bench.connector->listWebhooks()[0].active);
    CHECK_NOTHROW(bench.connector->removeWebhook("5"));
    CHECK_THROWS_AS(bench.connector->removeWebhook("5/x"), sdk::CallError);
}

TEST_CASE("a note is a comment on the record") {
    Bench bench;
    bench.host.answer = [](const sdk::HttpRequest&) { return replied(201, "{}"); };
    bench.connector->note({"contact", "3"}, "retiré \"hier\"");
    CHECK(json::parse(bench.host.sent.back().body)["related"] ==
          json::parse(R"([{"id":3,"type":"contact"}])"));
    CHECK_THROWS_AS(bench.connector->note({"contact", "x"}, ""), sdk::CallError);
}

TEST_CASE("the description is whole, and no slot is declared twice") {
    const auto about = SellsyConnector::description();
    std::set<std::string> ids;
    for (const auto& slot : about.slots) {
        ids.insert(slot.id);
        CHECK(slot.showsDeny == sdk::Shown::Absent);
        CHECK(slot.purposes.empty() == slot.id.ends_with(".custom"));
    }
    CHECK(ids.size() == 15);
    for (const auto& sign : about.auth)
        CHECK_FALSE(json::parse(sign.parametersJson, nullptr, false).is_discarded());
}
