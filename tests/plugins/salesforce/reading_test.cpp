// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::testing;
using sdk::Shown;

namespace {

Shown shownIn(const sdk::Observation& seen, const std::string& slot) {
    for (const auto& reading : seen.slots)
        if (reading.slot == slot) return reading.shown;
    return Shown::Absent;
}

}  // namespace

TEST_CASE(
    "a first load resumes from every cursor without loss or repetition, also with equal times") {
    for (const int size : {1, 2, 3, 7, 2000}) {
        Bench bench({"Contact"});
        for (int number = 1; number <= 12; ++number)
            bench.org.add("Contact", number, kOld + (number > 9 ? 1'000 : 0));
        std::string end;
        const auto whole = bench.pullAll(end, size);
        CHECK(whole.size() == 12);
        CHECK(std::set<std::string>(whole.begin(), whole.end()).size() == 12);
        std::string cursor;
        for (std::size_t seen = 0;;) {
            Bench other({"Contact"});
            other.org.objects = bench.org.objects;
            auto resumed = cursor;
            const auto rest = other.pullAll(resumed, size);
            CHECK(rest == std::vector<std::string>(
                              whole.begin() + static_cast<std::ptrdiff_t>(seen), whole.end()));
            CHECK(resumed == end);
            const auto page = bench.connector->pull({cursor, size});
            cursor = page.cursor;
            seen += page.observations.size();
            if (!page.more) break;
        }
    }
}

TEST_CASE("a poll of all objects is one request, and brings only what changed") {
    Bench bench({"Contact", "Lead", "Individual"});
    bench.org.add("Contact", 1, kOld);
    bench.org.add("Lead", 1, kOld);
    std::string cursor;
    CHECK(bench.pullAll(cursor).size() == 2);
    bench.pass(5'000);
    const auto before = bench.host.sent.size();
    CHECK(bench.pullAll(cursor).empty());
    CHECK(bench.host.sent.size() == before + 1);
    CHECK(bench.host.sent.back().url.ends_with("/composite"));
    CHECK(bench.host.sent.back().idempotent);
    bench.org.change("Lead", 1, {{"DoNotCall", true}}, bench.org.clock);
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor) == std::vector{idOf("Lead", 1)});
}

TEST_CASE("a row that becomes visible late, behind a newer one, is not lost") {
    Bench bench({"Contact"});
    bench.org.add("Contact", 1, kOld);
    std::string cursor;
    bench.pullAll(cursor);
    bench.org.add("Contact", 2, bench.org.clock - 200'000);
    bench.org.add("Contact", 3, bench.org.clock - 1'000);
    const auto late = idOf("Contact", 2);
    bench.org.invisible = [late](const json& row) { return row.at("Id") == json(late); };
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor) == std::vector{idOf("Contact", 3)});
    bench.org.invisible = nullptr;
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor).empty());
    bench.pass(60'000);
    const auto wide = bench.pullAll(cursor);
    CHECK(std::count(wide.begin(), wide.end(), late) == 1);
}

