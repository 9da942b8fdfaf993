// SPDX-License-Identifier: Apache-2.0
#include "hub/store/documents.h"
#include "tests/store/contract.h"
#include "tests/store/samples.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

namespace {

void put(StoreUnderTest& under, const Record& record) {
    under.store().write([&](Writer& writer) { writer.put(record); });
}

std::optional<Record> find(StoreUnderTest& under, const Record& record) {
    return under.read([&](Reader& r) { return r.record(record.system, record.ref); });
}

std::vector<std::string> holders(StoreUnderTest& under, const std::string& hash) {
    return under.read([&](Reader& reader) { return reader.subjectsHolding(hash); });
}

std::int64_t openOnes(StoreUnderTest& under, const std::string& system) {
    return under.read([&](Reader& reader) { return reader.recordCount(system); });
}

}  // namespace

TEST_CASE("a record comes back as it was put, and as it was put last") {
    const auto under = makeStore();
    auto record = samples::record(under->newSubject(), "sf", "1");
    put(*under, record);
    REQUIRE(find(*under, record));
    CHECK(toBytes(*find(*under, record)) == toBytes(record));
    record.version = 43;
    put(*under, record);
    CHECK(toBytes(*find(*under, record)) == toBytes(record));
    CHECK_FALSE(under->read([](Reader& r) { return r.record("sf", {"Contact", "none"}); }));
    CHECK_FALSE(under->read([](Reader& r) { return r.record("other", {"Contact", "1"}); }));
}

TEST_CASE("records are found by subject, and by subject and system") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    put(*under, samples::record(subject, "sf", "1"));
    put(*under, samples::record(subject, "sellsy", "2"));
    put(*under, samples::record(under->newSubject(), "sf", "3"));
    CHECK(under->read([&](Reader& r) { return r.recordsOf(subject); }).size() == 2);
    const auto inSf = under->read([&](Reader& r) { return r.recordsOf(subject, "sf"); });
    REQUIRE(inSf.size() == 1);
    CHECK(inSf[0].ref.id == "1");
}

TEST_CASE("a record that changes its subject is found under the new one only") {
    const auto under = makeStore();
    const auto before = under->newSubject();
    auto record = samples::record(before, "sf", "1");
    put(*under, record);
    record.subject = under->newSubject();
    put(*under, record);
    CHECK(under->read([&](Reader& r) { return r.recordsOf(before); }).empty());
    CHECK(under->read([&](Reader& r) { return r.recordsOf(record.subject); }).size() == 1);
    CHECK(holders(*under, "e:h-1") == std::vector<std::string>{record.subject});
    CHECK(find(*under, record)->subject == record.subject);
    CHECK(openOnes(*under, "sf") == 1);
}

TEST_CASE("an identifier is held by everyone with an open record that has it") {
    const auto under = makeStore();
    auto first = samples::record(under->newSubject(), "sf", "1");
    auto second = samples::record(under->newSubject(), "sellsy", "2");
    put(*under, first);
    put(*under, second);
    CHECK(holders(*under, "p:shared").size() == 2);
    CHECK(holders(*under, "e:h-1") == std::vector<std::string>{first.subject});

    first.points = {samples::point("e:new")};
    put(*under, first);
    CHECK(holders(*under, "e:h-1").empty());
    CHECK(holders(*under, "e:new") == std::vector<std::string>{first.subject});
    CHECK(holders(*under, "p:shared") == std::vector<std::string>{second.subject});
}

TEST_CASE("a record that is closed, deleted or merged holds nothing until it is open again") {
    const auto under = makeStore();
    const auto open = samples::record(under->newSubject(), "sf", "1");
    auto closed = open;
    closed.closed = true;
    auto deleted = open;
    deleted.deleted = true;
    auto merged = open;
    merged.mergedInto = sdk::RecordRef{"Contact", "2"};
    for (const auto& shut : {closed, deleted, merged}) {
        put(*under, open);
        CHECK(holders(*under, "e:h-1").size() == 1);
        CHECK(openOnes(*under, "sf") == 1);
        put(*under, shut);
        CHECK(holders(*under, "e:h-1").empty());
        CHECK(openOnes(*under, "sf") == 0);
        CHECK(find(*under, open));
    }
}

TEST_CASE("a record of nobody yet holds no identifier") {
    const auto under = makeStore();
    const auto record = samples::record("", "sf", "1");
    put(*under, record);
    CHECK(find(*under, record)->candidates.size() == 2);
    CHECK(holders(*under, "e:h-1").empty());
    CHECK(openOnes(*under, "sf") == 1);
}

TEST_CASE("records are walked in the order of object and id, each once") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    for (const char* id : {"3", "1", "5", "2", "4"})
        put(*under, samples::record(subject, "sf", id));
    auto lead = samples::record(subject, "sf", "0");
    lead.ref.object = "Lead";
    put(*under, lead);
    put(*under, samples::record(subject, "sellsy", "9"));
    std::string walked;
    Slice slice{"", 2};
    for (;;) {
        const auto page = under->read([&](Reader& r) { return r.records("sf", slice); });
        if (page.empty()) break;
        CHECK(page.size() <= 2);
        for (const auto& record : page) walked += record.ref.object[0] + record.ref.id + " ";
        slice.after = cursorOf(page.back());
    }
    CHECK(walked == "C1 C2 C3 C4 C5 L0 ");
}

TEST_CASE("a cursor that no page gave out is refused") {
    const auto under = makeStore();
    for (const char* cursor : {"x", "5:ab", "1:a", "1:a1:b1:c", "99999999999999999999:a"})
        CHECK_THROWS_AS(under->read([&](Reader& r) {
            return r.records("sf", Slice{cursor, 2});
        }),
                        RequestError);
}

TEST_CASE("hostile texts come back as they were") {
    const auto under = makeStore();
    const std::string hostile = "'; DROP TABLE records; --\n\t\"$1 ?1 %s \xff\xfe \xe2\x80\xae";
    auto record = samples::record(under->newSubject(), hostile, hostile);
    record.ref.object = hostile;
    record.points = {samples::point(hostile)};
    put(*under, record);
    CHECK(toBytes(*find(*under, record)) == toBytes(record));
    CHECK(holders(*under, hostile).size() == 1);
    CHECK(openOnes(*under, hostile) == 1);
}

TEST_CASE("an id with a NUL is refused, and the next one is not") {
    const auto under = makeStore();
    auto record = samples::record(under->newSubject(), "sf", "ab");
    record.ref.id = std::string("a\0b", 3);
    CHECK_THROWS_AS(put(*under, record), StoreError);
    record.ref.id = "ab";
    put(*under, record);
    CHECK(find(*under, record));
}

TEST_CASE("values of 64 KiB and more come back") {
    const auto under = makeStore();
    for (const std::size_t size : {65'535U, 65'536U, 1'000'000U}) {
        auto record = samples::record(under->newSubject(), "sf", std::to_string(size));
        record.points[0].value = std::string(size, 'x');
        put(*under, record);
        CHECK(find(*under, record)->points[0].value.size() == size);
    }
    const std::string longCursor(100'000, 'c');
    under->store().write([&](Writer& writer) { writer.putCursor("sf", "poll", longCursor); });
    CHECK(under->read([](Reader& r) { return r.cursor("sf", "poll"); }) == longCursor);
}
