// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one thread of all connections of a server: accepts, reads, hands calls on, sends replies, and
// ends who takes too long.

#include <atomic>
#include <chrono>
#include <unordered_map>

#include <Poco/Net/ServerSocket.h>

#include "hub/api/connection.h"
#include "hub/api/server.h"

namespace concordat::api {

/// Runs from construction to destruction; rests while nothing happens.
class Loop {
 public:
    /// `onSweep` is called every quarter of a second while there are connections. [loop]
    Loop(const ServerOptions& options,
         const Poco::Net::ServerSocket& socket,
         Server::Receiver receiver,
         std::function<void()> onSweep);
    /// Sends what is finished, and ends every connection.
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    int connections() const { return count_; }

 private:
    using SteadyTime = Connection::SteadyTime;

    void run();
    void turn();
    void accept();
    void listen(bool isWanted);
    void serve(std::uint64_t serial, std::uint32_t events);
    void advance(std::uint64_t serial, Connection& connection);
    void sendFinished();
    void end(std::uint64_t serial);
    void sweep(SteadyTime now);
    std::chrono::milliseconds limitOf(Phase phase) const;
    int restMs() const;

    const ServerOptions options_;
    const Poco::Net::ServerSocket listener_;
    const Server::Receiver receiver_;
    const std::function<void()> onSweep_;
    const std::shared_ptr<Outbox> outbox_;
    const int epoll_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::uint64_t lastSerial_;
    bool isListening_ = true;
    SteadyTime sweepAt_;
    std::atomic<int> count_ = 0;
    std::atomic<bool> isStopping_ = false;
    std::jthread thread_;
};

}  // namespace concordat::api
