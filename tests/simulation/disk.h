// SPDX-License-Identifier: Apache-2.0
#pragma once
// The production store on files in memory, without its threads: a commit for each unit, and every
// commit a place to die at.

#include <memory>
#include <string>

#include "hub/store/sqlite_store.h"
#include "hub/store/write_session.h"

namespace concordat::simulation {

/// The program died here. No std::exception: nothing in the hub may hold it up.
struct Died {
    bool asked = true;
};

/// How the next death looks.
enum class Death { Clean, Torn, LostJournal };

/// One database and its journal. One thread.
class Disk : public store::Store {
 public:
    /// Makes its files in `folder`, which must be empty.
    Disk(std::string folder, const store::Vault& vault, std::function<store::EpochMs()> now);
    ~Disk() override;

    void read(const std::function<void(store::Reader&)>& work) override;
    void write(const std::function<void(store::Writer&)>& work) override;
    store::Recovery recovery() const override { return session_->recovery(); }
    void backup(const std::string&, const std::function<void(double)>&) override {}
    std::vector<std::string> integrityProblems() override;

    /// Dies in the unit after `units` more; `durable`: that unit is committed all the same.
    void dieAfter(int units, bool durable, Death death);
    /// Closes and opens the files as they lie there; forgets what `dieAfter` asked for. True if a
    /// commit was lost.
    bool reopen();
    /// Keeps a copy of the database, for `restore`. The journal is elsewhere.
    void keep();
    void restore();
    bool hasCopy() const { return hasCopy_; }

    bool isFull = false;
    int units = 0;

 private:
    void open();
    void close();
    void die(bool durable);
    std::string path(const std::string& name) const { return folder_ + "/" + name; }

    const std::string folder_;
    const store::Vault& vault_;
    store::StoreOptions options_;
    std::unique_ptr<store::WriteSession> session_;
    store::Reader* inside_ = nullptr;
    int unitsLeft_ = -1;
    bool durable_ = false;
    bool hasCopy_ = false;
    Death death_ = Death::Clean;
    Death died_ = Death::Clean;
    std::uintmax_t walBefore_ = 0;
    std::uintmax_t journalBefore_ = 0;
};

/// A folder in memory for one process; removed with it.
class Folder {
 public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }
    /// An empty folder below it.
    std::string fresh();

 private:
    std::string path_;
    int made_ = 0;
};

/// OpenSSL's chance comes from `seed` from now on: ids are the same in every run. [main]
void useFixedChance(std::uint64_t seed);

}  // namespace concordat::simulation
