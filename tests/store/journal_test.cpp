// SPDX-License-Identifier: Apache-2.0
#include "hub/store/journal.h"

#include <unistd.h>

#include "tests/store/samples.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;
using consent::Decision;

namespace {

std::string append(SqliteStore& store, const std::string& subject, Decision decision) {
    std::string id;
    store.write([&](Writer& writer) {
        auto event = samples::event(subject, decision);
        event.id = id = writer.newId();
        writer.append(event);
    });
    return id;
}

std::string newSubject(SqliteStore& store) {
    std::string subject;
    store.write([&](Writer& writer) { subject = writer.newSubject(1); });
    return subject;
}

bool has(SqliteStore& store, const std::string& id) {
    bool found = false;
    store.read([&](Reader& reader) { found = reader.event(id).has_value(); });
    return found;
}

/// The names of everything in the journal, in order.
std::string journalOf(const Scratch& scratch) {
    Journal journal(scratch.path("suppression.journal"), scratch.vault());
    std::string names;
    journal.read({}, [&](const JournalEntry& entry) {
        names += (entry.event ? consent::toString(entry.event->decision) : "tombstone") + " ";
    });
    return names;
}

}  // namespace

TEST_CASE("the journal has what can tighten, and nothing else") {
    const Scratch scratch;
    {
        const auto store = scratch.open();
        const auto subject = newSubject(*store);
        for (int decision = 0; decision <= static_cast<int>(Decision::Erased); ++decision)
            append(*store, subject, static_cast<Decision>(decision));
        store->write([](Writer& writer) { writer.put(Tombstone{"e:x", "", 5}); });
    }
    CHECK(journalOf(scratch) == "refused withdrawn objected invalidated merged erased tombstone ");
}

TEST_CASE("a restored backup gets back every withdrawal and tombstone it did not know") {
    const Scratch scratch;
    std::string known;
    std::string subject;
    {
        const auto store = scratch.open();
        subject = newSubject(*store);
        known = append(*store, subject, Decision::Withdrawn);
        store->backup(scratch.path("backup.db"), {});
    }
    std::string withdrawn;
    std::string granted;
    std::string ofNewSubject;
    std::string lastId;
    {
        const auto store = scratch.open();
        CHECK_FALSE(store->recovery().behindJournal);
        withdrawn = append(*store, subject, Decision::Objected);
        granted = append(*store, subject, Decision::Granted);
        ofNewSubject = append(*store, newSubject(*store), Decision::Refused);
        store->write([&](Writer& writer) {
            writer.put(Tombstone{"e:gone", "", 5});
            lastId = writer.newId();
        });
    }
    copyFile(scratch.path("backup.db"), scratch.path("concordat.db"));
    unlink(scratch.path("concordat.db-wal").c_str());
    for (int start = 0; start < 2; ++start) {
        const auto store = scratch.open();
        CHECK(store->recovery().behindJournal);
        CHECK(store->recovery().replayed == 3);
        CHECK(has(*store, known));
        CHECK(has(*store, withdrawn));
        CHECK(has(*store, ofNewSubject));
        CHECK_FALSE(has(*store, granted));
        store->read([](Reader& reader) { CHECK(reader.tombstone("e:gone")); });
        CHECK(store->integrityProblems().empty());
    }
    {
        const auto store = scratch.open();
        store->write([&](Writer& writer) { writer.endRecovery(); });
    }
    CHECK_FALSE(scratch.open()->recovery().behindJournal);
}

TEST_CASE("a lost journal is written anew from the database") {
    const Scratch scratch;
    {
        const auto store = scratch.open();
        const auto subject = newSubject(*store);
        append(*store, subject, Decision::Refused);
        append(*store, subject, Decision::Withdrawn);
    }
    unlink(scratch.path("suppression.journal").c_str());
    CHECK_FALSE(scratch.open()->recovery().behindJournal);
    CHECK(journalOf(scratch) == "refused withdrawn ");
}

TEST_CASE("what the journal lacks at its end is appended from the database") {
    const Scratch scratch;
    std::string before;
    {
        const auto store = scratch.open();
        const auto subject = newSubject(*store);
        append(*store, subject, Decision::Refused);
        before = contentOf(scratch.path("suppression.journal"));
        append(*store, subject, Decision::Withdrawn);
    }
    overwrite(scratch.path("suppression.journal"), before);
    CHECK_FALSE(scratch.open()->recovery().behindJournal);
    CHECK(journalOf(scratch) == "refused withdrawn ");
}

TEST_CASE("a journal that another database began is joined with this one") {
    const Scratch scratch;
    std::string first;
    {
        const auto store = scratch.open();
        first = append(*store, newSubject(*store), Decision::Refused);
    }
    for (const char* part : {"concordat.db", "concordat.db-wal", "concordat.db-shm"})
        unlink(scratch.path(part).c_str());
    const auto store = scratch.open();
    CHECK(store->recovery().behindJournal);
    CHECK(has(*store, first));
}

TEST_CASE("a torn tail is cut off at every length, and nothing before it is lost") {
    const Scratch scratch;
    const auto path = scratch.path("suppression.journal");
    std::size_t whole = 0;
    {
        Journal journal(path, scratch.vault());
        journal.append({{1, {}, Tombstone{"e:1", "k", 1}}});
        whole = contentOf(path).size();
        journal.append({{2, {}, Tombstone{"e:2", "k", 1}}});
    }
    const auto content = contentOf(path);
    for (std::size_t size = whole; size < content.size(); ++size) {
        overwrite(path, content.substr(0, size));
        CHECK(journalOf(scratch) == "tombstone ");
        CHECK(contentOf(path).size() == whole);
    }
    auto unwritten = content;
    unwritten.replace(whole + 20, 8, std::string(8, '\0'));
    overwrite(path, unwritten);
    CHECK(journalOf(scratch) == "tombstone ");
}

TEST_CASE("damage in the middle of the journal stops the start with one sentence") {
    const Scratch scratch;
    const auto path = scratch.path("suppression.journal");
    {
        const auto store = scratch.open();
        const auto subject = newSubject(*store);
        append(*store, subject, Decision::Refused);
        append(*store, subject, Decision::Refused);
    }
    auto content = contentOf(path);
    content[60] = static_cast<char>(content[60] ^ 1);
    overwrite(path, content);
    unlink(scratch.path("concordat.db").c_str());
    CHECK(refusal([&] { scratch.open(); }).find("is damaged at byte 20") != std::string::npos);
    overwrite(path, "something else entirely, and long enough");
    CHECK(refusal([&] { scratch.open(); }).find("is not a suppression journal") !=
          std::string::npos);
}
