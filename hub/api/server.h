// SPDX-License-Identifier: Apache-2.0
#pragma once
// A listening HTTP server: one thread for all connections, bounded connections, time limits.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "hub/api/http.h"
#include "hub/api/ticket.h"

namespace concordat::api {

struct ServerOptions {
    std::string name;  ///< for the log and the threads
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;   ///< 0: any free one
    int connections = 1'024;  ///< at once; when all are taken, who sends nothing makes room
    int workers = 64;         ///< calls worked on at once by a Handler
    std::size_t largestBody = 1U << 20U;
    int idleSeconds = 15;
    int readSeconds = 10;                        ///< for a whole head, and again for a whole body
    std::map<std::string, std::string> headers;  ///< of every reply
};

/// Answers calls from the constructor on until destroyed. Throws ConfigError if the port cannot be
/// had.
class Server {
 public:
    /// Runs on a thread of its own [http]; an Error it throws becomes problem+json with the error's
    /// status.
    using Handler = std::function<Reply(Call&)>;
    /// Runs on the thread of all connections [loop], so it must not wait; the reply may come later,
    /// from anywhere.
    using Receiver = std::function<void(Call&&, const Ticket&)>;

    Server(const ServerOptions& options, Handler handler);
    Server(const ServerOptions& options, Receiver receiver);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    /// Open ones. [any]
    int connections() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace concordat::api
