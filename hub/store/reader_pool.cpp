// SPDX-License-Identifier: Apache-2.0
#include "hub/store/reader_pool.h"

#include <Poco/Logger.h>

namespace concordat::store {

ReadSession::ReadSession(const std::string& database, const Vault& vault, const Clock& now)
    : connection_(database, Access::ReadOnly),
      tables_(connection_, vault),
      reader_(tables_, now),
      begin_(connection_, "BEGIN"),
      end_(connection_, "COMMIT") {
    // Many sessions, each with a cache of its own; the machine keeps the file's pages for all.
    connection_.run("PRAGMA cache_size = -512");
}

void ReadSession::end() noexcept {
    try {
        if (connection_.inTransaction()) end_.run();
    } catch (const StoreError& error) {
        Poco::Logger::get("hub.store").error(error.message());
    }
}

ReaderPool::ReaderPool(const std::string& database,
                       int sessions,
                       const Vault& vault,
                       const Clock& now) {
    for (int i = 0; i < sessions; ++i) {
        sessions_.push_back(std::make_unique<ReadSession>(database, vault, now));
        free_.push_back(sessions_.back().get());
    }
}

void ReaderPool::use(const std::function<void(ReadSession&)>& work) {
    struct Loan {
        ReaderPool& pool;
        ReadSession* session = nullptr;

        explicit Loan(ReaderPool& from) : pool(from) {
            std::unique_lock lock(pool.mutex_);
            pool.freed_.wait(lock, [this] { return !pool.free_.empty(); });
            session = pool.free_.back();
            pool.free_.pop_back();
        }
        ~Loan() {
            session->end();
            {
                const std::lock_guard lock(pool.mutex_);
                pool.free_.push_back(session);
            }
            pool.freed_.notify_one();
        }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
    };
    const Loan loan(*this);
    loan.session->begin();
    work(*loan.session);
}

}  // namespace concordat::store
