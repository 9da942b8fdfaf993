// SPDX-License-Identifier: Apache-2.0
#include "hub/store/backup.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "hub/consent/error.h"
#include "hub/store/reader_pool.h"

namespace concordat::store {

namespace {

constexpr int kPagesAtOnce = 1024;

/// Made under another name, so that a backup that is there is a whole one.
class NewFile {
 public:
    explicit NewFile(const std::string& path) : path_(path), partial_(path + ".partial") {
        if (access(path.c_str(), F_OK) == 0)
            throw StoreError("the backup " + path + " exists already; give another name");
        const int file = open(partial_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file < 0)
            throw StoreError("the backup " + path +
                             " cannot be made; check that its folder exists and is writable");
        close(file);
    }
    ~NewFile() {
        if (!partial_.empty()) unlink(partial_.c_str());
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    const std::string& partial() const { return partial_; }
    void finish() {
        syncFile(partial_);
        if (rename(partial_.c_str(), path_.c_str()) != 0)
            throw StoreError("the backup " + path_ + " cannot be given its name");
        partial_.clear();
        const auto slash = path_.rfind('/');
        syncFile(slash == std::string::npos ? "." : path_.substr(0, slash + 1));
    }

 private:
    void syncFile(const std::string& name) const {
        const int file = open(name.c_str(), O_RDONLY | O_CLOEXEC);
        const bool synced = file >= 0 && fsync(file) == 0;
        if (file >= 0) close(file);
        if (!synced) throw StoreError("the backup " + path_ + " cannot be made durable");
    }

    std::string path_;
    std::string partial_;
};

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

[[noreturn]] void cannotCopy(const std::string& path, int code) {
    throw StoreError("the backup " + path + " cannot be written" +
                     ((code & 0xff) == SQLITE_FULL
                          ? ": the disk is full; free space or give another folder"
                          : std::string(" (") + sqlite3_errstr(code) + "); check the disk"));
}

}  // namespace

void copyTo(const std::string& path,
            ReadSession& source,
            const std::function<void(double)>& progress) {
    NewFile file(path);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open(file.partial().c_str(), &opened);
    const std::unique_ptr<sqlite3, CloseDatabase> target(opened);
    if (code != SQLITE_OK) cannotCopy(path, code);
    // The first read pins the snapshot: later commits do not make the copy start anew.
    source.tables().small.lastChange();
    std::unique_ptr<sqlite3_backup, FinishBackup> copy(
        sqlite3_backup_init(target.get(), "main", source.connection().handle(), "main"));
    if (!copy) cannotCopy(path, sqlite3_errcode(target.get()));
    int step = SQLITE_OK;
    while (step == SQLITE_OK) {
        step = sqlite3_backup_step(copy.get(), kPagesAtOnce);
        const int pages = sqlite3_backup_pagecount(copy.get());
        if (progress && pages > 0)
            progress(1.0 - static_cast<double>(sqlite3_backup_remaining(copy.get())) / pages);
    }
    if (step != SQLITE_DONE) cannotCopy(path, step);
    copy.reset();
    file.finish();
}

}  // namespace concordat::store
