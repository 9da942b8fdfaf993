// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/disk.h"

#include <filesystem>
#include <utility>

#include <openssl/rand.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "hub/consent/error.h"
#include "hub/store/integrity.h"
#include "hub/store/reader_pool.h"
#include "tests/simulation/dice.h"

namespace concordat::simulation {

namespace fs = std::filesystem;

namespace {

std::uintmax_t sizeOf(const std::string& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

void copy(const std::string& from, const std::string& to) {
    fs::remove(to);
    if (fs::exists(from)) fs::copy_file(from, to);
}

}  // namespace

Disk::Disk(std::string folder, const store::Vault& vault, std::function<store::EpochMs()> now)
    : folder_(std::move(folder)), vault_(vault) {
    options_.database = path("hub.db");
    options_.journal = path("journal");
    options_.now = std::move(now);
    open();
}

Disk::~Disk() = default;

namespace {

/// One process, one connection: no locks between statements, and tmpfs needs no syncs.
int useAlone(sqlite3* database, char**, const sqlite3_api_routines*) {
    return sqlite3_exec(database, "PRAGMA locking_mode = EXCLUSIVE", nullptr, nullptr, nullptr);
}

}  // namespace

void Disk::open() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(useAlone));
    session_ = std::make_unique<store::WriteSession>(options_, vault_);
}

void Disk::close() { session_.reset(); }

void Disk::read(const std::function<void(store::Reader&)>& work) {
    work(inside_ ? *inside_ : session_->writer());
}

void Disk::write(const std::function<void(store::Writer&)>& work) {
    if (inside_) throw StoreError("a unit of work must not start another");
    if (isFull) throw StoreError("the disk is full");
    const bool dies = unitsLeft_ >= 0 && unitsLeft_-- == 0;
    if (dies) {
        walBefore_ = sizeOf(options_.database + "-wal");
        journalBefore_ = sizeOf(options_.journal);
    }
    session_->begin();
    inside_ = &session_->writer();
    try {
        session_->run([&] { work(session_->writer()); }, true);
        inside_ = nullptr;
        if (dies && !durable_) die(false);
        session_->commit();
    } catch (...) {
        inside_ = nullptr;
        session_->rollback();
        throw;
    }
    ++units;
    if (dies) die(true);
}

void Disk::dieAfter(int unitsLeft, bool durable, Death death) {
    unitsLeft_ = unitsLeft;
    durable_ = durable;
    death_ = death;
}

void Disk::die(bool durable) {
    died_ = durable ? death_ : Death::Clean;
    throw Died{};
}

bool Disk::reopen() {
    const auto wal = options_.database + "-wal";
    const bool isTorn = std::exchange(died_, Death::Clean) == Death::Torn &&
                        sizeOf(wal) > walBefore_ && walBefore_ > 0;
    const bool isCut = death_ == Death::LostJournal && sizeOf(options_.journal) > journalBefore_ &&
                       journalBefore_ > 0;
    if (isTorn) {
        copy(options_.database, path("torn.db"));
        copy(wal, path("torn.wal"));
        const auto kept = walBefore_ + (sizeOf(wal) - walBefore_) / 2;
        fs::resize_file(path("torn.wal"), kept);
    }
    close();
    if (isTorn) {
        fs::remove(options_.database + "-shm");
        copy(path("torn.db"), options_.database);
        copy(path("torn.wal"), wal);
    }
    if (isCut) {
        const auto size = sizeOf(options_.journal);
        fs::resize_file(options_.journal, journalBefore_ + (size - journalBefore_) / 3);
    }
    unitsLeft_ = -1;
    death_ = Death::Clean;
    journalBefore_ = 0;
    open();
    return isTorn;
}

void Disk::keep() {
    close();
    copy(options_.database, path("copy.db"));
    hasCopy_ = true;
    open();
}

void Disk::restore() {
    close();
    fs::remove(options_.database + "-wal");
    fs::remove(options_.database + "-shm");
    copy(path("copy.db"), options_.database);
    unitsLeft_ = -1;
    open();
}

std::vector<std::string> Disk::integrityProblems() {
    close();
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(useAlone));
    std::vector<std::string> problems;
    {
        store::ReaderPool readers(options_.database, 1, vault_, options_.now);
        readers.use([&](store::ReadSession& session) { problems = store::problemsOf(session); });
    }
    open();
    return problems;
}

Folder::Folder() {
    std::string pattern = (fs::is_directory("/dev/shm") ? std::string("/dev/shm")
                                                        : fs::temp_directory_path().string()) +
                          "/concordat-simulate-XXXXXX";
    if (!mkdtemp(pattern.data())) throw StoreError("no folder can be made: " + pattern);
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

std::string Folder::fresh() {
    const auto folder = path_ + "/" + std::to_string(made_++);
    if (made_ > 1) fs::remove_all(path_ + "/" + std::to_string(made_ - 2));
    fs::create_directory(folder);
    return folder;
}

namespace {

Dice& chance() {
    static Dice dice(0);
    return dice;
}

int fixedBytes(unsigned char* bytes, int number) {
    for (int at = 0; at < number; ++at) bytes[at] = static_cast<unsigned char>(chance().next());
    return 1;
}

int status() { return 1; }

}  // namespace

void useFixedChance(std::uint64_t seed) {
    chance() = Dice(seed);
    static const RAND_METHOD kMethod{nullptr, fixedBytes, nullptr, nullptr, fixedBytes, status};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    RAND_set_rand_method(&kMethod);
#pragma GCC diagnostic pop
}

}  // namespace concordat::simulation
