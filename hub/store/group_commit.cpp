// SPDX-License-Identifier: Apache-2.0
#include "hub/store/group_commit.h"

#include <chrono>

#include "hub/consent/error.h"

namespace concordat::store {

namespace {

constexpr std::chrono::microseconds kGathering(300);

/// Where a thread waits for its unit. It outlives the unit, so that waking it touches nothing that
/// is gone.
struct Waiter {
    std::mutex mutex;  // guards done
    std::condition_variable changed;
    bool done = false;

    void wait() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return done; });
        done = false;
    }
    void wake() {
        const std::lock_guard lock(mutex);
        done = true;
        changed.notify_one();
    }
};

Waiter& waiterOfThread() {
    thread_local Waiter waiter;
    return waiter;
}

}  // namespace

struct GroupCommit::Unit {
    const std::function<void()>& work;
    Waiter& waiter;
    std::exception_ptr error;
};

GroupCommit::GroupCommit(Transaction& transaction)
    : transaction_(transaction), thread_([this] { loop(); }) {}

GroupCommit::~GroupCommit() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

void GroupCommit::run(const std::function<void()>& work) {
    if (std::this_thread::get_id() == thread_.get_id())
        throw StoreError("a unit of work must not start another; this is a fault in the hub");
    Unit unit{work, waiterOfThread(), nullptr};
    {
        const std::lock_guard lock(mutex_);
        if (closing_) throw StoreError("the store is closing; nothing more is accepted");
        waiting_.push_back(&unit);
        if (waiting_.size() == 1 || waiting_.size() == expected_) arrived_.notify_one();
    }
    unit.waiter.wait();
    if (unit.error) std::rethrow_exception(unit.error);
}

bool GroupCommit::takeWaiting(std::vector<Unit*>& units) {
    units.clear();
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    // Those of the last group are just coming back: one sync for all of them is worth a moment. A
    // single caller never waits.
    if (expected_ > 1)
        arrived_.wait_for(lock, kGathering,
                          [this] { return closing_ || waiting_.size() >= expected_; });
    units.swap(waiting_);
    expected_ = units.size();
    return !units.empty();
}

void GroupCommit::loop() {
    std::vector<Unit*> units;
    while (takeWaiting(units)) {
        runGroup(units);
        for (Unit* unit : units) unit->waiter.wake();
    }
}

void GroupCommit::runGroup(const std::vector<Unit*>& units) {
    try {
        transaction_.begin();
        for (Unit* unit : units) {
            try {
                transaction_.run(unit->work, units.size() == 1);
            } catch (...) {
                unit->error = std::current_exception();
                // The engine gave up everything, so the others have the same reason to fail.
                if (!transaction_.lives()) std::rethrow_exception(unit->error);
            }
        }
        transaction_.commit();
    } catch (...) {
        transaction_.rollback();
        fail(units, std::current_exception());
    }
}

void GroupCommit::fail(const std::vector<Unit*>& units, const std::exception_ptr& error) {
    for (Unit* unit : units)
        if (!unit->error) unit->error = error;
}

}  // namespace concordat::store
