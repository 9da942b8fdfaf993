// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/server.h"

#include <algorithm>
#include <chrono>
#include <istream>
#include <iterator>
#include <mutex>
#include <thread>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timespan.h>
#include <pthread.h>
#include <signal.h>

namespace concordat::simulators {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponse;
using Poco::Net::StreamSocket;

std::string readBody(HTTPServerRequest& request) {
    auto& stream = request.stream();
    if (request.getChunkedTransferEncoding()) {
        return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    }
    if (!request.hasContentLength()) return {};
    std::string body(static_cast<std::size_t>(request.getContentLength64()), '\0');
    stream.read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(stream.gcount()));
    return body;
}

Request readRequest(HTTPServerRequest& raw) {
    Request request;
    request.method = raw.getMethod();
    const std::string& uri = raw.getURI();
    const auto mark = std::min(uri.find('?'), uri.size());
    request.path = uri.substr(0, mark);
    if (mark < uri.size()) request.query = uri.substr(mark + 1);
    for (const auto& [name, value] : raw) request.headers.emplace_back(name, value);
    request.body = readBody(raw);
    return request;
}

void sendAll(StreamSocket& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const int sent = socket.sendBytes(
            bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string headOf(const Reply& reply, const HTTPServerResponse& raw) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    head += Poco::Net::HTTPResponse::getReasonForStatus(
        static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    bool dated = false;
    for (const auto& [name, value] : reply.headers) {
        head += "\r\n" + name + ": " + value;
        dated = dated || sameText(name, "Date");
    }
    if (!dated) head += "\r\nDate: " + raw.get("Date");
    if (!reply.type.empty()) head += "\r\nContent-Type: " + reply.type;
    const bool bodyless = reply.status == 204 || reply.status == 304;
    if (!bodyless) head += "\r\nContent-Length: " + std::to_string(reply.body.size());
    head +=
        raw.getKeepAlive() ? "\r\nConnection: Keep-Alive\r\n\r\n" : "\r\nConnection: Close\r\n\r\n";
    return head;
}

void sendSlowly(StreamSocket& socket, const std::string& body, int ms) {
    constexpr std::size_t kDrops = 20;
    const std::size_t drop = body.size() / kDrops + 1;
    for (std::size_t at = 0; at < body.size(); at += drop) {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms) / kDrops);
        sendAll(socket, std::string_view(body).substr(at, drop));
    }
}

void deliver(const Reply& reply, bool headOnly, StreamSocket& socket, HTTPServerResponse& raw) {
    if (reply.delivery == Delivery::reset) {
        raw.setKeepAlive(false);
        socket.setLinger(true, 0);
        return;
    }
    if (reply.delivery == Delivery::truncated) raw.setKeepAlive(false);
    std::string bytes = headOf(reply, raw);
    if (headOnly || reply.status == 204 || reply.status == 304) return sendAll(socket, bytes);
    if (reply.delivery == Delivery::slow) {
        sendAll(socket, bytes);
        return sendSlowly(socket, reply.body, reply.slow_ms);
    }
    const auto cut =
        reply.delivery == Delivery::truncated ? reply.body.size() / 2 : reply.body.size();
    bytes.append(reply.body, 0, cut);
    sendAll(socket, bytes);
}

class Handler : public Poco::Net::HTTPRequestHandler {
 public:
    explicit Handler(const Answer& answer) : answer_(answer) {}

    void handleRequest(HTTPServerRequest& raw, HTTPServerResponse& response) override {
        const Request request = readRequest(raw);
        auto& socket = static_cast<HTTPServerRequestImpl&>(raw).socket();
        deliver(answerSafely(request), request.method == "HEAD", socket, response);
    }

 private:
    Reply answerSafely(const Request& request) const {
        try {
            return answer_(request);
        } catch (const std::exception& error) {
            return {500, std::string("simulator: ") + error.what(), "text/plain", {}};
        }
    }

    const Answer& answer_;
};

class Handlers : public Poco::Net::HTTPRequestHandlerFactory {
 public:
    explicit Handlers(Answer answer) : answer_(std::move(answer)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new Handler(answer_);  // Poco deletes it
    }

 private:
    Answer answer_;
};

Poco::Net::HTTPServerParams::Ptr paramsFor(int threads) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(Poco::Timespan(60, 0));
    params->setMaxThreads(threads);
    params->setMaxQueued(1024);
    return params;
}

// A reply is one write, so waiting for more bytes would only add delay.
class PromptSocket : public Poco::Net::ServerSocket {
 public:
    explicit PromptSocket(std::uint16_t port) {
        // Poco's own way also sets SO_REUSEPORT: a second simulator would share the port unseen.
        bind(Poco::Net::SocketAddress("127.0.0.1", port), true, false);
        listen(512);
    }
    StreamSocket acceptConnection(Poco::Net::SocketAddress& client) override {
        auto socket = Poco::Net::ServerSocket::acceptConnection(client);
        socket.setNoDelay(true);
        return socket;
    }
};

}  // namespace

struct HttpServer::Listener {
    Listener(std::uint16_t port, int threads, Answer answer)
        : pool(2, threads + 1),
          socket(port),
          server(new Handlers(std::move(answer)), pool, socket, paramsFor(threads)) {}

    Poco::ThreadPool pool;
    PromptSocket socket;
    Poco::Net::HTTPServer server;
    std::once_flag stopped;
};

HttpServer::HttpServer(std::uint16_t port, int threads, Answer answer)
    : listener_(std::make_unique<Listener>(port, threads, std::move(answer))) {
    listener_->server.start();
}

HttpServer::~HttpServer() { stop(); }

std::uint16_t HttpServer::port() const { return listener_->socket.address().port(); }

void HttpServer::stop() {
    std::call_once(listener_->stopped, [this] {
        listener_->server.stopAll(true);
        listener_->pool.joinAll();
    });
}

void holdStopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

void awaitStopSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    int caught = 0;
    sigwait(&set, &caught);
}

}  // namespace concordat::simulators
