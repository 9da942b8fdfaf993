// SPDX-License-Identifier: Apache-2.0
// How fast the store is, beside plain sqlite3 on the same disk in the same run.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include <sqlite3.h>

#include "tests/store/samples.h"
#include "tests/store/scratch.h"

using namespace concordat;
using namespace concordat::store;

namespace {

constexpr int kThreads = 64;

/// What something took. The processor's time does not depend on what else the machine does.
struct Taken {
    double seconds = 0;
    double processor = 0;
};

Taken takenBy(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    work();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    return {wall.count(), static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC};
}

void print(const char* what, int count, const Taken& taken) {
    std::printf("%-52s %9.0f/s %8.1f us of processor each\n", what, count / taken.seconds,
                taken.processor / count * 1e6);
}

/// Calls `work` `count` times from 64 threads.
Taken takenByThreads(int count, const std::function<void(int)>& work) {
    return takenBy([&] {
        std::atomic<int> next = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&] {
                for (int n = next++; n < count; n = next++) work(n);
            });
        for (auto& thread : threads) thread.join();
    });
}

void execute(sqlite3* database, const char* sql) {
    sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
}

/// 100 rows of the size of a sealed webhook in each durable transaction, one thread, nothing else.
Taken takenByBare(const std::string& path, int count, std::size_t bytes) {
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    execute(database, "PRAGMA journal_mode = WAL");
    execute(database, "PRAGMA synchronous = FULL");
    execute(database, "CREATE TABLE t (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(database, "INSERT INTO t VALUES ($1, $2)", -1, &insert, nullptr);
    const std::string body(bytes, 'x');
    const Taken taken = takenBy([&] {
        for (int n = 0; n < count; ++n) {
            if (n % 100 == 0) execute(database, "BEGIN IMMEDIATE");
            const std::string id = std::to_string(1'000'000'000 + n);
            sqlite3_bind_text(insert, 1, id.c_str(), -1, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 2, body.data(), static_cast<int>(bytes), SQLITE_STATIC);
            sqlite3_step(insert);
            sqlite3_reset(insert);
            if (n % 100 == 99) execute(database, "COMMIT");
        }
    });
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return taken;
}

/// What one withdrawal costs the store: about 15 row operations.
void oneChange(Writer& writer, const std::string& subject, int n) {
    writer.lock(subject);
    writer.recordsOf(subject);
    writer.events(subject);
    writer.eventsBinding("e:h-" + std::to_string(n));
    writer.effective(subject);
    writer.append(samples::event(subject, consent::Decision::Withdrawn));
    writer.putEffective(subject, {samples::effective("a", {}), samples::effective("b", 9)});
    writer.put(samples::record(subject, "sf", std::to_string(n)));
    for (const char* system : {"sellsy", "eudonet"}) {
        writer.target(subject, system);
        writer.put(samples::target(subject, system));
        writer.put(samples::targetRecord(subject, system, std::to_string(n)));
        writer.add(samples::delivery(subject, system));
    }
}

void benchWebhooks(Store& store, const Scratch& scratch) {
    constexpr int kCount = 60'000;
    auto webhook = samples::webhook("sf", "");
    webhook.body = std::string(400, 'b');
    const Taken durable = takenByThreads(kCount, [&](int n) {
        auto own = webhook;
        own.dedupe = std::to_string(n);
        store.write([&](Writer& writer) { writer.add(own); });
    });
    print("durable webhook inserts, 64 callers", kCount, durable);
    const Taken bare = takenByBare(scratch.path("bare.db"), kCount, 520);
    print("plain sqlite3, one thread, 100 rows per transaction", kCount, bare);
    std::printf("%-52s %9.2f\n", "store / plain sqlite3", bare.seconds / durable.seconds);
}

void benchChanges(Store& store) {
    constexpr int kCount = 10'000;
    std::vector<std::string> subjects(kCount);
    store.write([&](Writer& writer) {
        for (int n = 0; n < kCount; ++n) {
            subjects[static_cast<std::size_t>(n)] = writer.newSubject(1);
            writer.put(
                samples::record(subjects[static_cast<std::size_t>(n)], "sf", std::to_string(n)));
        }
    });
    const auto change = [&](int n) {
        store.write(
            [&](Writer& writer) { oneChange(writer, subjects[static_cast<std::size_t>(n)], n); });
    };
    print("full changes of 16 row operations, 64 callers", kCount, takenByThreads(kCount, change));
    const Taken reads = takenByThreads(kCount, [&](int n) {
        store.read([&](Reader& reader) {
            reader.subjectsHolding("e:h-" + std::to_string(n));
            reader.effective(subjects[static_cast<std::size_t>(n)]);
        });
    });
    print("answers by identifier, 64 callers", kCount, reads);
}

}  // namespace

int main() {
    const Scratch scratch;
    const auto store = scratch.open();
    const std::string page(1000, 'x');
    print("sealings of 1,000 bytes, one thread", 200'000, takenBy([&] {
              for (int n = 0; n < 200'000; ++n) scratch.vault().seal(page, "row");
          }));
    print("identifier hashes, one thread", 200'000, takenBy([&] {
              for (int n = 0; n < 200'000; ++n) scratch.vault().hash("d", "zoe@example.org");
          }));
    benchWebhooks(*store, scratch);
    benchChanges(*store);
    return 0;
}
