// SPDX-License-Identifier: Apache-2.0
#include "hub/api/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include <Poco/Net/StreamSocketImpl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kSweep{250};
constexpr milliseconds kCrowdedIdle{250};
constexpr milliseconds kCrowdedHead{1'000};
constexpr seconds kSending{30};
constexpr std::uint64_t kListener = 0;
constexpr std::uint64_t kOutbox = 1;

void watch(int epoll, int descriptor, std::uint32_t events, std::uint64_t serial) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = serial;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw ConfigError("a server cannot watch its sockets: raise the limit of open files");
}

}  // namespace

Loop::Loop(const ServerOptions& options,
           const Poco::Net::ServerSocket& socket,
           Server::Receiver receiver,
           std::function<void()> onSweep)
    : options_(options),
      listener_(socket),
      receiver_(std::move(receiver)),
      onSweep_(std::move(onSweep)),
      outbox_(std::make_shared<Outbox>()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      lastSerial_(kOutbox) {
    watch(epoll_, listener_.impl()->sockfd(), EPOLLIN, kListener);
    watch(epoll_, outbox_->descriptor(), EPOLLIN, kOutbox);
    thread_ = std::jthread([this] { run(); });
}

Loop::~Loop() {
    isStopping_ = true;
    outbox_->wake();
    thread_.join();
    ::close(epoll_);
}

void Loop::run() {
    outbox_->belongToThisThread();
    while (!isStopping_) turn();
    sendFinished();
    connections_.clear();
}

void Loop::turn() {
    std::array<epoll_event, 128> events;
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), restMs());
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        if (event.data.u64 == kListener)
            accept();
        else if (event.data.u64 == kOutbox)
            outbox_->rest();
        else
            serve(event.data.u64, event.events);
    }
    sendFinished();
    const auto now = steady_clock::now();
    if (now >= sweepAt_ && (!connections_.empty() || !isListening_)) sweep(now);
}

int Loop::restMs() const {
    if (outbox_->hasSome()) return 0;
    if (connections_.empty() && isListening_) return -1;
    const auto left = std::chrono::ceil<milliseconds>(sweepAt_ - steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, kSweep.count()));
}

void Loop::accept() {
    constexpr int kAtOnce = 64;  // who is connected already has its turn between
    for (int i = 0; i < kAtOnce; ++i) {
        if (connections_.size() >= static_cast<std::size_t>(options_.connections))
            return listen(false);
        const int descriptor =
            ::accept4(listener_.impl()->sockfd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            // Out of descriptors: those who wait stay in the queue until some are free.
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) listen(false);
            return;
        }
        const std::uint64_t serial = ++lastSerial_;
        try {
            const Poco::Net::StreamSocket socket(
                new Poco::Net::StreamSocketImpl(descriptor));  // Poco counts it
            auto connection = std::make_unique<Connection>(socket, options_.largestBody);
            watch(epoll_, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, serial);
            connections_.emplace(serial, std::move(connection));
        } catch (const Poco::Exception&) {
            continue;  // It has gone already.
        }
        count_ = static_cast<int>(connections_.size());
    }
}

void Loop::listen(bool isWanted) {
    if (isWanted == isListening_) return;
    isListening_ = isWanted;
    epoll_event event{};
    event.events = isWanted ? static_cast<std::uint32_t>(EPOLLIN) : 0U;
    event.data.u64 = kListener;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, listener_.impl()->sockfd(), &event);
}

void Loop::serve(std::uint64_t serial, std::uint32_t events) {
    const auto found = connections_.find(serial);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        connection.becameReadable((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    if ((events & EPOLLOUT) != 0) connection.becameWritable();
    advance(serial, connection);
}

void Loop::advance(std::uint64_t serial, Connection& connection) {
    if (auto call = connection.read()) {
        const Ticket ticket(outbox_, serial);
        const std::string path = call->path;
        try {
            receiver_(std::move(*call), ticket);
        } catch (...) {
            ticket.answer(failed(std::current_exception(), path));
        }
    }
    if (connection.phase() == Phase::Closed) end(serial);
}

void Loop::sendFinished() {
    for (const Outbox::Finished& finished : outbox_->take()) {
        const auto found = connections_.find(finished.connection);
        if (found == connections_.end() || found->second->phase() != Phase::Working) continue;
        found->second->send(finished.reply, options_.headers);
        advance(finished.connection, *found->second);
    }
}

void Loop::end(std::uint64_t serial) {
    const auto found = connections_.find(serial);
    // Taken over, its socket lives on.
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, found->second->descriptor(), nullptr);
    found->second->handOver();
    connections_.erase(found);
    count_ = static_cast<int>(connections_.size());
    listen(true);
}

milliseconds Loop::limitOf(Phase phase) const {
    const bool crowded = connections_.size() >= static_cast<std::size_t>(options_.connections);
    switch (phase) {
        case Phase::Idle:
            return crowded ? kCrowdedIdle : seconds(options_.idleSeconds);
        case Phase::Head:
            return crowded ? kCrowdedHead : seconds(options_.readSeconds);
        case Phase::Body:
        case Phase::Draining:
            return seconds(options_.readSeconds);
        case Phase::Sending:
            return kSending;
        case Phase::Working:
        case Phase::Closed:
            break;
    }
    return milliseconds::max();
}

void Loop::sweep(SteadyTime now) {
    sweepAt_ = now + kSweep;
    std::vector<std::uint64_t> late;
    for (const auto& [serial, connection] : connections_) {
        const auto limit = limitOf(connection->phase());
        if (limit != milliseconds::max() && now - connection->since() > limit)
            late.push_back(serial);
    }
    for (const std::uint64_t serial : late) end(serial);
    listen(true);
    onSweep_();
}

}  // namespace concordat::api
