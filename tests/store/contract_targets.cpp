// SPDX-License-Identifier: Apache-2.0
#include "hub/store/documents.h"
#include "tests/store/contract.h"
#include "tests/store/samples.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

namespace {

void putDue(StoreUnderTest& under, const std::string& subject, EpochMs dueAt, bool tightening) {
    auto target = samples::target(subject, "sf");
    target.dueAt = dueAt;
    target.tightening = tightening;
    under.store().write([&](Writer& writer) { writer.put(target); });
}

std::vector<Target> claim(StoreUnderTest& under, EpochMs now, EpochMs until, int limit) {
    return under.write(
        [&](Writer& writer) { return writer.claimDue("sf", "lane-1", now, until, limit); });
}

std::vector<std::string> subjectsOf(const std::vector<Target>& targets) {
    std::vector<std::string> subjects;
    for (const auto& target : targets) subjects.push_back(target.subject);
    return subjects;
}

std::optional<EpochMs> nextDue(StoreUnderTest& under) {
    return under.read([](Reader& reader) { return reader.nextDue("sf"); });
}

}  // namespace

TEST_CASE("a target comes back as it was put last, and goes with its records") {
    const auto under = makeStore();
    auto target = samples::target(under->newSubject(), "sf");
    target.tightening = true;
    target.leaseOwner = "lane";
    target.fence = 8;
    target.leaseUntil = 120;
    const auto find = [&] {
        return under->read([&](Reader& r) { return r.target(target.subject, "sf"); });
    };
    CHECK_FALSE(find());
    for (const std::int64_t generation : {3, 4}) {
        target.generation = generation;
        under->store().write([&](Writer& writer) { writer.put(target); });
        REQUIRE(find());
        CHECK(find()->generation == generation);
    }
    CHECK(find()->tightening);
    CHECK(find()->dueAt == target.dueAt);
    CHECK(find()->changedAt == target.changedAt);
    CHECK(find()->leaseOwner == "lane");
    CHECK(find()->fence == 8);
    CHECK(find()->leaseUntil == 120);
    under->store().write([&](Writer& writer) {
        writer.put(samples::targetRecord(target.subject, "sf", "1"));
        writer.removeTarget(target.subject, "sf");
    });
    CHECK_FALSE(find());
    CHECK(under->read([&](Reader& r) { return r.targetRecords(target.subject, "sf"); }).empty());
}

TEST_CASE("due targets are claimed tightening first, then oldest first") {
    const auto under = makeStore();
    std::vector<std::string> subjects;
    for (int i = 0; i < 5; ++i) subjects.push_back(under->newSubject());
    putDue(*under, subjects[0], 10, false);
    putDue(*under, subjects[1], 30, true);
    putDue(*under, subjects[2], 20, true);
    putDue(*under, subjects[3], 5, false);
    putDue(*under, subjects[4], 200, true);
    CHECK(under->read([](Reader& r) { return r.dueCount("sf"); }) == 5);
    CHECK(claim(*under, 4, 50, 10).empty());
    const std::vector<std::string> first = {subjects[2], subjects[1], subjects[3]};
    CHECK(subjectsOf(claim(*under, 100, 150, 3)) == first);
    CHECK(subjectsOf(claim(*under, 100, 150, 3)) == std::vector<std::string>{subjects[0]});
    CHECK(claim(*under, 100, 150, 3).empty());
    CHECK(under->write([](Writer& w) { return w.claimDue("other", "l", 999, 1000, 9); }).empty());
}

TEST_CASE("what is not due is never claimed") {
    const auto under = makeStore();
    putDue(*under, under->newSubject(), 0, true);
    CHECK(claim(*under, 1'000'000, 2'000'000, 10).empty());
    CHECK(under->read([](Reader& r) { return r.dueCount("sf"); }) == 0);
    CHECK_FALSE(nextDue(*under));
}

