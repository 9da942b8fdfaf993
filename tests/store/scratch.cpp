// SPDX-License-Identifier: Apache-2.0
#include "tests/store/scratch.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace concordat::store {

namespace {
std::string newFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "store-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw StoreError("no folder for tests");
    return name;
}
}  // namespace

Scratch::Scratch() : folder_(newFolder()) {
    Vault::createKeyFile(path("key"));
    vault_ = std::make_unique<Vault>(path("key"));
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

StoreOptions Scratch::options() const {
    StoreOptions options;
    options.database = path("concordat.db");
    options.journal = path("suppression.journal");
    options.readers = 2;
    return options;
}

std::unique_ptr<SqliteStore> Scratch::open() const { return open(options()); }

std::unique_ptr<SqliteStore> Scratch::open(const StoreOptions& options) const {
    return std::make_unique<SqliteStore>(options, *vault_);
}

std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

void copyFile(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

}  // namespace concordat::store
