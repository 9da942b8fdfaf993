// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hub/store/schema.h"
#include "tests/store/samples.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

namespace {

void execute(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

int modeOf(const std::string& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 0777) : -1;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Takes a store back to what the second schema made of the same rows.
constexpr auto kSecondSchema =
    "CREATE TABLE subjects (shard, subject, created_at, PRIMARY KEY (shard, subject));"
    "CREATE TABLE claims (shard, subject, hash, sealed);"
    "CREATE TABLE events (shard, subject, id, observed_at, decision, sealed);"
    "CREATE TABLE effective (shard, subject, next_change, sealed);"
    "CREATE TABLE records (shard, subject, system, object, id, mark, sealed);"
    "CREATE TABLE targets (shard, subject, system, generation, tightening, due_at, changed_at, "
    "lease_owner, fence, lease_until, wake_at);"
    "CREATE TABLE target_records (shard, subject, system, object, id, look_at, parked, sealed);"
    "INSERT INTO subjects SELECT shard, subject, at FROM people WHERE part = 0;"
    "INSERT INTO claims SELECT shard, subject, id, body FROM people WHERE part = 1;"
    "INSERT INTO events SELECT shard, subject, id, at, mark, body FROM people WHERE part = 2;"
    "INSERT INTO effective SELECT shard, subject, at, body FROM people WHERE part = 3;"
    "INSERT INTO records SELECT shard, subject, system, object, id, mark, body FROM people "
    "WHERE part = 4;"
    "INSERT INTO targets SELECT shard, subject, system, 4, 1, 100, 90, 'node one', 5, 0, 100 "
    "FROM people WHERE part = 5;"
    "INSERT INTO target_records SELECT shard, subject, system, object, id, at, 1, body "
    "FROM people WHERE part = 6;"
    "DROP TABLE people; DELETE FROM migrations WHERE number > 2";

}  // namespace

TEST_CASE("an empty file becomes a database of the newest schema, private to its owner") {
    const Scratch scratch;
    overwrite(scratch.path("concordat.db"), "");
    chmod(scratch.path("concordat.db").c_str(), 0600);
    scratch.open()->write([](Writer& writer) { writer.newSubject(1); });
    scratch.open()->read([](Reader& reader) { CHECK(reader.subjectCount() == 1); });
    CHECK(modeOf(scratch.path("concordat.db")) == 0600);
    CHECK(modeOf(scratch.path("suppression.journal")) == 0600);
}

TEST_CASE("a database of a newer program is refused with both numbers") {
    const Scratch scratch;
    scratch.open();
    execute(scratch.path("concordat.db"), "INSERT INTO migrations VALUES (999, 'future', 0)");
    const auto said = refusal([&] { scratch.open(); });
    CHECK(contains(said,
                   "made by a newer Concordat (its schema is number 999, this program knows "
                   "up to " +
                       std::to_string(schemaVersion()) + ")"));
}

TEST_CASE("another key file is refused before anything is read or written") {
    const Scratch scratch;
    scratch.open();
    const Scratch other;
    CHECK(contains(refusal([&] { SqliteStore(scratch.options(), other.vault()); }),
                   "put the right key file back"));
}

TEST_CASE("a second hub on the same database is refused and told who has it") {
    const Scratch scratch;
    const auto store = scratch.open();
    CHECK(contains(refusal([&] { scratch.open(); }),
                   "another hub (process " + std::to_string(getpid()) + ") uses this database"));
}

TEST_CASE("the lock of a hub that died is free") {
    const Scratch scratch;
    overwrite(scratch.path("concordat.db.lock"), "1\n");
    CHECK(refusal([&] { scratch.open(); }) == "nothing");
}

TEST_CASE("a store can be read beside the hub that runs, and not be written") {
    const Scratch scratch;
    const auto hub = scratch.open();
    hub->write([](Writer& writer) { writer.newSubject(1); });
    auto options = scratch.options();
    options.readOnly = true;
    const auto beside = scratch.open(options);
    beside->read([](Reader& reader) { CHECK(reader.subjectCount() == 1); });
    CHECK(contains(refusal([&] { beside->write([](Writer&) {}); }), "for reading only"));
    beside->backup(scratch.path("backup.db"), {});
    CHECK(modeOf(scratch.path("backup.db")) == 0600);
}

TEST_CASE("what is no database, or is damaged, is refused with one sentence") {
    const Scratch scratch;
    overwrite(scratch.path("concordat.db"), std::string(8192, 'x'));
    CHECK(contains(refusal([&] { scratch.open(); }), "is damaged or not a database"));
    auto options = scratch.options();
    options.database = scratch.path("no/such/folder.db");
    CHECK(contains(refusal([&] { scratch.open(options); }), "must exist and be writable"));
}

TEST_CASE("a damaged page is found by the integrity check or refused when it is read") {
    const Scratch scratch;
    {
        const auto store = scratch.open();
        store->write([](Writer& writer) {
            for (int i = 0; i < 200; ++i)
                writer.put(samples::record(writer.newSubject(1), "sf", std::to_string(i)));
        });
    }
    auto content = contentOf(scratch.path("concordat.db"));
    for (std::size_t page = 40; page < 60; ++page)
        content.replace(page * 4096, 4096, std::string(4096, '\x5a'));
    overwrite(scratch.path("concordat.db"), content);
    const auto store = scratch.open();
    std::string said;
    try {
        for (const auto& problem : store->integrityProblems()) said += problem;
    } catch (const StoreError& error) {
        said = error.message();
    }
    CHECK(contains(said, scratch.path("concordat.db")));
}

TEST_CASE("the integrity check names rows that do not fit together") {
    const Scratch scratch;
    {
        const auto store = scratch.open();
        store->write([](Writer& writer) {
            const auto subject = writer.newSubject(1);
            writer.append(samples::event(subject, consent::Decision::Refused));
            writer.put(samples::record(subject, "sf", "1"));
            writer.put(samples::target(subject, "sf"));
            writer.add(samples::delivery(subject, "sf"));
        });
        CHECK(store->integrityProblems().empty());
    }
    execute(scratch.path("concordat.db"),
            "DELETE FROM people WHERE part = 0; DELETE FROM owners; DELETE FROM suppressions; "
            "UPDATE deliveries SET sealed = x'01'");
    const auto problems = scratch.open()->integrityProblems();
    std::string all;
    for (const auto& problem : problems) all += problem + "\n";
    for (const char* part : {"events belong to a subject that does not exist",
                             "records belong to a subject that does not exist",
                             "records are missing from the directory",
                             "identifiers are held through a record that does not exist",
                             "targets belong to a subject that does not exist",
                             "tightening events have no place in the suppression journal",
                             "counter of subjects", "deliveries that cannot be opened"})
        CHECK(contains(all, part));
}

TEST_CASE("a store of the second schema keeps everything that stood in its many tables") {
    const Scratch scratch;
    std::string subject;
    scratch.open()->write([&](Writer& writer) {
        subject = writer.newSubject(7);
        writer.append(samples::event(subject, consent::Decision::Refused));
        writer.putEffective(subject, {samples::effective("PROSPECTING", 500)});
        writer.put(samples::record(subject, "sf", "1"));
        writer.claim(subject, samples::point("e:claimed"));
        writer.put(samples::target(subject, "sf"));
        writer.put(samples::targetRecord(subject, "sf", "1"));
    });
    execute(scratch.path("concordat.db"), kSecondSchema);
    const auto store = scratch.open();
    store->read([&](Reader& reader) {
        CHECK(reader.subjectExists(subject));
        CHECK(reader.events(subject).size() == 1);
        CHECK(reader.event(reader.events(subject).front().id));
        CHECK(reader.subjectsToReconsider(500, 10) == std::vector{subject});
        CHECK(reader.recordsOf(subject).size() == 1);
        CHECK(reader.claims(subject).size() == 1);
        const auto kept = reader.target(subject, "sf");
        REQUIRE(kept);
        CHECK(kept->leaseOwner == "node one");
        CHECK(kept->generation == 4);
        CHECK(kept->tightening);
        CHECK(reader.dueCount("sf") == 1);
        CHECK(reader.parked("sf", {}).size() == 1);
        CHECK(reader.targetRecords(subject, "sf").size() == 1);
    });
    CHECK(store->integrityProblems().empty());
}

TEST_CASE("a backup is whole, tells its progress, and never replaces a file") {
    const Scratch scratch;
    const auto store = scratch.open();
    store->write([](Writer& writer) {
        for (int i = 0; i < 300; ++i)
            writer.put(samples::record(writer.newSubject(1), "sf", std::to_string(i)));
    });
    double last = 0;
    int calls = 0;
    store->backup(scratch.path("backup.db"), [&](double done) {
        CHECK(done >= last);
        last = done;
        if (calls++ == 0) store->write([](Writer& writer) { writer.newSubject(1); });
    });
    CHECK(last == 1.0);
    CHECK(
        contains(refusal([&] { store->backup(scratch.path("backup.db"), {}); }), "exists already"));
    CHECK(contains(refusal([&] { store->backup(scratch.path("no/backup.db"), {}); }),
                   "cannot be made"));
    auto options = scratch.options();
    options.database = scratch.path("backup.db");
    options.journal = scratch.path("other.journal");
    const auto copy = scratch.open(options);
    copy->read([](Reader& reader) { CHECK(reader.subjectCount() == 300); });
    CHECK(copy->integrityProblems().empty());
}

TEST_CASE("a read-only folder is refused with one sentence") {
    if (geteuid() == 0) {
        // Root writes everywhere, so another user tries.
        const Scratch scratch;
        scratch.open();
        const pid_t child = fork();
        if (child == 0) {
            const bool changed = setgid(65534) == 0 && setuid(65534) == 0;
            _exit(changed && refusal([&] { scratch.open(); }) != "nothing" ? 0 : 1);
        }
        int status = -1;
        waitpid(child, &status, 0);
        CHECK(status == 0);
        return;
    }
    const Scratch scratch;
    scratch.open();
    chmod(scratch.path("").c_str(), 0500);
    CHECK(refusal([&] { scratch.open(); }) != "nothing");
    chmod(scratch.path("").c_str(), 0700);
}
