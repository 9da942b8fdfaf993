// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "hub/store/reading.h"

namespace concordat::store {

/// One connection that reads, with its statements. One thread at a time.
class ReadSession {
 public:
    ReadSession(const std::string& database, const Vault& vault, const Clock& now);
    /// All reads until end() see the same moment.
    void begin() {
        begin_.run();
        tables_.people.forget();
    }
    void end() noexcept;
    Reader& reader() { return reader_; }
    Tables& tables() { return tables_; }
    Connection& connection() { return connection_; }

 private:
    Connection connection_;
    Tables tables_;
    Reading<Reader> reader_;
    Statement begin_, end_;
};

/// A fixed number of read sessions. All are opened at the start: opening one needs a thread of
/// Poco's default pool, which may be taken later. [any]
class ReaderPool {
 public:
    ReaderPool(const std::string& database, int sessions, const Vault& vault, const Clock& now);
    /// Waits for a session, and hands it to `work` with a snapshot begun.
    void use(const std::function<void(ReadSession&)>& work);

 private:
    std::vector<std::unique_ptr<ReadSession>> sessions_;
    std::mutex mutex_;  // guards free_
    std::condition_variable freed_;
    std::vector<ReadSession*> free_;
};

}  // namespace concordat::store
