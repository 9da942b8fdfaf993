// SPDX-License-Identifier: Apache-2.0
#pragma once
// A listening HTTP server over Poco: its own pool of threads, bounded connections, time limits.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "hub/api/http.h"

namespace concordat::api {

struct ServerOptions {
    std::string name;  ///< for the log and the threads
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;   ///< 0: any free one
    int connections = 1'024;  ///< at once; each has a thread while open, since Poco ties them
    std::size_t largestBody = 1U << 20U;
    int idleSeconds = 15;
    int readSeconds = 10;                        ///< for a whole head, and again for a whole body
    std::map<std::string, std::string> headers;  ///< of every reply
};

/// Answers calls from the constructor on until destroyed. `handler` runs on the connection's thread
/// [http]; an Error it throws becomes problem+json with the error's status. Throws ConfigError if
/// the port cannot be had.
class Server {
 public:
    using Handler = std::function<Reply(Call&)>;
    Server(const ServerOptions& options, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    /// Open ones; those that were refused because all were taken, since the start. [any]
    int connections() const;
    int refused() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace concordat::api
