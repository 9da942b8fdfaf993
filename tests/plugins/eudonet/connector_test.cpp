// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/connector.h"

#include <set>

#include "plugins/eudonet/times.h"
#include "tests/plugins/eudonet/base.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::eudonet;
using concordat::plugins::testing::Base;
using concordat::plugins::testing::lost;
using concordat::plugins::testing::replied;
using concordat::plugins::testing::ScriptedHost;
using nlohmann::json;
using sdk::Shown;

namespace {

const json kFlags = {
    {"base_url", "https://x.example/EudoAPI"},
    {"base_name", "EXEMPLE"},
    {"layout", "contact_flags"},
    {"contact",
     {{"email", 208}, {"mobile", 209}, {"phone", 210}, {"modified", 295}, {"created", 296}}},
    {"flags", {{"contact.email_optout", 254}, {"contact.sms_optin", 255}}}};
const json kSwept = {{"base_url", "https://x.example/EudoAPI"},
                     {"layout", "contact_flags"},
                     {"flags", {{"contact.email_optout", 254}}}};
const json kAddresses = {
    {"base_url", "https://x.example/EudoAPI"},
    {"layout", "address_flags"},
    {"address",
     {{"email", 408}, {"mobile", 409}, {"phone", 410}, {"modified", 495}, {"created", 496}}},
    {"flags", {{"address.email_optout", 454}}}};
const json kTable = {
    {"base_url", "https://x.example/EudoAPI"},
    {"layout", "consent_table"},
    {"contact",
     {{"email", 208}, {"mobile", 209}, {"phone", 210}, {"modified", 295}, {"created", 296}}},
    {"consent",
     {{"tab", 1100},
      {"channel", 1102},
      {"status", 1103},
      {"date", 1104},
      {"source", 1105},
      {"key", 1106},
      {"modified", 1195},
      {"channels", {{"email", {"1"}}, {"sms", {"2"}}}},
      {"permit", {"20"}},
      {"deny", {"21"}}}}};

/// A connector, the hub around it and the base behind it. Both clocks stand at 2026-11-18.
struct Bench {
    explicit Bench(const json& settings = kFlags) {
        host.answer = [this](const sdk::HttpRequest& request) { return base(request); };
        base.labels = {{200, {{208, "E-mail"}, {254, "Refus e-mail"}, {255, "Accord SMS"}}},
                       {1100, {{1103, "Statut"}}}};
        connector = std::make_unique<EudonetConnector>(host, settings);
    }
    void pass(sdk::EpochMs ms) { host.clock += ms; }
    std::string now() const { return localText(host.clock); }
    sdk::Page pull(const std::string& cursor) { return connector->pull({cursor, 0}); }
    std::vector<std::string> pullAll(std::string& cursor) {
        std::vector<std::string> ids;
        for (bool more = true; more;) {
            const auto page = pull(cursor);
            for (const auto& seen : page.observations) ids.push_back(seen.record.id);
            cursor = page.cursor;
            more = page.more;
        }
        return ids;
    }
    ScriptedHost host;
    Base base;
    std::unique_ptr<EudonetConnector> connector;
};

sdk::ApplyItem item(const std::string& id,
                    const std::string& slot,
                    bool permit,
                    const std::string& object = "contact") {
    sdk::ApplyItem made;
    made.record = {object, id};
    made.writes = {{slot, permit, std::nullopt}};
    return made;
}

std::string kinds(const sdk::ApplyReply& reply) {
    std::string text;
    for (const auto& outcome : reply.outcomes)
        text += "auncrtpX"[static_cast<std::size_t>(outcome.kind)];
    return text;  // applied, unchanged, conflict (n), not found (c), rejected (r), retry (t),
                  // pending (p), unknown (X)
}

/// `count` contacts, `together` of them with each change time.
void fill(Base& base, int count, int together) {
    for (int id = 1; id <= count; ++id)
        base.add(200, id,
                 {{208, "p" + std::to_string(id) + "@example.org"},
                  {254, "0"},
                  {295, localText(1'790'000'000'000 + (id / together) * 61'000)}});
}

}  // namespace

TEST_CASE(
    "a first load goes on from every cursor without loss or repetition, also with equal times") {
    for (const int together : {1, 7, 49, 50, 51, 120, 1000}) {
        Bench bench;
        fill(bench.base, 230, together);
        std::string end;
        const auto whole = bench.pullAll(end);
        CHECK(whole.size() == 230);
        CHECK(std::set<std::string>(whole.begin(), whole.end()).size() == 230);
        std::string cursor;
        for (std::size_t seen = 0;;) {
            Bench other;
            other.base = bench.base;
            auto resumed = cursor;
            CHECK(other.pullAll(resumed) ==
                  std::vector<std::string>(whole.begin() + static_cast<std::ptrdiff_t>(seen),
                                           whole.end()));
            CHECK(resumed == end);
            const auto page = bench.pull(cursor);
            cursor = page.cursor;
            seen += page.observations.size();
            if (!page.more) break;
        }
    }
}

TEST_CASE("rows that were never changed are loaded too") {
    Bench bench;
    fill(bench.base, 60, 1);
    for (int id = 1; id <= 55; ++id) bench.base.tables[200][id].values.erase(295);
    std::string cursor;
    CHECK(bench.pullAll(cursor).size() == 60);
}

TEST_CASE(
    "a change behind the round's back is in the next round, one that shows late within a minute") {
    Bench bench;
    fill(bench.base, 120, 1);
    auto page = bench.pull("");
    bench.pass(3'000);
    bench.base.tables[200][1].values[295] = bench.now();
    std::string cursor = page.cursor;
    auto rest = bench.pullAll(cursor);
    bench.pass(5'000);
    for (const auto& id : bench.pullAll(cursor)) rest.push_back(id);
    CHECK(std::count(rest.begin(), rest.end(), "1") >= 1);
    bench.pass(1'000'000);
    bench.pullAll(cursor);
    const auto stamped = bench.now();
    for (int poll = 0; poll < 12; ++poll) {
        bench.pass(5'000);
        CHECK(bench.pullAll(cursor).empty());
    }
    bench.base.tables[200][2].values[295] = stamped;
    std::vector<std::string> late;
    for (int poll = 0; poll < 13; ++poll) {
        bench.pass(5'000);
        for (const auto& id : bench.pullAll(cursor)) late.push_back(id);
    }
    CHECK(std::set<std::string>(late.begin(), late.end()) == std::set<std::string>{"2"});
}

TEST_CASE("nothing is lost in the night when the clock goes back") {
    Bench bench;
    fill(bench.base, 3, 1);
    const sdk::EpochMs back = 1'792'890'000'000;  // 2026-10-25, 03:00 becomes 02:00
    bench.host.clock = back - 4'000'000;
    bench.base.date = [&] {
        const auto text =
            localText(bench.host.clock - parisOffsetMinutes(bench.host.clock) * 60'000);
        return "Sun, 25 Oct 2026 " + text.substr(11) + " GMT";
    };
    std::string cursor;
    bench.pullAll(cursor);
    for (int minute = 0; minute < 200; ++minute) {
        bench.pass(60'000);
        const int id = 100 + minute;
        bench.base.add(200, id, {{254, "1"}, {295, localText(bench.host.clock - 20'000)}});
        const auto seen = bench.pullAll(cursor);
        CHECK(std::count(seen.begin(), seen.end(), std::to_string(id)) == 1);
    }
}

TEST_CASE("without a modification date the table is swept, and then left alone for a while") {
    Bench bench(kSwept);
    for (int id = 1; id <= 130; ++id)
        bench.base.add(200, id, {{201, "N" + std::to_string(1000 + id)}, {254, "0"}});
    std::string cursor;
    CHECK(bench.pullAll(cursor).size() == 130);
    bench.pass(5'000);
    const auto page = bench.pull(cursor);
    CHECK(page.observations.empty());
    CHECK(page.waitMs > 3'500'000);
    CHECK_FALSE(page.more);
    bench.pass(3'600'000);
    CHECK(bench.pullAll(cursor).size() == 130);
}

TEST_CASE("a row that leaves during a sweep hides no other") {
    Bench bench(kSwept);
    for (int id = 1; id <= 130; ++id)
        bench.base.add(200, id, {{201, "N" + std::to_string(1000 + id)}, {254, "0"}});
    auto page = bench.pull("");
    std::set<std::string> seen;
    for (const auto& observation : page.observations) seen.insert(observation.record.id);
    for (const int id : {3, 5, 8}) bench.base.tables[200].erase(id);
    std::string cursor = page.cursor;
    for (const auto& id : bench.pullAll(cursor)) seen.insert(id);
    CHECK(seen.size() == 130);
}

TEST_CASE("an empty answer by mistake loses nothing") {
    for (const auto& settings : {kFlags, kSwept, kTable}) {
        Bench bench(settings);
        fill(bench.base, 60, 1);
        bench.base.emptyAnswers = 1;
        std::string cursor;
        CHECK(bench.pullAll(cursor).size() == 60);
        bench.base.emptyAnswers = 1;
        CHECK(bench.connector->read({{"contact", "7"}}).observations.size() == 1);
        bench.base.emptyAnswers = 2;
        CHECK(bench.connector->read({{"contact", "7"}, {"contact", "999"}}).missing ==
              std::vector<sdk::RecordRef>{{"contact", "999"}});
    }
}

TEST_CASE("the quota is waited for, and nothing is lost") {
    Bench bench;
    fill(bench.base, 3, 1);
    bench.base.fault = [](const sdk::HttpRequest&) {
        return replied(200, R"({"ResultInfos":{"Success":false,"ErrorNumber":300}})");
    };
    const auto page = bench.pull("");
    CHECK(page.waitMs == 20'000);
    CHECK(page.more);
    CHECK(page.observations.empty());
    bench.base.fault = nullptr;
    std::string cursor = page.cursor;
    CHECK(bench.pullAll(cursor).size() == 3);
}

TEST_CASE(
    "a cursor that is not ours, and rows that are not sorted, end the call with one sentence") {
    Bench bench;
    for (const char* bad :
         {"x", "{}", R"({"v":2,"tables":{}})", R"({"v":1,"tables":{"contact":{"safe":"x"}}})"})
        CHECK_THROWS_AS(bench.pull(bad), sdk::CallError);
    bench.base.fault = [](const sdk::HttpRequest&) {
        return replied(200, R"({"ResultInfos":{"Success":true},"ResultData":{"Rows":[
            {"FileId":1,"Fields":[{"DescId":295,"DbValue":"2026/11/02 10:00:00"}]},{"FileId":2,"Fields":[{"DescId":295,"DbValue":"2026/11/01 10:00:00"}]}]}})");
    };
    CHECK_THROWS_WITH(bench.pull(""), Catch::Contains("sort"));
    bench.base.fault = [](const sdk::HttpRequest&) {
        return replied(200, R"({"ResultInfos":{"Success":false,"ErrorNumber":101}})");
    };
    CHECK_THROWS_WITH(bench.pull(""), Catch::Contains("passwords"));
}

TEST_CASE("an address belongs to its person") {
    Bench bench(kAddresses);
    auto& address =
        bench.base.add(400, 9, {{408, "a@example.org"}, {454, "1"}, {495, "2026/11/01 10:00:00"}});
    address.links[201] = 7;
    std::string cursor;
    const auto page = bench.pull("");
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].record == sdk::RecordRef{"address", "9"});
    CHECK(page.observations[0].person == sdk::RecordRef{"contact", "7"});
    CHECK(page.observations[0].slots[0].shown == Shown::Deny);
    CHECK(kinds(bench.connector->apply({item("9", "address.email_optout", false, "address"),
                                        item("9", "address.email_optout", false, "contact")})) ==
          "ur");
}

TEST_CASE("forty withdrawals are one search, forty writes and one search") {
    Bench bench;
    fill(bench.base, 40, 1);
    std::vector<sdk::ApplyItem> items;
    for (int id = 1; id <= 40; ++id)
        items.push_back(item(std::to_string(id), "contact.email_optout", false));
    const auto reply = bench.connector->apply(items);
    CHECK(kinds(reply) == std::string(40, 'a'));
    CHECK(bench.host.sent.size() == 42);
    CHECK(bench.host.exchanges == 3);
    CHECK(bench.base.tables[200][9].values[254] == "1");
    CHECK(bench.base.tables[200][9].values[208] == "p9@example.org");
    CHECK(reply.outcomes[8].observed->slots[0].shown == Shown::Deny);
    CHECK(kinds(bench.connector->apply(items)) == std::string(40, 'u'));
    CHECK(bench.base.writes == 40);
}

TEST_CASE("more requests than a host call takes go in several") {
    Bench bench;
    std::vector<sdk::RecordRef> nobody;
    for (int id = 1; id <= 150; ++id) nobody.push_back({"contact", std::to_string(id)});
    CHECK(bench.connector->read(nobody).missing.size() == 150);
}

TEST_CASE("each item gets the outcome it deserves") {
    Bench bench;
    fill(bench.base, 4, 1);
    bench.base.tables[200][2].writable = false;
    bench.base.tables[200][3].locked = {254};
    auto permit = item("4", "contact.sms_optin", true);
    permit.expectedVersion = 5;
    const auto reply = bench.connector->apply(
        {item("1", "contact.email_optout", false), item("2", "contact.email_optout", false),
         item("3", "contact.email_optout", false), permit,
         item("99", "contact.email_optout", false), item("9'\n;1", "contact.email_optout", false),
         item("1", "contact.fax_optout", false)});
    CHECK(kinds(reply) == "arrnccr");
    CHECK(bench.base.writes == 1);
    CHECK(reply.outcomes[1].message.find("does not let") != std::string::npos);
}

TEST_CASE("n items give n outcomes under every fault") {
    const std::vector<sdk::HttpReply> faults = {
        lost(true),
        lost(false),
        replied(200, "<html>"),
        replied(200, "{"),
        replied(200, "null"),
        replied(200, R"({"ResultInfos":{"Success":false,"ErrorNumber":300}})"),
        replied(200, R"({"ResultInfos":{"Success":false,"ErrorNumber":102}})"),
        replied(200, R"({"ResultInfos":{"Success":true},"ResultData":{"Rows":7}})"),
        replied(200, R"({"ResultInfos":{"Success":true}})"),
        replied(200, R"({"ResultInfos":{"Success":true},"ResultData":{"Rows":[{"FileId":777}]}})"),
        replied(401, ""),
        replied(404, ""),
        replied(429, ""),
        replied(500, ""),
        replied(503, "<html>")};
    for (const auto& settings : {kFlags, kTable})
        for (int failing = 0; failing < 9; ++failing)
            for (const auto& fault : faults) {
                Bench bench(settings);
                fill(bench.base, 5, 1);
                std::vector<sdk::ApplyItem> items;
                for (int id = 1; id <= 5; ++id)
                    items.push_back(
                        item(std::to_string(id),
                             settings == kFlags ? "contact.email_optout" : "consent.email", false));
                int calls = 0;
                bench.base.fault = [&](const sdk::HttpRequest&) {
                    return calls++ == failing ? std::optional(fault) : std::nullopt;
                };
                const auto reply = bench.connector->apply(items);
                REQUIRE(reply.outcomes.size() == 5);
                for (const auto& outcome : reply.outcomes)
                    CHECK(outcome.kind != sdk::OutcomeKind::Rejected);
            }
}

TEST_CASE("a reply lost after the write is unknown, and the repetition makes no second row") {
    Bench bench(kTable);
    bench.base.add(200, 7, {{208, "p@example.org"}, {295, "2026/11/01 10:00:00"}});
    auto withdrawal = item("7", "consent.email", false);
    withdrawal.creationKey = "t1g1";
    bench.base.fault = [&](const sdk::HttpRequest& request) -> std::optional<sdk::HttpReply> {
        if (request.url.find("/CUD/") == std::string::npos) return std::nullopt;
        bench.base.fault = nullptr;
        bench.base(request);
        return lost(true);
    };
    CHECK(kinds(bench.connector->apply({withdrawal})) == "X");
    CHECK(kinds(bench.connector->apply({withdrawal})) == "u");
    CHECK(bench.base.tables[1100].size() == 1);
    auto& row = bench.base.tables[1100].begin()->second;
    CHECK(row.links[201] == 7);
    CHECK(row.values[1106] == "t1g1:email");
    CHECK(row.values[1103] == "21");
    CHECK(row.values[1104] == bench.now());
}

TEST_CASE("a changed consent row is news of its contact, with all its rows") {
    Bench bench(kTable);
    fill(bench.base, 70, 1);
    for (int id = 1; id <= 70; ++id)
        for (const int channel : {1, 2}) {
            auto& row = bench.base.add(1100, id * 10 + channel,
                                       {{1102, std::to_string(channel)},
                                        {1103, "20"},
                                        {1104, "2026/01/01 10:00:00"},
                                        {1195, "2026/01/01 10:00:00"}});
            row.links[201] = id;
        }
    std::string cursor;
    CHECK(bench.pullAll(cursor).size() == 70);
    bench.pass(5'000);
    bench.base.tables[1100][31].values[1103] = "21";
    bench.base.tables[1100][31].values[1195] = bench.now();
    const auto page = bench.pull(cursor);
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].record.id == "3");
    CHECK(page.observations[0].slots[0].shown == Shown::Deny);
    CHECK(page.observations[0].slots[1].shown == Shown::Permit);
    CHECK(page.observations[0].version == parseLocalTime(bench.now())->at / 1000);
    CHECK(page.observations[0].identifiers[0].value == "p3@example.org");
}

TEST_CASE("finding never guesses, and no value can become two") {
    Bench bench;
    fill(bench.base, 3, 1);
    bench.base.tables[200][2].values[208] = "P1@example.org";
    bench.base.tables[200][3].values[209] = "06 00 00 00 01";
    using K = sdk::IdentifierKind;
    const auto reply = bench.connector->find({{K::Email, "p1@example.org", ""},
                                              {K::Email, "p1@example.org;p2@example.org", ""},
                                              {K::Phone, "06 00 00 00 01", ""},
                                              {K::Email, "", ""},
                                              {K::External, "x", "sap"}});
    REQUIRE(reply.matches.size() == 5);
    CHECK(reply.matches[0].size() == 1);
    CHECK(reply.matches[1].empty());
    CHECK(reply.matches[2].size() == 1);
    CHECK(reply.matches[3].empty());
    CHECK(reply.matches[4].empty());
}

TEST_CASE("the check names what is missing and which base it is") {
    Bench bench;
    fill(bench.base, 1, 1);
    const auto state = [&](const std::string& name) -> std::string {
        for (const auto& probe : bench.connector->check().probes)
            if (probe.name == name)
                return probe.state == sdk::ProbeState::Pass   ? "pass"
                       : probe.state == sdk::ProbeState::Warn ? "warn"
                                                              : "fail";
        return "none";
    };
    CHECK(bench.connector->check().tenantId == "exemple@x.example");
    CHECK(state("reach") == "pass");
    CHECK(state("quota") == "pass");
    CHECK(state("read contact.email_optout") == "pass");
    CHECK(state("write contact.sms_optin") == "pass");
    CHECK(state("permission table 200") == "pass");
    bench.base.labels[200].erase(254);
    CHECK(state("read contact.email_optout") == "fail");
    bench.base.fault = [](const sdk::HttpRequest&) {
        return replied(200, R"({"ResultInfos":{"Success":false,"ErrorNumber":101}})");
    };
    CHECK(state("credentials") == "fail");
    CHECK(state("reach") == "pass");
    bench.base.fault = [](const sdk::HttpRequest&) { return lost(false); };
    CHECK(state("reach") == "fail");
    CHECK(bench.connector->health().quotaLeft.at("x-call-remain") == 4000);
    CHECK_FALSE(bench.connector->health().lastError.empty());
}

TEST_CASE("fields named by label are learnt in one call") {
    Bench bench({{"base_url", "https://x.example/EudoAPI"},
                 {"layout", "contact_flags"},
                 {"flags", {{"contact.email_optout", "refus e-mail"}}}});
    bench.base.add(200, 1, {{201, "N"}, {208, "p@example.org"}, {254, "1"}});
    const auto reply = bench.connector->read({{"contact", "1"}});
    REQUIRE(reply.observations.size() == 1);
    CHECK(reply.observations[0].slots[0].shown == Shown::Deny);
    CHECK(reply.observations[0].identifiers[0].value == "p@example.org");
    CHECK(bench.connector->discover().slots.size() == 1);
    Bench wrong({{"base_url", "https://x.example/EudoAPI"},
                 {"layout", "contact_flags"},
                 {"flags", {{"contact.email_optout", "nothing"}}}});
    CHECK_THROWS_WITH(wrong.pull(""), Catch::Contains("flags.contact.email_optout"));
}

TEST_CASE("a note is an annex of the record") {
    Bench bench;
    bench.connector->note({"contact", "3"}, "retiré");
    const auto body = json::parse(bench.host.sent.back().body);
    CHECK(body["FileId"] == 3);
    CHECK(body["Content"] == "cmV0aXLDqQ==");
    CHECK_THROWS_AS(bench.connector->note({"contact", "3/4"}, ""), sdk::CallError);
}
