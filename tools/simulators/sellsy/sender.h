// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>

namespace concordat::simulators::sellsy {

/// One webhook call on its way.
struct Delivery {
    std::int64_t webhook = 0;
    std::string url;
    std::string contentType;
    std::string body;
    std::string signature;  ///< hex(SHA1(key + body)); empty: none
};

/// How badly deliveries travel.
struct Mishaps {
    double drop = 0;     ///< chance that a delivery is lost
    double twice = 0;    ///< chance that it comes twice
    int delay_ms = 0;    ///< before each one
    int reorder_ms = 0;  ///< every other delivery waits this much longer
};

/// Posts webhook calls from a thread of its own over kept-alive connections: it does not wait for
/// the caller, does not try again, and tells only whether a 2xx came back. [any]
class Sender {
 public:
    using Outcome = std::function<void(std::int64_t webhook, bool succeeded)>;

    /// `outcome` is called from the sender's thread.
    Sender(std::uint64_t seed, Outcome outcome);
    /// Stops; what is still queued is lost.
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    void send(Delivery delivery);
    void setMishaps(const Mishaps& mishaps);
    Mishaps mishaps() const;
    /// How many wait or are under way.
    std::size_t pending() const;

 private:
    using Clock = std::chrono::steady_clock;

    void queue(const Delivery& delivery, int extraMs);
    void run();

    const Outcome outcome_;
    mutable std::mutex mutex_;  // guards all below
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Delivery> queue_;
    Mishaps mishaps_;
    std::mt19937_64 dice_;
    std::uint64_t sent_ = 0;
    bool busy_ = false;
    bool stopping_ = false;
    std::thread worker_;
};

}  // namespace concordat::simulators::sellsy