TEST_CASE("rows of one second are read whichever comes first, and not for ever") {
    Bench bench({"Contact"});
    for (const int number : {1, 2, 3}) bench.org.add("Contact", number, kOld);
    std::string cursor;
    bench.pullAll(cursor);
    const auto second = bench.org.clock;
    bench.org.change("Contact", 3, {{"DoNotCall", true}}, second);
    CHECK(bench.pullAll(cursor) == std::vector{idOf("Contact", 3)});
    bench.org.change("Contact", 1, {{"DoNotCall", true}}, second);
    bench.org.change("Contact", 2, {{"DoNotCall", true}}, second - 2'000);
    bench.pass(1'000);
    const auto again = bench.pullAll(cursor);
    CHECK(std::count(again.begin(), again.end(), idOf("Contact", 1)) == 1);
    CHECK(std::count(again.begin(), again.end(), idOf("Contact", 2)) == 1);
    bench.pass(5'000);
    bench.pullAll(cursor);
    bench.pass(5'000);
    CHECK(bench.pullAll(cursor).empty());
}

TEST_CASE("an open transaction holds the safe bound back for longer than the overlap") {
    Bench bench({"Contact"});
    bench.org.add("Contact", 1, kOld);
    std::string cursor;
    bench.pullAll(cursor);
    bench.org.covered = bench.org.clock;
    const auto begun = bench.org.clock + 1'000;
    for (int minute = 0; minute < 30; ++minute) {
        bench.pass(60'000);
        bench.pullAll(cursor);
    }
    bench.org.add("Contact", 2, begun);
    bench.pass(60'000);
    CHECK(bench.pullAll(cursor) == std::vector{idOf("Contact", 2)});
}

TEST_CASE("a box says deny or nothing, never permit") {
    Bench bench;
    bench.org.add("Contact", 1, kOld)["HasOptedOutOfEmail"] = true;
    auto& lead = bench.org.add("Lead", 1, kOld);
    lead["HasOptedOutOfFax"] = "no";
    std::string cursor;
    const auto page = bench.connector->pull({cursor, 0});
    REQUIRE(page.observations.size() == 2);
    CHECK(shownIn(page.observations[0], "contact.email") == Shown::Deny);
    CHECK(shownIn(page.observations[0], "contact.phone") == Shown::None);
    CHECK(shownIn(page.observations[1], "lead.fax") == Shown::Absent);
    CHECK(page.observations[0].version == kOld);
    CHECK(page.observations[0].modifiedAt->at == kOld);
    CHECK(page.observations[0].identifiers.front().value == "p1@example.org");
}

TEST_CASE("deleted, merged and converted records come with their flags") {
    Bench bench;
    auto& loser = bench.org.add("Contact", 1, kOld);
    loser["IsDeleted"] = true, loser["MasterRecordId"] = idOf("Contact", 2);
    loser["HasOptedOutOfEmail"] = true;
    bench.org.add("Contact", 2, kOld);
    auto& lead = bench.org.add("Lead", 1, kOld);
    lead["IsConverted"] = true, lead["ConvertedContactId"] = idOf("Contact", 2);
    const sdk::RecordRef gone{"Contact", idOf("Contact", 9)};
    const auto reply = bench.connector->read({{"Contact", idOf("Contact", 1)},
                                              {"Contact", idOf("Contact", 2)},
                                              {"Lead", idOf("Lead", 1)},
                                              gone,
                                              {"Contact", "not an id'"}});
    REQUIRE(reply.observations.size() == 3);
    CHECK(reply.observations[0].deleted);
    CHECK(reply.observations[0].mergedInto == sdk::RecordRef{"Contact", idOf("Contact", 2)});
    CHECK(shownIn(reply.observations[0], "contact.email") == Shown::Deny);
    CHECK(!reply.observations[2].deleted);
    CHECK(reply.observations[2].mergedInto == sdk::RecordRef{"Contact", idOf("Contact", 2)});
    CHECK(reply.missing == std::vector{gone, sdk::RecordRef{"Contact", "not an id'"}});
}

TEST_CASE("what left the recycle bin is known from the list of deleted records") {
    Bench bench({"Contact"});
    bench.org.add("Contact", 1, kOld);
    std::string cursor;
    bench.pullAll(cursor);
    bench.org.objects["Contact"].clear();
    bench.pass(600'000);
    bench.org.deleted.push_back(
        {{"id", idOf("Contact", 1)}, {"deletedDate", Org::stamp(kOld + 5'000)}});
    const auto page = bench.connector->pull({cursor, 0});
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].deleted);
    CHECK(page.observations[0].version == kOld + 5'000);
    CHECK(page.observations[0].slots.empty());
}

TEST_CASE("a hidden field is not read as an answer, and reading goes on when it disappears") {
    Bench bench({"Contact"});
    bench.org.add("Contact", 1, kOld);
    std::string cursor;
    bench.pullAll(cursor);
    bench.org.hidden["Contact"] = {"HasOptedOutOfEmail"};
    bench.org.change("Contact", 1, json::object(), bench.org.clock);
    bench.pass(5'000);
    auto page = bench.connector->pull({cursor, 0});
    CHECK(page.observations.empty());
    CHECK(page.waitMs > 0);
    page = bench.connector->pull({page.cursor, 0});
    REQUIRE(page.observations.size() == 1);
    CHECK(shownIn(page.observations[0], "contact.email") == Shown::Absent);
    CHECK(shownIn(page.observations[0], "contact.phone") == Shown::None);
}

TEST_CASE("find gives exact matches and lets no address out of its quotes") {
    Bench bench({"Contact", "Lead"}, {{"external_ids", {{"customer", "Customer__c"}}}});
    bench.org.extraFields["Contact"] = {{"Customer__c", ""}};
    bench.org.add("Contact", 1, kOld)["Email"] = "o'neil@example.org";
    bench.org.add("Contact", 2, kOld)["MobilePhone"] = "06 12 34 56 78";
    bench.org.add("Contact", 3, kOld)["Customer__c"] = "K-1";
    const auto reply =
        bench.connector->find({{sdk::IdentifierKind::Email, "o'neil@example.org", ""},
                               {sdk::IdentifierKind::Phone, "+33612345678", ""},
                               {sdk::IdentifierKind::External, "K-1", "customer"},
                               {sdk::IdentifierKind::Email, "x') OR (Id != '\\", ""},
                               {sdk::IdentifierKind::Phone, "+33712345678", ""},
                               {sdk::IdentifierKind::External, "K-1", "other"}});
    REQUIRE(reply.matches.size() == 6);
    REQUIRE(reply.matches[0].size() == 1);
    CHECK(reply.matches[0][0].record.id == idOf("Contact", 1));
    REQUIRE(reply.matches[1].size() == 1);
    CHECK(reply.matches[1][0].record.id == idOf("Contact", 2));
    REQUIRE(reply.matches[2].size() == 1);
    for (int i = 3; i < 6; ++i) CHECK(reply.matches[static_cast<std::size_t>(i)].empty());
}

TEST_CASE("check names the org, the quota, and a field that is hidden") {
    Bench bench({"Contact"});
    bench.org.add("Contact", 1, kOld);
    bench.org.hidden["Contact"] = {"DoNotCall"};
    const auto check = bench.connector->check();
    CHECK(check.tenantId == "00D5e000001N20QEAS");
    CHECK(check.tenantName == "Acme");
    std::map<std::string, sdk::Probe> probes;
    for (const auto& probe : check.probes) probes[probe.name] = probe;
    CHECK(probes["quota"].message == "4982 of 5000 calls left today");
    CHECK(probes["read contact.email"].state == sdk::ProbeState::Pass);
    CHECK(probes["write contact.email"].state == sdk::ProbeState::Pass);
    CHECK(probes["read contact.phone"].state == sdk::ProbeState::Fail);
    CHECK(probes["write contact.phone"].state == sdk::ProbeState::Fail);
    CHECK(probes["read contact.phone"].fix.find("FLS") != std::string::npos);
    CHECK(probes["clock"].state == sdk::ProbeState::Pass);
}

TEST_CASE("broken replies end a reading with one sentence, or make it wait, and move no cursor") {
    const std::vector<sdk::HttpReply> broken = {
        replied(200, "<html>Maintenance</html>"),
        replied(200, "{\"records\":["),
        replied(200, "{\"records\":7}"),
        replied(200, "[]"),
        replied(200, R"({"records":[{"Id":5}]})"),
        replied(503, "<html>"),
        replied(200, R"([{"errorCode":"QUERY_TIMEOUT","message":"late"}])"),
        replied(
            403,
            R"([{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}])"),
        replied(401, R"([{"errorCode":"INVALID_SESSION_ID","message":"Session expired"}])"),
        lost(true)};
    for (const auto& reply : broken) {
        Bench bench({"Contact", "Lead"});
        bench.org.add("Contact", 1, kOld);
        std::string cursor;
        bench.pullAll(cursor);
        bench.pass(5'000);
        bench.org.add("Contact", 2, bench.org.clock);
        bench.org.fault = [&](const sdk::HttpRequest&) { return reply; };
        try {
            const auto page = bench.connector->pull({cursor, 0});
            CHECK(page.observations.empty());
            CHECK(page.waitMs > 0);
            cursor = page.cursor;
        } catch (const sdk::CallError& error) {
            CHECK(std::string(error.what()).size() < 300);
        }
        bench.org.fault = nullptr;
        bench.pass(5'000);
        CHECK(bench.pullAll(cursor) == std::vector{idOf("Contact", 2)});
    }
}

TEST_CASE("many records are retrieved at once, those in the recycle bin after them") {
    Bench bench({"Contact"});
    std::vector<sdk::RecordRef> records;
    for (int number = 1; number <= 700; ++number) {
        bench.org.add("Contact", number, kOld)["IsDeleted"] = number == 5;
        records.push_back({"Contact", idOf("Contact", number)});
    }
    const auto reply = bench.connector->read(records);
    CHECK(reply.observations.size() == 700);
    CHECK(reply.missing.empty());
    CHECK(bench.org.soql.size() == 1);
    CHECK(reply.observations[4].deleted);
}
