// SPDX-License-Identifier: Apache-2.0
#include "hub/store/documents.h"
#include "tests/store/contract.h"
#include "tests/store/samples.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

namespace {

constexpr EpochMs kDay = 24LL * 3600 * 1000;

template <class Row>
bool add(StoreUnderTest& under, const Row& row) {
    return under.write([&](Writer& writer) { return writer.add(row); });
}

std::vector<Webhook> waiting(StoreUnderTest& under, const std::string& system) {
    return under.read([&](Reader& reader) { return reader.webhooks(system, 100); });
}

}  // namespace

TEST_CASE("deliveries are listed by subject from the oldest, by system from the newest") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    for (const char* stage : {"sent", "accepted", "verified"}) {
        auto delivery = samples::delivery(subject, "sf");
        delivery.stage = stage;
        under->store().write([&](Writer& writer) { writer.add(delivery); });
    }
    const auto own = under->read([&](Reader& r) { return r.deliveries(subject); });
    REQUIRE(own.size() == 3);
    CHECK(own[0].stage == "sent");
    auto expected = samples::delivery(subject, "sf");
    expected.id = own[0].id;
    CHECK(toBytes(own[0]) == toBytes(expected));
    const auto page = under->read([&](Reader& r) { return r.deliveriesOf("sf", {"", 2}); });
    REQUIRE(page.size() == 2);
    CHECK(page[0].stage == "verified");
    const auto rest = under->read([&](Reader& r) { return r.deliveriesOf("sf", {page[1].id, 2}); });
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].stage == "sent");
    CHECK(under->read([&](Reader& r) { return r.deliveriesOf("sellsy", {}); }).empty());
}

TEST_CASE("an open inbox item is not added twice, a closed one can come again") {
    const auto under = makeStore();
    auto item = samples::inboxItem(under->newSubject(), "same");
    CHECK(add(*under, item));
    CHECK_FALSE(add(*under, item));
    auto stored = under->read([](Reader& r) { return r.inbox(true, {}); }).at(0);
    item.id = stored.id;
    CHECK(toBytes(stored) == toBytes(item));
    stored.closedAt = 99;
    stored.outcome = "dismissed";
    under->store().write([&](Writer& writer) { writer.close(stored); });
    CHECK(under->read([](Reader& r) { return r.inbox(true, {}); }).empty());
    CHECK(under->read([&](Reader& r) { return r.inboxItem(stored.id); })->outcome == "dismissed");
    item.id.clear();
    CHECK(add(*under, item));
    CHECK(under->read([](Reader& r) { return r.inbox(false, {}); }).size() == 2);
    CHECK(under->read([&](Reader& r) { return r.inboxOf(item.subject); }).size() == 2);
    CHECK_FALSE(under->read([](Reader& r) { return r.inboxItem("none"); }));
    item.id = "none";
    CHECK_THROWS_AS(under->store().write([&](Writer& w) { w.close(item); }), StoreError);
}

TEST_CASE("inbox items without a dedupe text are all kept, and listed page by page") {
    const auto under = makeStore();
    for (int i = 0; i < 5; ++i) CHECK(add(*under, samples::inboxItem("", "")));
    const auto page = under->read([](Reader& r) { return r.inbox(true, {"", 3}); });
    REQUIRE(page.size() == 3);
    CHECK(page[0].id < page[1].id);
    CHECK(under->read([&](Reader& r) { return r.inbox(true, {page[2].id, 3}); }).size() == 2);
}

TEST_CASE("an incident is open once, until it is resolved") {
    const auto under = makeStore();
    CHECK(add(*under, samples::incident("cap sf")));
    CHECK_FALSE(add(*under, samples::incident("cap sf")));
    CHECK(add(*under, samples::incident("cap sellsy")));
    const auto open = under->read([](Reader& r) { return r.incidents(true, {}); });
    REQUIRE(open.size() == 2);
    CHECK(open[0].dedupe == "cap sellsy");
    under->store().write([](Writer& writer) { writer.resolveIncidents("cap sf", 77); });
    CHECK(under->read([](Reader& r) { return r.incidents(true, {}); }).size() == 1);
    CHECK(under->read([](Reader& r) { return r.incidents(false, {}); }).at(1).resolvedAt == 77);
    CHECK(add(*under, samples::incident("cap sf")));
    const auto newest = under->read([](Reader& r) { return r.incidents(false, {"", 1}); });
    REQUIRE(newest.size() == 1);
    CHECK(under->read([&](Reader& r) {
                   return r.incidents(false, {newest[0].id, 9});
               })
              .size() == 2);
}

