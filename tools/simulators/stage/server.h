// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "tools/simulators/stage/http.h"

namespace concordat::simulators {

/// Answers one request; called by many threads at once, may block. Exceptions become a 500.
using Answer = std::function<Reply(const Request&)>;

/// An HTTP/1.1 server on 127.0.0.1 with keep-alive. One thread serves one open connection, so
/// `threads` bounds the connections served at the same time.
class HttpServer {
 public:
    /// Binds and starts. Port 0 takes a free one. Throws Poco::Exception when the port is taken.
    HttpServer(std::uint16_t port, int threads, Answer answer);
    /// Stops if that has not been done. [main]
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// The port that is listened on. [any]
    std::uint16_t port() const;
    /// Closes the listener and all connections; answers under way are not delivered. [main]
    void stop();

 private:
    struct Listener;
    std::unique_ptr<Listener> listener_;
};

/// Blocks SIGINT and SIGTERM for this thread and those it starts later. Call first in main().
void holdStopSignals();
/// Waits until SIGINT or SIGTERM arrives. Needs holdStopSignals(). [main]
void awaitStopSignal();

}  // namespace concordat::simulators
