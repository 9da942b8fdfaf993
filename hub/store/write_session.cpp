// SPDX-License-Identifier: Apache-2.0
#include "hub/store/write_session.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <Poco/Logger.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "hub/store/page_cursor.h"
#include "hub/store/schema.h"

namespace concordat::store {

namespace {

constexpr int kCommitsBetweenTidyings = 64;
constexpr std::int64_t kPageBytes = 4096;

std::int64_t toNumber(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// SQLite would make it with the process's umask, readable by others.
void makePrivately(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
}

std::unique_ptr<Connection> opened(const StoreOptions& options) {
    makePrivately(options.database);
    auto connection = std::make_unique<Connection>(options.database, Access::ReadWrite);
    connection->run("PRAGMA journal_mode = WAL");
    connection->run("PRAGMA synchronous = FULL");
    connection->run("PRAGMA wal_autocheckpoint = 4000");
    connection->run("PRAGMA journal_size_limit = 67108864");
    connection->run("PRAGMA cache_size = -16000");
    if (options.maximumBytes > 0)
        connection->run("PRAGMA max_page_count = " +
                        std::to_string(options.maximumBytes / kPageBytes));
    migrate(*connection, options.now());
    return connection;
}

}  // namespace

WriteSession::WriteSession(const StoreOptions& options, const Vault& vault)
    : options_(options),
      vault_(vault),
      connection_(opened(options)),
      tables_(*connection_, vault),
      writer_(tables_, options.now, vault, progress_),
      journal_(options.journal, vault),
      begin_(*connection_, "BEGIN IMMEDIATE"),
      savepoint_(*connection_, "SAVEPOINT unit"),
      release_(*connection_, "RELEASE unit"),
      undo_(*connection_, "ROLLBACK TO unit"),
      commit_(*connection_, "COMMIT"),
      rollback_(*connection_, "ROLLBACK") {
    checkKey();
    loadProgress();
    reconcile();
}

WriteSession::~WriteSession() = default;

void WriteSession::begin() {
    // While the journal lags behind, nothing more may be accepted.
    flushJournal();
    begin_.run();
    tables_.people.forget();
    writer_.drawShard();
    if (commitsUntilTidy_-- <= 0) tidy();
}

void WriteSession::run(const std::function<void()>& work, bool isAlone) {
    ++unitsSinceTidy_;
    tables_.people.forget();
    // A savepoint keeps a copy of every page that the unit touches.
    if (isAlone) return runAlone(work);
    const auto changes = writer_.outgoing.changes.size();
    const auto entries = writer_.outgoing.entries.size();
    savepoint_.run();
    try {
        work();
    } catch (...) {
        writer_.outgoing.changes.resize(changes);
        writer_.outgoing.entries.resize(entries);
        if (lives()) {
            undo_.run();
            release_.run();
        }
        throw;
    }
    release_.run();
}

void WriteSession::runAlone(const std::function<void()>& work) {
    try {
        work();
    } catch (...) {
        rollback();
        throw;
    }
}

void WriteSession::commit() {
    noteProgress();
    commit_.run();
    auto& entries = writer_.outgoing.entries;
    std::move(entries.begin(), entries.end(), std::back_inserter(unjournaled_));
    writer_.outgoing = {};
    try {
        flushJournal();
    } catch (const StoreError& error) {
        // The units are durable, so they succeed; begin() refuses more until the journal has them.
        Poco::Logger::get("hub.store").error(error.message());
    }
}

void WriteSession::rollback() noexcept {
    writer_.outgoing = {};
    // What was noted may be undone now; the next commit notes it again.
    notedId_.clear();
    notedObservedAt_ = 0;
    notedPosition_ = {};
    try {
        if (lives()) rollback_.run();
    } catch (const StoreError& error) {
        Poco::Logger::get("hub.store").error(error.message());
    }
}

void WriteSession::rest() { sqlite3_db_release_memory(connection_->handle()); }

void WriteSession::flushJournal() {
    if (unjournaled_.empty()) return;
    journal_.append(unjournaled_);
    unjournaled_.clear();
}

void WriteSession::noteProgress() {
    auto& small = tables_.small;
    if (!writer_.outgoing.changes.empty()) small.add(writer_.outgoing.changes);
    if (notedId_ != progress_.ids.last()) {
        notedId_ = progress_.ids.last();
        small.putNote("last_id", notedId_);
    }
    if (notedObservedAt_ != progress_.observedAt) {
        notedObservedAt_ = progress_.observedAt;
        small.putNote("observed_at", std::to_string(notedObservedAt_));
    }
    if (notedPosition_.sequence != journal_.last().sequence) {
        notedPosition_ = journal_.last();
        small.putNote("journal", joinCursor({std::to_string(notedPosition_.offset),
                                             std::to_string(notedPosition_.sequence)}));
    }
}

void WriteSession::tidy() {
    const EpochMs now = options_.now();
    // More than came since the last time, so that old ones cannot pile up.
    tables_.webhooks.forget(now - options_.dedupeKeptMs, 256 + 2 * unitsSinceTidy_);
    tables_.small.removeExpired(now);
    tables_.small.removeChangesUpTo(progress_.lastChange - options_.changesKept);
    commitsUntilTidy_ = kCommitsBetweenTidyings;
    unitsSinceTidy_ = 0;
}

void WriteSession::checkKey() {
    const auto known = tables_.small.note("key_id");
    if (known.empty()) return tables_.small.putNote("key_id", vault_.keyId());
    if (known != vault_.keyId())
        throw StoreError("the key file holds key " + vault_.keyId() + ", but " +
                         connection_->path() + " was sealed with key " + known +
                         "; put the right key file back");
}

void WriteSession::loadProgress() {
    auto& small = tables_.small;
    progress_.ids.notBelow(small.note("last_id"));
    progress_.observedAt = toNumber(small.note("observed_at"));
    progress_.lastChange = small.lastChange();
    progress_.lastSuppression = tables_.events.lastSuppression();
    const auto recovery = small.note(kRecoveryNote);
    recovery_ = {!recovery.empty(), toNumber(recovery)};
}

}  // namespace concordat::store
