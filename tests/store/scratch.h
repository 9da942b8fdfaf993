// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hub/store/sqlite_store.h"

namespace concordat::store {

/// A folder of its own with a key file, gone at the end.
class Scratch {
 public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    const Vault& vault() const { return *vault_; }
    StoreOptions options() const;
    std::unique_ptr<SqliteStore> open() const;
    std::unique_ptr<SqliteStore> open(const StoreOptions& options) const;

 private:
    std::string folder_;
    std::unique_ptr<Vault> vault_;
};

/// What `work` says when it refuses; "nothing" if it does not.
template <class Work>
std::string refusal(const Work& work) {
    try {
        work();
    } catch (const concordat::Error& error) {
        return error.message();
    }
    return "nothing";
}

std::string contentOf(const std::string& path);
void overwrite(const std::string& path, const std::string& content);
void copyFile(const std::string& from, const std::string& to);

}  // namespace concordat::store
