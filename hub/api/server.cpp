// SPDX-License-Identifier: Apache-2.0
#include "hub/api/server.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include "hub/api/loop.h"
#include "hub/api/workers.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

Poco::Net::ServerSocket listenOn(const ServerOptions& options) {
    try {
        const Poco::Net::SocketAddress address(options.address, options.port);
        Poco::Net::ServerSocket socket;
        socket.bind(address, true, false);
        socket.listen(1'024);
        socket.setBlocking(false);
        return socket;
    } catch (const Poco::Exception&) {
        throw ConfigError("cannot listen on " + options.address + ":" +
                          std::to_string(options.port) + " for " + options.name +
                          ": the port is taken or not allowed; choose another in hub.yaml");
    }
}

}  // namespace

struct Server::Impl {
    Impl(const ServerOptions& options, Handler handler)
        : socket(listenOn(options)),
          workers(std::make_unique<Workers>(options.name, options.workers, std::move(handler))),
          loop(
              options,
              socket,
              [this](Call&& call, const Ticket& ticket) { workers->take(std::move(call), ticket); },
              [this] { workers->sendAwayWhoWaits(); }) {}

    Impl(const ServerOptions& options, Receiver receiver)
        : socket(listenOn(options)), loop(options, socket, std::move(receiver), [] {}) {}

    Poco::Net::ServerSocket socket;
    std::unique_ptr<Workers> workers;
    Loop loop;  // last: it ends before those it hands calls to
};

Server::Server(const ServerOptions& options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {}

Server::Server(const ServerOptions& options, Receiver receiver)
    : impl_(std::make_unique<Impl>(options, std::move(receiver))) {}

Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->socket.address().port(); }

int Server::connections() const { return impl_->loop.connections(); }

}  // namespace concordat::api
