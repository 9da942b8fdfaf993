// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ends connections that take too long over one thing: a socket's own time limit begins anew with
// every byte, so that byte-by-byte senders would hold a connection for ever.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include <Poco/Net/StreamSocket.h>

namespace concordat::api {

/// What a connection is at. `Working`: the hub's own time, not limited.
enum class Phase { Idle, Head, Body, Working, Sending };

struct PhaseLimits {
    std::chrono::milliseconds idle{15'000};
    std::chrono::milliseconds receiving{10'000};  ///< a whole head, or a whole body
    std::chrono::milliseconds sending{30'000};
    std::size_t crowd = 64;  ///< from so many connections on, who sends nothing makes room
};

/// [any] One thread, which rests while there are no connections.
class Deadlines {
 public:
    /// One connection, watched while this lives. `enter` is called on the connection's thread.
    class Watch {
     public:
        Watch(Deadlines& deadlines, Poco::Net::StreamSocket socket);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        void enter(Phase phase);

     private:
        friend class Deadlines;
        Deadlines& deadlines_;
        Poco::Net::StreamSocket socket_;
        std::atomic<Phase> phase_ = Phase::Idle;
        std::atomic<std::chrono::steady_clock::time_point> since_;
        std::list<Watch*>::iterator place_;
    };

    explicit Deadlines(const PhaseLimits& limits);
    /// Ends every connection, also those that come from now on.
    void close();

 private:
    void run(const std::stop_token& stop);
    void sweep();
    std::chrono::milliseconds limitOf(Phase phase) const;

    const PhaseLimits limits_;
    std::mutex mutex_;  // guards watches_, closed_
    std::condition_variable_any changed_;
    std::list<Watch*> watches_;
    bool closed_ = false;
    std::jthread thread_;
};

}  // namespace concordat::api
