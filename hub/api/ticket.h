// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way back of a reply: from whichever thread finished it to the loop that sends it.

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hub/api/http.h"

namespace concordat::api {

/// Replies that wait for their loop; it is woken once for all that come before it looks.
class Outbox {
 public:
    struct Finished {
        std::uint64_t connection = 0;
        Reply reply;
    };

    /// Throws ConfigError when no descriptor is left.
    Outbox();
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    /// [any]
    void put(std::uint64_t connection, Reply reply);
    /// Its own replies need not wake the loop, which looks before it rests. [loop] Before any call.
    void belongToThisThread() { owner_ = std::this_thread::get_id(); }
    /// [loop]
    std::vector<Finished> take();
    bool hasSome() const;
    /// Makes the descriptor readable, and no longer. [any] [loop]
    void wake() const;
    void rest() const;
    /// Readable when there is something to take.
    int descriptor() const { return descriptor_; }

 private:
    const int descriptor_;
    std::thread::id owner_;
    mutable std::mutex mutex_;  // guards finished_
    std::vector<Finished> finished_;
};

/// Answers one call, once, also when its connection or server has gone by then. [any]
class Ticket {
 public:
    Ticket(std::shared_ptr<Outbox> outbox, std::uint64_t connection)
        : outbox_(std::move(outbox)), connection_(connection) {}
    void answer(Reply reply) const { outbox_->put(connection_, std::move(reply)); }

 private:
    std::shared_ptr<Outbox> outbox_;  // shared: a call may outlast its server
    std::uint64_t connection_;
};

}  // namespace concordat::api
