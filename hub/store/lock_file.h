// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace concordat::store {

/// Says that one process uses the database: a file with its process id, locked as long as this
/// lives and freed by the kernel when the process dies.
class LockFile {
 public:
    /// Throws StoreError that names the other process if there is one.
    explicit LockFile(const std::string& path);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

 private:
    int file_ = -1;
};

}  // namespace concordat::store