TEST_CASE("a webhook waits, oldest first, until it is decided") {
    const auto under = makeStore();
    CHECK(add(*under, samples::webhook("sf", "d1")));
    CHECK(add(*under, samples::webhook("sf", "d2")));
    CHECK(add(*under, samples::webhook("sellsy", "d1")));
    const auto rows = waiting(*under, "sf");
    REQUIRE(rows.size() == 2);
    auto expected = samples::webhook("sf", "d1");
    expected.id = rows[0].id;
    CHECK(toBytes(rows[0]) == toBytes(expected));
    CHECK(under->read([](Reader& r) { return r.webhooks("sf", 1); }).size() == 1);
    CHECK(under->read([](Reader& r) { return r.webhookWaitsFor("sf"); }));
    under->store().write([&](Writer& writer) {
        for (const auto& row : rows) writer.removeWebhook(row.id);
    });
    CHECK(waiting(*under, "sf").empty());
    CHECK_FALSE(under->read([](Reader& r) { return r.webhookWaitsFor("sf"); }));
    CHECK(under->read([](Reader& r) { return r.webhookWaitsFor("sellsy"); }));
}

TEST_CASE("the same webhook is not taken twice, waiting, decided, or after a restart") {
    const auto under = makeStore();
    CHECK(add(*under, samples::webhook("sf", "d1")));
    CHECK_FALSE(add(*under, samples::webhook("sf", "d1")));
    const auto id = waiting(*under, "sf").at(0).id;
    under->store().write([&](Writer& writer) { writer.removeWebhook(id); });
    CHECK_FALSE(add(*under, samples::webhook("sf", "d1")));
    under->reopen();
    CHECK_FALSE(add(*under, samples::webhook("sf", "d1")));
}

TEST_CASE("webhooks without an id of their vendor are all kept") {
    const auto under = makeStore();
    CHECK(add(*under, samples::webhook("sf", "")));
    CHECK(add(*under, samples::webhook("sf", "")));
    CHECK(waiting(*under, "sf").size() == 2);
}

TEST_CASE("a decided webhook is known for seven days and forgotten some time later") {
    const auto under = makeStore();
    const auto addAt = [&](EpochMs now, const std::string& dedupe) {
        under->setClock(now);
        return add(*under, samples::webhook("sf", dedupe));
    };
    CHECK(addAt(kDay, "d1"));
    CHECK(addAt(kDay, "waits"));
    const auto id = waiting(*under, "sf").at(0).id;
    under->setClock(2 * kDay);
    under->store().write([&](Writer& writer) { writer.removeWebhook(id); });
    for (int i = 0; i < 200; ++i) addAt(9 * kDay - 1, "other " + std::to_string(i));
    CHECK_FALSE(addAt(9 * kDay - 1, "d1"));
    for (int i = 0; i < 200; ++i) addAt(9 * kDay + 1, "another " + std::to_string(i));
    CHECK(addAt(9 * kDay + 1, "d1"));
    CHECK_FALSE(addAt(9 * kDay + 1, "waits"));
}

TEST_CASE("a webhook with a problem is in quarantine until the problem is taken away") {
    const auto under = makeStore();
    add(*under, samples::webhook("sf", "d1"));
    const auto id = waiting(*under, "sf").at(0).id;
    under->store().write([&](Writer& w) { w.putProblem(id, "no such slot"); });
    CHECK(waiting(*under, "sf").empty());
    const auto quarantined = under->read([](Reader& r) { return r.quarantine({}); });
    REQUIRE(quarantined.size() == 1);
    CHECK(quarantined[0].problem == "no such slot");
    CHECK(quarantined[0].attempts == 1);
    CHECK(quarantined[0].body == samples::webhook("", "").body);
    CHECK(under->read([&](Reader& r) { return r.quarantine({id, 5}); }).empty());
    under->store().write([&](Writer& w) { w.putProblem(id, ""); });
    CHECK(waiting(*under, "sf").at(0).problem.empty());
}

