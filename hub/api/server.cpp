// SPDX-License-Identifier: Apache-2.0
#include "hub/api/server.h"

#include <algorithm>
#include <atomic>

#include <Poco/Logger.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr int kStackBytes = 256 * 1024;
constexpr std::size_t kChunk = 16'384;

/// Reads the body, never more than `most` bytes. Throws RequestError 413.
std::string readBody(Poco::Net::HTTPServerRequest& request, std::size_t most) {
    const auto length = request.getContentLength64();
    const bool known = length != Poco::Net::HTTPMessage::UNKNOWN_CONTENT_LENGTH;
    if (!known && !request.getChunkedTransferEncoding()) return "";
    const std::string tooLarge =
        "the body is larger than " + std::to_string(most) + " bytes: send less at once";
    if (known && length > static_cast<Poco::Int64>(most)) throw RequestError(tooLarge, 413);
    std::string body;
    if (known) body.reserve(static_cast<std::size_t>(length));
    char buffer[kChunk];
    while (request.stream().read(buffer, kChunk), request.stream().gcount() > 0) {
        body.append(buffer, static_cast<std::size_t>(request.stream().gcount()));
        if (body.size() > most) throw RequestError(tooLarge, 413);
    }
    if (known && body.size() != static_cast<std::size_t>(length))
        throw RequestError("the body ended before its Content-Length");
    return body;
}

void fillTarget(Call& call, const std::string& target) {
    const auto mark = target.find('?');
    call.queryText = mark == std::string::npos ? "" : target.substr(mark + 1);
    try {
        Poco::URI::decode(target.substr(0, mark), call.path);
        if (!call.queryText.empty())
            for (auto& [name, value] : Poco::URI("/?" + call.queryText).getQueryParameters())
                call.query[name] = value;
    } catch (const Poco::SyntaxException&) {
        throw RequestError("the address is not a valid URL");
    }
}

Call callOf(Poco::Net::HTTPServerRequest& request, std::size_t largestBody) {
    Call call;
    call.method = request.getMethod();
    for (const auto& [name, value] : request) call.headers[Poco::toLower(name)] = value;
    call.peer = request.clientAddress().host().toString();
    fillTarget(call, request.getURI());
    call.body = readBody(request, largestBody);
    return call;
}

void send(Poco::Net::HTTPServerResponse& response, const Reply& reply) {
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    if (!reply.type.empty()) response.setContentType(reply.type);
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    if (!reply.stream) {
        response.sendBuffer(reply.body.data(), reply.body.size());
        return;
    }
    response.setChunkedTransferEncoding(true);
    std::ostream& out = response.send();
    reply.stream([&out](const std::string& piece) {
        return static_cast<bool>(
            out.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush());
    });
}

/// What the connections of one server share.
struct Shared {
    ServerOptions options;
    Server::Handler handler;
    Poco::Logger& log;
};

/// The border: whatever goes wrong inside becomes one reply, and one line of the log if it is the
/// hub's own fault.
class Handling : public Poco::Net::HTTPRequestHandler {
 public:
    explicit Handling(const Shared& shared) : shared_(shared) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        const Reply reply = answer(request);
        // A body that was not read to its end would be taken for the next request.
        if (reply.status == 413 || reply.status == 400) response.setKeepAlive(false);
        try {
            send(response, reply);
        } catch (const Poco::Exception&) {
            response.setKeepAlive(false);  // The caller has gone; nobody is left to tell.
        }
    }

 private:
    Reply answer(Poco::Net::HTTPServerRequest& request) {
        try {
            Call call = callOf(request, shared_.options.largestBody);
            return shared_.handler(call);
        } catch (const Error& error) {
            return problem(error.code(), error.message());
        } catch (const Poco::Net::NetException&) {
            return problem(400, "the request could not be read to its end");
        } catch (const Poco::TimeoutException&) {
            return problem(408, "the request took too long to arrive");
        } catch (const Poco::Exception& error) {
            shared_.log.error("call failed kind=" + std::string(error.name()));
        } catch (const std::exception&) {
            shared_.log.error("call failed kind=std::exception");
        }
        return problem(500, "the hub could not do this; its log says more");
    }

    const Shared& shared_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
    explicit Factory(const Shared& shared) : shared_(shared) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return std::make_unique<Handling>(shared_).release();
    }

 private:
    const Shared& shared_;
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
    parameters->setServerName("concordat");
    parameters->setSoftwareVersion("concordat");
    parameters->setMaxThreads(options.connections);
    parameters->setMaxQueued(options.connections);
    parameters->setKeepAlive(true);
    parameters->setMaxKeepAliveRequests(0);
    parameters->setKeepAliveTimeout(Poco::Timespan(options.idleSeconds, 0));
    parameters->setTimeout(Poco::Timespan(options.readSeconds, 0));
    return parameters;
}

}  // namespace

struct Server::Impl {
    Impl(const ServerOptions& options, Handler handler)
        : shared{options, std::move(handler), Poco::Logger::get("hub.api")},
          pool(options.name, 2, options.connections + 2, 30, kStackBytes),
          socket(listenOn(options)),
          server(std::make_unique<Factory>(shared).release(), pool, socket, parametersOf(options)) {
    }

    Shared shared;
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    Poco::Net::HTTPServer server;
};

Server::Server(const ServerOptions& options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {
    impl_->server.start();
}

Server::~Server() {
    impl_->server.stopAll(true);
    impl_->pool.joinAll();
}

std::uint16_t Server::port() const { return impl_->socket.address().port(); }

int Server::connections() const { return impl_->server.currentConnections(); }

}  // namespace concordat::api