TEST_CASE("a lease keeps others away until it ends, and every claim has a higher fence") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    putDue(*under, subject, 10, true);
    const auto first = claim(*under, 20, 60, 10);
    REQUIRE(first.size() == 1);
    CHECK(first[0].leaseOwner == "lane-1");
    CHECK(first[0].leaseUntil == 60);
    CHECK(first[0].generation == 3);
    CHECK(nextDue(*under) == 60);
    CHECK(claim(*under, 59, 99, 10).empty());
    const auto second = claim(*under, 60, 99, 10);
    REQUIRE(second.size() == 1);
    CHECK(second[0].fence > first[0].fence);
}

TEST_CASE("a target that was removed and made anew has a higher fence") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    putDue(*under, subject, 10, true);
    const auto first = claim(*under, 1'000, 2'000, 10);
    under->store().write([&](Writer& writer) { writer.removeTarget(subject, "sf"); });
    putDue(*under, subject, 10, true);
    const auto second = claim(*under, 1'001, 2'000, 10);
    REQUIRE(first.size() == 1);
    REQUIRE(second.size() == 1);
    CHECK(second[0].fence > first[0].fence);
}

TEST_CASE("a target whose work is done can be claimed when it is due again") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    putDue(*under, subject, 10, false);
    auto target = claim(*under, 20, 60, 1).at(0);
    target.dueAt = 0;
    target.leaseOwner.clear();
    target.leaseUntil = 0;
    under->store().write([&](Writer& writer) { writer.put(target); });
    CHECK_FALSE(nextDue(*under));
    target.dueAt = 30;
    under->store().write([&](Writer& writer) { writer.put(target); });
    CHECK(claim(*under, 30, 60, 1).at(0).fence > target.fence);
}

TEST_CASE("how a record of a target stands comes back as it was put last") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    auto row = samples::targetRecord(subject, "sf", "1");
    row.parked = true;
    row.retryAt = 70;
    row.verifyAt = 80;
    under->store().write([&](Writer& writer) {
        writer.put(samples::targetRecord(subject, "sf", "1"));
        writer.put(row);
        writer.put(samples::targetRecord(subject, "sellsy", "1"));
    });
    const auto rows = under->read([&](Reader& r) { return r.targetRecords(subject, "sf"); });
    REQUIRE(rows.size() == 1);
    CHECK(toBytes(rows[0]) == toBytes(row));
}

TEST_CASE("records to look at again are those whose verification or retry has come") {
    const auto under = makeStore();
    const auto subject = under->newSubject();
    const auto put = [&](const std::string& id, EpochMs retryAt, EpochMs verifyAt) {
        auto row = samples::targetRecord(subject, "sf", id);
        row.retryAt = retryAt;
        row.verifyAt = verifyAt;
        under->store().write([&](Writer& writer) { writer.put(row); });
    };
    put("neither", 0, 0);
    put("retry", 30, 0);
    put("verify", 0, 20);
    put("both", 50, 10);
    const auto at = [&](EpochMs now, int limit) {
        std::string ids;
        for (const auto& row :
             under->read([&](Reader& r) { return r.recordsToVerify("sf", now, limit); }))
            ids += row.ref.id + " ";
        return ids;
    };
    CHECK(nextDue(*under) == 10);
    CHECK(at(9, 10).empty());
    CHECK(at(100, 10) == "both verify retry ");
    CHECK(at(20, 10) == "both verify ");
    CHECK(at(100, 1) == "both ");
    putDue(*under, subject, 5, false);
    CHECK(nextDue(*under) == 5);
}

TEST_CASE("parked records are listed page by page") {
    const auto under = makeStore();
    std::size_t listed = 0;
    for (int i = 0; i < 5; ++i) {
        auto row = samples::targetRecord(under->newSubject(), "sf", std::to_string(i));
        row.parked = i != 2;
        under->store().write([&](Writer& writer) { writer.put(row); });
    }
    Slice slice{"", 3};
    for (;;) {
        const auto page = under->read([&](Reader& r) { return r.parked("sf", slice); });
        if (page.empty()) break;
        listed += page.size();
        slice.after = cursorOf(page.back());
    }
    CHECK(listed == 4);
}
