// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/commits.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "tests/bench/figures.h"

namespace concordat::bench {

namespace {

constexpr int kRows = 12'000;
constexpr int kCallers = 100;  ///< as many as the bare loop has rows in a transaction
constexpr std::size_t kBody = 280;
constexpr std::size_t kSealed = 420;  ///< what the store makes of such a body

std::atomic<long> serial = 0;

void execute(sqlite3* database, const char* sql) {
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(database));
}

sqlite3* openedAnew(const std::string& path) {
    for (const char* part : {"", "-wal", "-shm"}) ::unlink((path + part).c_str());
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    execute(database, "PRAGMA journal_mode = WAL");
    execute(database, "PRAGMA synchronous = FULL");
    // The store's own table and indexes.
    execute(database,
            "CREATE TABLE webhooks (id TEXT NOT NULL, system TEXT NOT NULL, dedupe TEXT NOT NULL, "
            "state SMALLINT NOT NULL, attempts BIGINT NOT NULL, decided_at BIGINT NOT NULL, "
            "problem BYTEA, sealed BYTEA, PRIMARY KEY (id)); "
            "CREATE UNIQUE INDEX webhooks_known ON webhooks (system, dedupe) WHERE dedupe <> ''; "
            "CREATE INDEX webhooks_undecided ON webhooks (state, system, id) WHERE state < 2");
    return database;
}

}  // namespace

double storeRows(store::Store& store) {
    store::Webhook webhook;
    webhook.system = "sellsy";
    webhook.receivedAt = 1;
    webhook.body = std::string(kBody, 'b');
    std::atomic<int> next = 0;
    const auto start = Clock::now();
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i)
        callers.emplace_back([&] {
            while (next++ < kRows)
                store.write([&](store::Writer& writer) {
                    auto own = webhook;
                    own.id = writer.newId();
                    writer.add(own);
                });
        });
    for (auto& caller : callers) caller.join();
    return kRows / seconds(start);
}

double bareRows(const std::string& database) {
    sqlite3* const opened = openedAnew(database);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(opened,
                       "INSERT INTO webhooks (id, system, dedupe, state, attempts, decided_at, "
                       "sealed) VALUES ($1, 'sellsy', '', 0, 0, 0, $2)",
                       -1, &insert, nullptr);
    const std::string body(kSealed, 'x');
    const auto start = Clock::now();
    for (int n = 0; n < kRows; ++n) {
        if (n % 100 == 0) execute(opened, "BEGIN IMMEDIATE");
        const std::string id = "01JD9Z4Q8W" + std::to_string(1'000'000'000'000'000 + ++serial);
        sqlite3_bind_text(insert, 1, id.c_str(), -1, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(opened));
        sqlite3_reset(insert);
        if (n % 100 == 99) execute(opened, "COMMIT");
    }
    const double took = seconds(start);
    sqlite3_finalize(insert);
    sqlite3_close(opened);
    return kRows / took;
}

double fsyncs(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    const std::string block(4'096, 'f');
    int count = 0;
    const auto start = Clock::now();
    while (seconds(start) < 0.5) {
        if (::write(descriptor, block.data(), block.size()) < 0 || ::fdatasync(descriptor) != 0)
            throw std::runtime_error(file + " cannot be written");
        ++count;
    }
    const double took = seconds(start);
    ::close(descriptor);
    return count / took;
}

}  // namespace concordat::bench
