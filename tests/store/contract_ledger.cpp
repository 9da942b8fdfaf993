// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "hub/store/documents.h"
#include "tests/store/contract.h"
#include "tests/store/samples.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;
using consent::Decision;

namespace {

std::string appendTo(StoreUnderTest& under, consent::Event event) {
    return under.write([&](Writer& writer) {
        event.id = writer.newId();
        writer.append(event);
        return event.id;
    });
}

std::vector<std::string> idsOf(const std::vector<consent::Event>& events) {
    std::vector<std::string> ids;
    for (const auto& event : events) ids.push_back(event.id);
    return ids;
}

std::vector<std::string> claimants(StoreUnderTest& under, const std::string& hash) {
    return under.read([&](Reader& reader) { return reader.subjectsHolding(hash); });
}

}  // namespace

TEST_CASE("a new subject exists, is counted, and begins with its shard") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    CHECK(subject.find_first_not_of("0123456789abcdef") >= 2);
    CHECK(under->read([&](Reader& reader) { return reader.subjectExists(subject); }));
    CHECK_FALSE(under->read([&](Reader& reader) { return reader.subjectExists("00none"); }));
    CHECK_FALSE(
        under->read([&](Reader& reader) { return reader.subjectExists("who@example.com"); }));
    CHECK(under->read([](Reader& reader) { return reader.subjectCount(); }) == 1);
}

TEST_CASE("locking a subject that does not exist is refused") {
    const auto under = makeStore();
    CHECK_THROWS_AS(under->store().write([](Writer& writer) { writer.lock("00none"); }),
                    StoreError);
    const auto subject = under->newSubject();
    under->store().write([&](Writer& writer) { writer.lock(subject); });
}

TEST_CASE("an event comes back as it was appended, by its subject and by its id") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    auto event = samples::event(subject, Decision::Withdrawn);
    event.id = appendTo(*under, event);
    const auto events = under->read([&](Reader& reader) { return reader.events(subject); });
    REQUIRE(events.size() == 1);
    CHECK(toBytes(events[0]) == toBytes(event));
    const auto byId = under->read([&](Reader& reader) { return reader.event(event.id); });
    REQUIRE(byId);
    CHECK(toBytes(*byId) == toBytes(event));
    CHECK_FALSE(under->read([](Reader& reader) { return reader.event("none"); }));
}

TEST_CASE("an event appended twice is there once, as it was the first time") {
    const auto under = makeStore();
    auto event = samples::event(under->newSubject(), Decision::Granted);
    event.id = appendTo(*under, event);
    event.reason = "another";
    under->store().write([&](Writer& writer) { writer.append(event); });
    const auto events = under->read([&](Reader& reader) { return reader.events(event.subject); });
    REQUIRE(events.size() == 1);
    CHECK(events[0].reason == samples::kCanary);
}

TEST_CASE("events come in the order in which they were observed") {
    const auto under = makeStore();
    auto event = samples::event(under->newSubject(), Decision::Granted);
    event.observedAt = 300;
    const auto late = appendTo(*under, event);
    event.observedAt = 200;
    const auto early = appendTo(*under, event);
    CHECK(idsOf(under->read([&](Reader& reader) { return reader.events(event.subject); })) ==
          std::vector<std::string>{early, late});
}

TEST_CASE("only restrictions bind an address, whoever's they are, oldest first") {
    const auto under = makeStore();
    auto event = samples::event(under->newSubject(), Decision::Withdrawn);
    event.points = {"e:bound"};
    event.observedAt = 20;
    const auto second = appendTo(*under, event);
    event.subject = under->newSubject();
    event.decision = Decision::Refused;
    event.observedAt = 10;
    const auto first = appendTo(*under, event);
    event.decision = Decision::Granted;
    appendTo(*under, event);
    event.decision = Decision::Refused;
    event.slotOnly = true;
    appendTo(*under, event);
    CHECK(idsOf(under->read([](Reader& reader) { return reader.eventsBinding("e:bound"); })) ==
          std::vector<std::string>{first, second});
    CHECK(under->read([](Reader& reader) { return reader.eventsBinding("e:other"); }).empty());
}

TEST_CASE("a voided event is told with the restrictions of the address that it names") {
    const auto under = makeStore();
    auto event = samples::event(under->newSubject(), Decision::Refused);
    event.points = {"e:bound"};
    event.id = appendTo(*under, event);
    auto voiding = samples::event(event.subject, Decision::Voided);
    voiding.points.clear();
    voiding.names = {event.id};
    voiding.observedAt = event.observedAt + 1;
    voiding.id = appendTo(*under, voiding);
    CHECK(idsOf(under->read([](Reader& reader) { return reader.eventsBinding("e:bound"); })) ==
          std::vector<std::string>{event.id, voiding.id});
}

TEST_CASE("effective answers are replaced as a whole") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    const std::vector<EffectiveRow> two = {samples::effective("news", 50),
                                           samples::effective("profiling", {})};
    const std::vector<EffectiveRow> one = {samples::effective("news", {})};
    under->store().write([&](Writer& writer) { writer.putEffective(subject, two); });
    auto rows = under->read([&](Reader& reader) { return reader.effective(subject); });
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].key == two[0].key);
    CHECK(rows[0].effective == two[0].effective);
    under->store().write([&](Writer& writer) { writer.putEffective(subject, one); });
    CHECK(under->read([&](Reader& reader) { return reader.effective(subject); }).size() == 1);
    CHECK(under->read([](Reader& reader) { return reader.effective("00none"); }).empty());
}

