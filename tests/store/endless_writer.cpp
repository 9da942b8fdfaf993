// SPDX-License-Identifier: Apache-2.0
// Writes withdrawals from four threads until it is killed, and tells each accepted number on its
// output. Arguments: database, journal, key file, first number.
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "hub/store/sqlite_store.h"
#include "tests/store/samples.h"

using namespace concordat;
using namespace concordat::store;

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const Vault vault(arguments[3]);
    StoreOptions options;
    options.database = arguments[1];
    options.journal = arguments[2];
    SqliteStore store(options, vault);
    const int first = std::stoi(arguments[4]);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int n = first + t;; n += 4) {
                store.write([&](Writer& writer) {
                    const auto subject = writer.newSubject(1);
                    auto event = samples::event(subject, consent::Decision::Withdrawn);
                    event.id = "E" + std::to_string(n);
                    writer.append(event);
                    writer.put(samples::record(subject, "sf", std::to_string(n)));
                });
                if (write(STDOUT_FILENO, &n, sizeof n) != sizeof n) _exit(1);
            }
        });
    for (auto& thread : threads) thread.join();
    return 0;
}
