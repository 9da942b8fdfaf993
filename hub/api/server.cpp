// SPDX-License-Identifier: Apache-2.0
#include "hub/api/server.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include "hub/api/connection.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr int kStackBytes = 256 * 1024;
constexpr int kThreadIdleSeconds = 30;

class Connections : public Poco::Net::TCPServerConnectionFactory {
 public:
    explicit Connections(const ConnectionFrame& frame) : frame_(frame) {}
    Poco::Net::TCPServerConnection* createConnection(
        const Poco::Net::StreamSocket& socket) override {
        return std::make_unique<Connection>(socket, frame_).release();
    }

 private:
    const ConnectionFrame& frame_;
};

Poco::Net::ServerSocket listenOn(const ServerOptions& options) {
    try {
        const Poco::Net::SocketAddress address(options.address, options.port);
        Poco::Net::ServerSocket socket;
        socket.bind(address, true, false);
        socket.listen(1'024);
        return socket;
    } catch (const Poco::Exception&) {
        throw ConfigError("cannot listen on " + options.address + ":" +
                          std::to_string(options.port) + " for " + options.name +
                          ": the port is taken or not allowed; choose another in hub.yaml");
    }
}

Poco::Net::HTTPServerParams::Ptr parametersOf(const ServerOptions& options) {
    Poco::Net::HTTPServerParams::Ptr parameters(new Poco::Net::HTTPServerParams);  // Poco counts it
    parameters->setMaxThreads(options.connections);
    parameters->setMaxQueued(options.connections);
    parameters->setKeepAlive(true);
    parameters->setMaxKeepAliveRequests(0);
    parameters->setKeepAliveTimeout(Poco::Timespan(options.idleSeconds, 0));
    parameters->setTimeout(Poco::Timespan(options.readSeconds, 0));
    return parameters;
}

PhaseLimits limitsOf(const ServerOptions& options) {
    PhaseLimits limits;
    limits.idle = std::chrono::seconds(options.idleSeconds);
    limits.receiving = std::chrono::seconds(options.readSeconds);
    limits.crowd = static_cast<std::size_t>(options.connections);
    return limits;
}

}  // namespace

struct Server::Impl {
    Impl(const ServerOptions& options, Handler handler)
        : deadlines(limitsOf(options)),
          frame{options, std::move(handler), deadlines, parametersOf(options)},
          pool(options.name, 2, options.connections + 2, kThreadIdleSeconds, kStackBytes),
          socket(listenOn(options)),
          server(std::make_unique<Connections>(frame).release(), pool, socket, frame.parameters) {}

    Deadlines deadlines;
    ConnectionFrame frame;
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    Poco::Net::TCPServer server;
};

Server::Server(const ServerOptions& options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {
    impl_->server.start();
}

Server::~Server() {
    // Poco looks only every 250 ms whether it should stop accepting; this wakes it.
    impl_->socket.impl()->shutdownReceive();
    impl_->server.stop();
    impl_->deadlines.close();
    impl_->pool.joinAll();
}

std::uint16_t Server::port() const { return impl_->socket.address().port(); }

int Server::connections() const { return impl_->server.currentConnections(); }

int Server::refused() const { return impl_->server.refusedConnections(); }

}  // namespace concordat::api
