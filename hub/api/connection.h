// SPDX-License-Identifier: Apache-2.0
#pragma once
// One HTTP connection: requests become calls, replies go out, errors become problem+json here and
// nowhere else.

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/TCPServerConnection.h>

#include "hub/api/deadlines.h"
#include "hub/api/server.h"

namespace Poco::Net {
class HTTPServerRequestImpl;
class HTTPServerSession;
}  // namespace Poco::Net

namespace concordat::api {

/// What the connections of one server share. It outlives them.
struct ConnectionFrame {
    ServerOptions options;
    Server::Handler handler;
    Deadlines& deadlines;
    mutable Poco::Net::HTTPServerParams::Ptr parameters;  // Poco counts it
};

/// Runs on one thread of the server's pool until the caller leaves or is sent away. [http]
class Connection : public Poco::Net::TCPServerConnection {
 public:
    Connection(const Poco::Net::StreamSocket& socket, const ConnectionFrame& frame);
    void run() override;

 private:
    bool serve(Poco::Net::HTTPServerSession& session, Deadlines::Watch& watch);
    bool answer(Poco::Net::HTTPServerRequestImpl& request, Deadlines::Watch& watch);
    Reply replyTo(Poco::Net::HTTPServerRequestImpl& request, Deadlines::Watch& watch, bool& isRead);
    void refuse(Deadlines::Watch& watch);
    void send(const Reply& reply, bool withBody, bool keepAlive);

    const ConnectionFrame& frame_;
};

}  // namespace concordat::api
