// SPDX-License-Identifier: Apache-2.0
#pragma once
// Threads for calls that take their time: as many as are busy, up to a limit.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include "hub/api/server.h"

namespace concordat::api {

/// [any]
class Workers : public Poco::Runnable {
 public:
    Workers(const std::string& name, int most, Server::Handler handler);
    /// Finishes the calls that are worked on.
    ~Workers() override;

    void take(Call&& call, const Ticket& ticket);
    /// Calls that waited too long for a thread are told to come back.
    void sendAwayWhoWaits();

 private:
    struct Job {
        Call call;
        Ticket ticket;
        std::chrono::steady_clock::time_point since;
    };
    void run() override;
    std::optional<Job> next();

    const Server::Handler handler_;
    const int most_;
    Poco::ThreadPool pool_;
    std::mutex mutex_;  // guards all below
    std::condition_variable arrived_;
    std::deque<Job> waiting_;
    int running_ = 0;
    int resting_ = 0;
    bool isClosing_ = false;
};

}  // namespace concordat::api
