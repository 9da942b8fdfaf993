// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "hub/store/store.h"
#include "hub/store/vault.h"

namespace concordat::store {

struct StoreOptions {
    std::string database;           ///< path of the SQLite file; made if it is not there
    std::string journal;            ///< path of the suppression journal; better on another disk
    int readers = 8;                ///< read() calls that may run at once; others wait
    std::int64_t maximumBytes = 0;  ///< the database never grows beyond; 0: the disk is the limit
    std::int64_t dedupeKeptMs = 7LL * 24 * 3600 * 1000;  ///< after a webhook was decided
    std::int64_t changesKept = 100'000;                  ///< rows of the change feed
    bool readOnly = false;         ///< beside a hub that runs: no lock, no journal, no write()
    std::function<EpochMs()> now;  ///< empty: the system's clock. [any]
};

/// The store on one SQLite file: write-ahead log, synchronous=FULL, one writer that commits in
/// groups, readers on snapshots. [any]
class SqliteStore final : public Store {
 public:
    /// Opens or makes the database, brings its schema up to date and reconciles it with its
    /// journal. `vault` must live as long. Throws StoreError.
    SqliteStore(StoreOptions options, const Vault& vault);
    ~SqliteStore() override;

    /// Inside a write() or read() of the same thread it sees the same view.
    void read(const std::function<void(Reader&)>& work) override;
    void write(const std::function<void(Writer&)>& work) override;
    Recovery recovery() const override;
    /// A complete database in one file with mode 0600; `path` must not exist. `progress` goes from
    /// 0 to 1 and may be empty.
    void backup(const std::string& path, const std::function<void(double)>& progress) override;
    std::vector<std::string> integrityProblems() override;

 private:
    struct Parts;
    StoreOptions options_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace concordat::store
