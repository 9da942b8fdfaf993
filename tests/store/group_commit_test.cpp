// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <stdexcept>
#include <thread>

#include "tests/store/samples.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;

TEST_CASE("64 threads write at once; those that fail harm nobody else") {
    const Scratch scratch;
    const auto store = scratch.open();
    std::atomic<int> accepted = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 64; ++t)
        threads.emplace_back([&, t] {
            for (int n = 0; n < 20; ++n) {
                try {
                    store->write([&](Writer& writer) {
                        writer.newSubject(1);
                        writer.add(samples::webhook("sf", std::to_string(t * 100 + n)));
                        if (n % 5 == 4) throw std::runtime_error("no");
                    });
                    ++accepted;
                } catch (const std::runtime_error&) {
                    ++refused;
                }
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(accepted == 64 * 16);
    CHECK(refused == 64 * 4);
    store->read([](Reader& reader) {
        CHECK(reader.subjectCount() == 64 * 16);
        CHECK(reader.webhooks("sf", 10'000).size() == 64 * 16);
    });
    CHECK(store->integrityProblems().empty());
}

TEST_CASE("readers and writers do not wait for each other, with fewer sessions than threads") {
    const Scratch scratch;
    const auto store = scratch.open();
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n)
                store->read([&](Reader& outer) {
                    store->write([](Writer& writer) { writer.newSubject(1); });
                    store->read([&](Reader& inner) {
                        if (inner.subjectCount() == outer.subjectCount()) ++done;
                    });
                });
        });
    for (auto& thread : threads) thread.join();
    CHECK(done == 16 * 20);
}

TEST_CASE("a value that is refused by a column undoes its own unit only") {
    const Scratch scratch;
    const auto store = scratch.open();
    CHECK_THROWS_AS(store->write([](Writer& writer) {
        writer.newSubject(1);
        writer.putEffective("not hex", {});
    }),
                    StoreError);
    store->write([](Writer& writer) { writer.newSubject(1); });
    store->read([](Reader& reader) { CHECK(reader.subjectCount() == 1); });
}
