// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "hub/store/sqlite_store.h"

namespace concordat::bench {

/// A store in `folder`, with a key of its own; made if it is not there.
class StoreFolder {
 public:
    explicit StoreFolder(const std::string& folder) : folder_(folder) {
        std::filesystem::create_directories(folder);
        if (!std::filesystem::exists(folder + "/hub.key"))
            store::Vault::createKeyFile(folder + "/hub.key");
        vault_ = std::make_unique<store::Vault>(folder + "/hub.key");
        store::StoreOptions options;
        options.database = folder + "/hub.db";
        options.journal = folder + "/suppression.journal";
        store_ = std::make_unique<store::SqliteStore>(options, *vault_);
    }

    store::SqliteStore& store() { return *store_; }
    const store::Vault& vault() const { return *vault_; }

 private:
    std::string folder_;
    std::unique_ptr<store::Vault> vault_;
    std::unique_ptr<store::SqliteStore> store_;
};

}  // namespace concordat::bench
