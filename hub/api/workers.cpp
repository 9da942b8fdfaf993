// SPDX-License-Identifier: Apache-2.0
#include "hub/api/workers.h"

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr int kStackBytes = 256 * 1024;
constexpr std::chrono::seconds kThreadIdle{10};
constexpr std::chrono::seconds kQueuePatience{20};

}  // namespace

Workers::Workers(const std::string& name, int most, Server::Handler handler)
    : handler_(std::move(handler)),
      most_(most),
      // Twice, since a thread that ends is still the pool's for a moment.
      pool_(name, 1, 2 * most, static_cast<int>(kThreadIdle.count()), kStackBytes) {}

Workers::~Workers() {
    {
        const std::lock_guard lock(mutex_);
        isClosing_ = true;
        waiting_.clear();
    }
    arrived_.notify_all();
    pool_.joinAll();
}

void Workers::take(Call&& call, const Ticket& ticket) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= static_cast<std::size_t>(resting_) && running_ < most_) {
        pool_.start(*this);
        ++running_;
    }
    waiting_.push_back({std::move(call), ticket, std::chrono::steady_clock::now()});
    arrived_.notify_one();
}

/// Nothing, and the thread ends, when there was nothing to do for a while.
std::optional<Workers::Job> Workers::next() {
    std::unique_lock lock(mutex_);
    ++resting_;
    arrived_.wait_for(lock, kThreadIdle, [this] { return isClosing_ || !waiting_.empty(); });
    --resting_;
    if (waiting_.empty()) {
        --running_;
        return std::nullopt;
    }
    std::optional<Job> job(std::move(waiting_.front()));
    waiting_.pop_front();
    return job;
}

void Workers::run() {
    while (auto job = next()) {
        try {
            job->ticket.answer(handler_(job->call));
        } catch (...) {
            job->ticket.answer(failed(std::current_exception(), job->call.path));
        }
    }
}

void Workers::sendAwayWhoWaits() {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    for (; !waiting_.empty() && now - waiting_.front().since > kQueuePatience; waiting_.pop_front())
        waiting_.front().ticket.answer(
            problem(503, "the hub is busy with other calls: try again in a moment",
                    waiting_.front().call.path));
}

}  // namespace concordat::api
