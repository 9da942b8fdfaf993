// SPDX-License-Identifier: Apache-2.0
#pragma once
// One HTTP connection: requests become calls, replies go out. It never waits.

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include <Poco/Net/StreamSocket.h>

#include "hub/api/request_reader.h"

namespace concordat::api {

/// What a connection is at. `Working`: the hub's own time, not limited. `Draining`: it was refused
/// something and is read to its end, so that its sender sees the reply.
enum class Phase { Idle, Head, Body, Working, Sending, Draining, Closed };

/// Its loop tells it what its socket is ready for, and closes it once its phase says so. [loop]
class Connection {
 public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using Headers = std::map<std::string, std::string>;

    /// The socket must not block.
    Connection(const Poco::Net::StreamSocket& socket, std::size_t largestBody);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// `isEnding`: the other side sends no more.
    void becameReadable(bool isEnding);
    void becameWritable();
    /// The next call, when one is whole. Does nothing while an earlier one is worked on.
    std::optional<Call> read();
    /// Answers the call given last; `headers` are added to the reply's own.
    void send(const Reply& reply, const Headers& headers);
    /// Hands the socket of a closed connection to who takes it over, if anybody does.
    void handOver();

    Phase phase() const { return phase_; }
    SteadyTime since() const { return since_; }
    int descriptor() const;

 private:
    void enter(Phase phase);
    bool fill();
    void drain();
    void refuse(const Reply& reply);
    void flush();

    Poco::Net::StreamSocket socket_;
    const std::string peer_;
    RequestReader reader_;
    Phase phase_ = Phase::Idle;
    SteadyTime since_;
    bool isReadable_ = true;
    bool isEnding_ = false;
    bool isBodyWanted_ = true;
    Phase afterSending_ = Phase::Idle;
    std::string out_;
    std::size_t sent_ = 0;
    std::size_t drained_ = 0;
    std::function<void(const Poco::Net::StreamSocket&)> takeOver_;
};

}  // namespace concordat::api
