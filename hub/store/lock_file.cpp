// SPDX-License-Identifier: Apache-2.0
#include "hub/store/lock_file.h"

#include <array>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "hub/consent/error.h"

namespace concordat::store {

namespace {

std::string ownerOf(int file) {
    std::array<char, 16> text{};
    const ssize_t size = pread(file, text.data(), text.size(), 0);
    std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return pid.substr(0, pid.find_first_not_of("0123456789"));
}

}  // namespace

LockFile::LockFile(const std::string& path)
    : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0)
        throw StoreError(path +
                         " cannot be made; the folder of the database must exist and be writable "
                         "for the hub's user");
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
        const std::string owner = ownerOf(file_);
        close(file_);
        throw StoreError("another hub (process " + (owner.empty() ? "unknown" : owner) +
                         ") uses this database, says " + path +
                         "; stop it, or give this hub a data folder of its own");
    }
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(file_, 0) != 0 ||
        pwrite(file_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        close(file_);
        throw StoreError(path + " cannot be written; is the disk full?");
    }
}

LockFile::~LockFile() { close(file_); }

}  // namespace concordat::store
