// SPDX-License-Identifier: Apache-2.0
#include "hub/store/sqlite_store.h"

#include <chrono>

#include "hub/store/backup.h"
#include "hub/store/integrity.h"
#include "hub/store/lock_file.h"
#include "hub/store/reader_pool.h"
#include "hub/store/schema.h"
#include "hub/store/write_session.h"

namespace concordat::store {

namespace {

/// The view this thread is inside of, so that a read() within it does not wait for another.
struct Inside {
    const void* store = nullptr;
    Reader* reader = nullptr;
};
thread_local Inside inside;

class Entered {
 public:
    Entered(const void* store, Reader& reader) : before_(inside) { inside = {store, &reader}; }
    ~Entered() { inside = before_; }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

 private:
    Inside before_;
};

EpochMs systemNow() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

StoreOptions completed(StoreOptions options) {
    if (!options.now) options.now = systemNow;
    return options;
}

}  // namespace

/// In the order in which they need each other.
struct SqliteStore::Parts {
    Parts(const StoreOptions& options, const Vault& vault) {
        if (!options.readOnly) {
            lock = std::make_unique<LockFile>(options.database + ".lock");
            session = std::make_unique<WriteSession>(options, vault);
            recovery = session->recovery();
        } else {
            Connection connection(options.database, Access::ReadOnly);
            expectCurrentSchema(connection);
        }
        readers =
            std::make_unique<ReaderPool>(options.database, options.readers, vault, options.now);
        if (session) commits = std::make_unique<GroupCommit>(*session);
    }

    std::unique_ptr<LockFile> lock;
    std::unique_ptr<WriteSession> session;
    std::unique_ptr<ReaderPool> readers;
    std::unique_ptr<GroupCommit> commits;
    Recovery recovery;
};

SqliteStore::SqliteStore(StoreOptions options, const Vault& vault)
    : options_(completed(std::move(options))), parts_(std::make_unique<Parts>(options_, vault)) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::read(const std::function<void(Reader&)>& work) {
    if (inside.store == this) return work(*inside.reader);
    parts_->readers->use([&](ReadSession& session) {
        const Entered entered(this, session.reader());
        work(session.reader());
    });
}

void SqliteStore::write(const std::function<void(Writer&)>& work) {
    if (options_.readOnly)
        throw StoreError(options_.database +
                         " was opened for reading only; changes go through the hub that runs");
    parts_->commits->run([&] {
        UnitWriter& writer = parts_->session->writer();
        const Entered entered(this, writer);
        work(writer);
    });
}

Recovery SqliteStore::recovery() const { return parts_->recovery; }

void SqliteStore::backup(const std::string& path, const std::function<void(double)>& progress) {
    parts_->readers->use([&](ReadSession& session) { copyTo(path, session, progress); });
}

std::vector<std::string> SqliteStore::integrityProblems() {
    std::vector<std::string> problems;
    parts_->readers->use([&](ReadSession& session) { problems = problemsOf(session); });
    return problems;
}

}  // namespace concordat::store
