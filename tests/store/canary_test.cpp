// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tests/store/samples.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

namespace {

void writeEverything(Writer& writer) {
    const auto& canary = samples::kCanary;
    const auto subject = writer.newSubject(1);
    auto point = samples::point("e:claim");
    point.name = canary;
    writer.claim(subject, point);
    writer.append(samples::event(subject, consent::Decision::Withdrawn));
    writer.append(samples::event(subject, consent::Decision::Granted));
    writer.putEffective(subject, {samples::effective("news", 5)});
    writer.put(samples::record(subject, "sf", "1"));
    writer.put(samples::target(subject, "sf"));
    writer.put(samples::targetRecord(subject, "sf", "1"));
    writer.add(samples::delivery(subject, "sf"));
    writer.add(samples::inboxItem(subject, "dedupe " + canary));
    writer.add(samples::incident("dedupe " + canary));
    writer.add(samples::webhook("sf", "dedupe " + canary));
    const auto other = samples::webhook("sf", "other");
    writer.add(other);
    writer.putProblem(writer.webhooks("sf", 1).at(0).id, canary);
    writer.putCursor("sf", "poll", canary);
    writer.put(Document{"user", canary, "{\"name\":\"" + canary + "\"}", 0});
    writer.put(Tombstone{"e:gone", "", 5});
    auto item = writer.inbox(true, {}).at(0);
    item.closedAt = 5;
    item.outcome = canary;
    writer.close(item);
    writer.resolveIncidents("dedupe " + canary, 5);
}

std::string filesWithCanary(const Scratch& scratch, int& files) {
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.path(""))) {
        const auto content = contentOf(entry.path().string());
        ++files;
        if (content.find(samples::kCanary) != std::string::npos ||
            content.find("O'Canary") != std::string::npos)
            found += entry.path().filename().string() + " ";
    }
    return found;
}

}  // namespace

TEST_CASE("a name written through every kind of row is in no file the store makes") {
    const Scratch scratch;
    int files = 0;
    {
        const auto store = scratch.open();
        store->write(writeEverything);
        store->backup(scratch.path("backup.db"), {});
        CHECK(filesWithCanary(scratch, files).empty());
        CHECK(contentOf(scratch.path("concordat.db-wal")).size() > 10'000);
        CHECK(store->integrityProblems().empty());
    }
    CHECK(filesWithCanary(scratch, files).empty());
    CHECK(files >= 9);
}
