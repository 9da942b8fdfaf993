// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/group_commit.h"
#include "hub/store/journal.h"
#include "hub/store/sqlite_store.h"
#include "hub/store/unit_writer.h"

namespace concordat::store {

/// The only connection that writes, and what it keeps between commits. One thread.
class WriteSession final : public Transaction {
 public:
    /// Opens the database, brings its schema up to date and reconciles it with the journal. Throws
    /// StoreError.
    WriteSession(const StoreOptions& options, const Vault& vault);
    ~WriteSession() override;

    void begin() override;
    void run(const std::function<void()>& work, bool isAlone) override;
    bool lives() override { return connection_->inTransaction(); }
    void commit() override;
    void rollback() noexcept override;
    void rest() override;

    UnitWriter& writer() { return writer_; }
    const Recovery& recovery() const { return recovery_; }

 private:
    void runAlone(const std::function<void()>& work);
    void checkKey();
    void loadProgress();
    void reconcile();
    void replay(const std::vector<JournalEntry>& missing);
    bool hasEntry(const JournalEntry& entry);
    JournalEntry entryOf(const Suppression& suppression);
    void noteProgress();
    void flushJournal();
    void tidy();

    const StoreOptions& options_;
    const Vault& vault_;
    std::unique_ptr<Connection> connection_;
    Tables tables_;
    Progress progress_;
    UnitWriter writer_;
    Journal journal_;
    Recovery recovery_;
    std::vector<JournalEntry> unjournaled_;  ///< committed, not yet in the journal
    std::string notedId_;
    EpochMs notedObservedAt_ = 0;
    JournalPosition notedPosition_;
    int commitsUntilTidy_ = 0;
    int unitsSinceTidy_ = 0;
    Statement begin_, savepoint_, release_, undo_, commit_, rollback_;
};

}  // namespace concordat::store
