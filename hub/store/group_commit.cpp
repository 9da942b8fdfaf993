// SPDX-License-Identifier: Apache-2.0
#include "hub/store/group_commit.h"

#include <chrono>

#include "hub/consent/error.h"

namespace concordat::store {

namespace {

constexpr std::chrono::microseconds kGathering(300);
constexpr std::chrono::seconds kUntilRest(20);

}  // namespace

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
    Unit unit{work, nullptr};
    std::shared_ptr<Group> group;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) throw StoreError("the store is closing; nothing more is accepted");
        group = waiting_;
        group->units.push_back(&unit);
        const auto count = group->units.size();
        if (count == 1 || count == expected_) arrived_.notify_one();
    }
    group->isDone.wait(0);
    if (unit.error) std::rethrow_exception(unit.error);
}

std::shared_ptr<GroupCommit::Group> GroupCommit::takeWaiting() {
    auto next = std::make_shared<Group>();
    std::unique_lock lock(mutex_);
    const auto isCalled = [this] { return closing_ || !waiting_->units.empty(); };
    if (!arrived_.wait_for(lock, kUntilRest, isCalled)) {
        lock.unlock();
        transaction_.rest();
        lock.lock();
        arrived_.wait(lock, isCalled);
    }
    // Those of the last group are just coming back: one sync for all of them is worth a moment. A
    // single caller never waits.
    if (expected_ > 1)
        arrived_.wait_for(lock, kGathering,
                          [this] { return closing_ || waiting_->units.size() >= expected_; });
    next.swap(waiting_);
    expected_ = next->units.size();
    return next;
}

void GroupCommit::loop() {
    for (auto group = takeWaiting(); !group->units.empty(); group = takeWaiting()) {
        runGroup(group->units);
        group->isDone = 1;
        group->isDone.notify_all();
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