TEST_CASE("a cursor is kept for each system and lane") {
    const auto under = makeStore();
    under->store().write([](Writer& writer) {
        writer.putCursor("sf", "poll", "a");
        writer.putCursor("sf", "poll", "b");
        writer.putCursor("sf", "sweep", std::string("\0c", 2));
    });
    CHECK(under->read([](Reader& r) { return r.cursor("sf", "poll"); }) == "b");
    CHECK(under->read([](Reader& r) { return r.cursor("sf", "sweep"); }).size() == 2);
    CHECK(under->read([](Reader& r) { return r.cursor("sellsy", "poll"); }).empty());
}

TEST_CASE("documents are kept by kind and id until they expire or are removed") {
    const auto under = makeStore();
    under->store().write([](Writer& writer) {
        writer.put(Document{"user", "zoe", "{\"a\":1}", 0});
        writer.put(Document{"user", "ada", "{}", 0});
        writer.put(Document{"user", "zoe", "{\"a\":2}", 0});
        writer.put(Document{"session", "s", "{}", 1'000'500});
    });
    const auto users = under->read([](Reader& r) { return r.documents("user"); });
    REQUIRE(users.size() == 2);
    CHECK(users[0].id == "ada");
    CHECK(users[1].json == "{\"a\":2}");
    CHECK(under->read([](Reader& r) { return r.document("session", "s"); })->expiresAt ==
          1'000'500);
    under->setClock(1'000'500);
    CHECK_FALSE(under->read([](Reader& r) { return r.document("session", "s"); }));
    CHECK(under->read([](Reader& r) { return r.documents("session"); }).empty());
    under->store().write([](Writer& writer) { writer.removeDocument("user", "ada"); });
    CHECK_FALSE(under->read([](Reader& r) { return r.document("user", "ada"); }));
    CHECK_FALSE(under->read([](Reader& r) { return r.document("other", "zoe"); }));
}

TEST_CASE("the change feed tells what was written, in order, over restarts") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    under->store().write([&](Writer& writer) {
        writer.append(samples::event(subject, consent::Decision::Withdrawn));
        writer.put(samples::target(subject, "sellsy"));
        writer.add(samples::inboxItem(subject, "x"));
        writer.add(samples::inboxItem(subject, "x"));
    });
    under->reopen();
    under->store().write([&](Writer& writer) {
        writer.add(samples::delivery(subject, "sellsy"));
        writer.add(samples::incident("i"));
        writer.putCursor("sf", "poll", "c");
    });
    const auto all = under->read([](Reader& r) { return r.changesAfter(0, 100); });
    std::string kinds;
    std::int64_t last = 0;
    for (const auto& change : all) {
        kinds += change.kind + " ";
        CHECK(change.sequence > last);
        last = change.sequence;
    }
    CHECK(kinds == "event target inbox delivery incident system ");
    CHECK(all[1].subject == subject);
    CHECK(all[1].system == "sellsy");
    const auto some = under->read([&](Reader& r) { return r.changesAfter(all[1].sequence, 2); });
    REQUIRE(some.size() == 2);
    CHECK(some[0].kind == "inbox");
    CHECK(under->read([&](Reader& r) { return r.changesAfter(last, 2); }).empty());
}

TEST_CASE("a store that was never restored needs no recovery") {
    const auto under = makeStore();
    under->store().write([&](Writer& writer) {
        const auto subject = writer.newSubject(1);
        writer.append(samples::event(subject, consent::Decision::Objected));
    });
    under->reopen();
    CHECK_FALSE(under->store().recovery().behindJournal);
    CHECK(under->store().recovery().replayed == 0);
    CHECK(under->store().integrityProblems().empty());
}