TEST_CASE("subjects whose answer time alone may change are found when it has come") {
    const auto under = makeStore();
    const auto late = under->newSubject();
    const auto early = under->newSubject();
    const auto never = under->newSubject();
    under->store().write([&](Writer& writer) {
        writer.putEffective(late, {samples::effective("a", 90), samples::effective("b", 60)});
        writer.putEffective(early, {samples::effective("a", 50)});
        writer.putEffective(never, {samples::effective("a", {})});
    });
    const auto at = [&](EpochMs now, int limit) {
        return under->read([&](Reader& r) { return r.subjectsToReconsider(now, limit); });
    };
    CHECK(at(49, 10).empty());
    CHECK(at(60, 10) == std::vector<std::string>{early, late});
    CHECK(at(60, 1) == std::vector<std::string>{early});
}

TEST_CASE("a claim holds an identifier until it is released") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    const auto point = samples::point("e:claimed");
    under->store().write([&](Writer& writer) {
        writer.claim(subject, point);
        writer.claim(subject, point);
    });
    CHECK(claimants(*under, "e:claimed") == std::vector<std::string>{subject});
    const auto claims = under->read([&](Reader& reader) { return reader.claims(subject); });
    REQUIRE(claims.size() == 1);
    CHECK(claims[0] == point);
    under->store().write([&](Writer& writer) { writer.release(subject, "e:claimed"); });
    CHECK(claimants(*under, "e:claimed").empty());
    CHECK(under->read([&](Reader& reader) { return reader.claims(subject); }).empty());
}

TEST_CASE("ids rise over restarts and when the clock goes back") {
    const auto under = makeStore();
    std::string last;
    for (const EpochMs now : {2'000'000, 1'000, 3'000'000, 500}) {
        under->setClock(now);
        const auto id = under->write([](Writer& writer) { return writer.newId(); });
        CHECK(id.size() == 26);
        CHECK(id > last);
        last = id;
        under->reopen();
    }
}

TEST_CASE("the observation time never goes back, not even over a restart") {
    const auto under = makeStore();
    const auto at = [&](EpochMs now) {
        return under->write([&](Writer& writer) { return writer.observedAt(now); });
    };
    CHECK(at(500) == 500);
    CHECK(at(400) == 500);
    under->reopen();
    CHECK(at(300) == 500);
    CHECK(at(501) == 501);
}

TEST_CASE("a tombstone is kept with its latest time") {
    const auto under = makeStore();
    under->store().write([](Writer& writer) {
        writer.put(Tombstone{"e:gone", "k1", 20});
        writer.put(Tombstone{"e:gone", "k1", 10});
    });
    const auto tombstone = under->read([](Reader& reader) { return reader.tombstone("e:gone"); });
    REQUIRE(tombstone);
    CHECK(tombstone->at == 20);
    CHECK(tombstone->keyId == "k1");
    CHECK_FALSE(under->read([](Reader& reader) { return reader.tombstone("e:other"); }));
}

TEST_CASE("a unit that throws leaves nothing, and what it threw arrives") {
    const auto under = makeStore();
    std::string subject;
    CHECK_THROWS_WITH(under->store().write([&](Writer& writer) {
        subject = writer.newSubject(1);
        CHECK(writer.subjectExists(subject));
        throw std::runtime_error("changed my mind");
    }),
                      "changed my mind");
    CHECK_FALSE(under->read([&](Reader& reader) { return reader.subjectExists(subject); }));
    CHECK(under->read([](Reader& reader) { return reader.subjectCount(); }) == 0);
}

TEST_CASE("a unit reads what it wrote, and a reader inside it does too") {
    const auto under = makeStore();
    under->store().write([&](Writer& writer) {
        writer.putCursor("sf", "poll", "here");
        CHECK(writer.cursor("sf", "poll") == "here");
        CHECK(writer.changesAfter(0, 10).size() == 1);
        under->store().read([](Reader& reader) { CHECK(reader.cursor("sf", "poll") == "here"); });
    });
}

TEST_CASE("a unit inside a unit is refused") {
    const auto under = makeStore();
    CHECK_THROWS_AS(under->store().write([&](Writer&) { under->store().write([](Writer&) {}); }),
                    StoreError);
}

TEST_CASE("a reader sees one moment, whatever is written meanwhile") {
    const auto under = makeStore();
    under->store().read([&](Reader& reader) {
        CHECK(reader.cursor("sf", "poll").empty());
        under->store().write([](Writer& writer) { writer.putCursor("sf", "poll", "later"); });
        CHECK(reader.cursor("sf", "poll").empty());
        under->store().read([](Reader& again) { CHECK(again.cursor("sf", "poll").empty()); });
    });
    CHECK(under->read([](Reader& r) { return r.cursor("sf", "poll"); }) == "later");
}
