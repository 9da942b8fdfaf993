// SPDX-License-Identifier: Apache-2.0
#pragma once
// One HTTP/1.1 client connection to this machine that never blocks, for programs that hold hundreds
// of them on one thread.

#include <cstdint>
#include <string>

namespace concordat::bench {

/// Not thread-safe. Owns its socket.
class Connection {
 public:
    /// Connects to 127.0.0.1. Throws std::runtime_error if nobody listens there.
    explicit Connection(std::uint16_t port);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int descriptor() const { return descriptor_; }
    /// Adds to what is to be sent and sends what the socket takes. False: the other side has
    /// closed.
    bool send(const std::string& bytes);
    /// Sends on what is left. False: the other side has closed.
    bool flush();
    bool hasMore() const { return !out_.empty(); }
    /// Reads what has come. False: the other side has closed.
    bool receive();
    /// The status of the reply that has come whole, which is taken out; 0 if none has. Replies have
    /// a Content-Length or no body.
    int takeReply();
    /// Forgets what has come.
    void discard() { in_.clear(); }

 private:
    int descriptor_;
    std::string out_;
    std::string in_;
};

}  // namespace concordat::bench
