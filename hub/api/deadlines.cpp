// SPDX-License-Identifier: Apache-2.0
#include "hub/api/deadlines.h"

namespace concordat::api {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSweep{250};
constexpr milliseconds kCrowdedIdle{250};
constexpr milliseconds kCrowdedHead{1'000};

/// Whoever reads or writes the socket is woken with an end; closing it is up to them.
void end(Poco::Net::StreamSocket& socket) {
    try {
        socket.shutdown();
    } catch (const Poco::Exception&) {
        return;  // It has ended by itself.
    }
}

}  // namespace

Deadlines::Watch::Watch(Deadlines& deadlines, Poco::Net::StreamSocket socket)
    : deadlines_(deadlines), socket_(std::move(socket)), since_(steady_clock::now()) {
    const std::lock_guard lock(deadlines_.mutex_);
    place_ = deadlines_.watches_.insert(deadlines_.watches_.end(), this);
    if (deadlines_.closed_) end(socket_);
    deadlines_.changed_.notify_all();
}

Deadlines::Watch::~Watch() {
    const std::lock_guard lock(deadlines_.mutex_);
    deadlines_.watches_.erase(place_);
}

void Deadlines::Watch::enter(Phase phase) {
    since_ = steady_clock::now();
    phase_ = phase;
}

Deadlines::Deadlines(const PhaseLimits& limits)
    : limits_(limits), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Deadlines::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (Watch* watch : watches_) end(watch->socket_);
}

milliseconds Deadlines::limitOf(Phase phase) const {
    const bool crowded = watches_.size() >= limits_.crowd;
    switch (phase) {
        case Phase::Idle:
            return crowded ? kCrowdedIdle : limits_.idle;
        case Phase::Head:
            return crowded ? kCrowdedHead : limits_.receiving;
        case Phase::Body:
            return limits_.receiving;
        case Phase::Sending:
            return limits_.sending;
        case Phase::Working:
            break;
    }
    return milliseconds::max();
}

void Deadlines::sweep() {
    const auto now = steady_clock::now();
    for (Watch* watch : watches_) {
        const auto limit = limitOf(watch->phase_);
        if (limit != milliseconds::max() && now - watch->since_.load() > limit) end(watch->socket_);
    }
}

void Deadlines::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        changed_.wait(lock, stop, [this] { return !watches_.empty(); });
        changed_.wait_for(lock, stop, kSweep, [] { return false; });
        sweep();
    }
}

}  // namespace concordat::api
