// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace concordat::store {

/// One transaction of many units. All calls come from the thread of GroupCommit.
class Transaction {
 public:
    virtual ~Transaction() = default;
    virtual void begin() = 0;
    /// Undoes only what `work` did if it throws, and throws it on. `isAlone`: there is no other
    /// unit, so the whole transaction may be given up instead.
    virtual void run(const std::function<void()>& work, bool isAlone) = 0;
    /// False once the transaction was given up: nothing of it will last.
    virtual bool lives() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    /// Nothing has come for a while.
    virtual void rest() = 0;
};

/// Runs units of work on one thread, all that wait in one transaction, so that they share the price
/// of making it durable. [any]
class GroupCommit {
 public:
    /// `transaction` must live as long.
    explicit GroupCommit(Transaction& transaction);
    /// Finishes what waits.
    ~GroupCommit();

    /// Returns when `work` is durable; throws what it threw, or why it could not be made durable.
    void run(const std::function<void()>& work);

 private:
    struct Unit {
        const std::function<void()>& work;
        std::exception_ptr error;
    };
    /// The units of one transaction. Their callers wait for `isDone` and are woken together.
    struct Group {
        std::vector<Unit*> units;
        std::atomic<int> isDone = 0;
    };

    void loop();
    std::shared_ptr<Group> takeWaiting();
    void runGroup(const std::vector<Unit*>& units);
    static void fail(const std::vector<Unit*>& units, const std::exception_ptr& error);

    Transaction& transaction_;
    std::mutex mutex_;  // guards waiting_, expected_, closing_
    std::condition_variable arrived_;
    std::shared_ptr<Group> waiting_ = std::make_shared<Group>();
    std::size_t expected_ = 0;  ///< size of the last group
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace concordat::store
