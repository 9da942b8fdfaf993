// SPDX-License-Identifier: Apache-2.0
// The server below the routes: raw bytes, slow senders, crowds.
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include "hub/api/server.h"
#include "hub/consent/error.h"
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

Reply echo(const Call& call) {
    if (call.path == "/store") throw StoreError("the disk is full: make room");
    if (call.path == "/throw") throw std::runtime_error("secret inside");
    Reply reply;
    reply.type = "text/plain";
    reply.body = call.method + " " + call.path + " " + call.body;
    return reply;
}

Poco::Net::StreamSocket connected(const Server& server) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", server.port()));
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    return socket;
}

void put(Poco::Net::StreamSocket& socket, const std::string& text) {
    socket.sendBytes(text.data(), static_cast<int>(text.size()));
}

/// Everything until the server hangs up.
std::string remaining(Poco::Net::StreamSocket& socket) {
    std::string all;
    char buffer[4096];
    try {
        for (int got = 0; (got = socket.receiveBytes(buffer, sizeof buffer)) > 0;)
            all.append(buffer, static_cast<std::size_t>(got));
    } catch (const Poco::Net::NetException&) {
        return all;
    }
    return all;
}

std::string said(const Server& server, const std::string& text) {
    auto socket = connected(server);
    put(socket, text);
    return remaining(socket);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

ServerOptions shortTempered() {
    ServerOptions options;
    options.name = "test";
    options.connections = 8;
    options.readSeconds = 1;
    options.largestBody = 1'000;
    return options;
}

}  // namespace

TEST_CASE("requests on one connection are answered in turn, also when sent at once") {
    const Server server(shortTempered(), echo);
    const std::string text = said(
        server,
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
        "GET /b HTTP/1.1\r\nHost: x\r\n\r\n"
        "POST /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\ntwo\r\n0\r\n\r\n");
    CHECK(has(text, "POST /a one"));
    CHECK(has(text, "GET /b "));
    CHECK(has(text, "POST /c two"));
}

TEST_CASE("what is no HTTP gets a problem in HTTP, and the connection ends") {
    const Server server(shortTempered(), echo);
    CHECK(has(said(server,
                   "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                   "Transfer-Encoding: chunked\r\n\r\nabc"),
              "not both"));
    CHECK(has(said(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"),
              "400 Bad Request"));
    CHECK(has(said(server, "GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n"), "400 Bad Request"));
    CHECK(has(said(server, std::string(100'000, 'x')), "problem+json"));
}

TEST_CASE("errors become statuses; what the hub did not foresee says nothing of itself") {
    const Server server(shortTempered(), echo);
    const std::string store = said(server, "GET /store HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(has(store, "503 Service Unavailable"));
    CHECK(has(store, "the disk is full: make room"));
    const std::string thrown = said(server, "GET /throw HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(has(thrown, "500 Internal Server Error"));
    CHECK_FALSE(has(thrown, "secret inside"));
}

TEST_CASE("a body in chunks may not be larger than one with a length") {
    const Server server(shortTempered(), echo);
    std::string text = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 20; ++i) text += "64\r\n" + std::string(100, 'x') + "\r\n";
    CHECK(has(said(server, text + "0\r\n\r\n"), "413"));
}

TEST_CASE("whoever sends byte by byte is sent away, however often a byte comes") {
    const Server server(shortTempered(), echo);
    auto socket = connected(server);
    put(socket, "GET / HTTP/1.1\r\nX: ");
    bool isSentAway = false;
    // Each byte would begin the socket's own time limit anew.
    while (!isSentAway) {
        isSentAway = socket.poll(Poco::Timespan(0, 50'000), Poco::Net::Socket::SELECT_READ);
        try {
            put(socket, "x");
        } catch (const Poco::Exception&) {
            isSentAway = true;
        }
    }
    CHECK(isSentAway);
}

TEST_CASE("a crowd of silent connections makes room for who has something to say") {
    const Server server(shortTempered(), echo);
    std::vector<Poco::Net::StreamSocket> silent;
    for (int i = 0; i < 8; ++i) {
        silent.push_back(connected(server));
        put(silent.back(), "GET / HTT");
    }
    CHECK(has(said(server, "GET /me HTTP/1.1\r\nConnection: close\r\n\r\n"), "GET /me"));
}

TEST_CASE("a server ends while connections are open and idle") {
    auto server = std::make_unique<Server>(shortTempered(), echo);
    auto socket = connected(*server);
    put(socket, "GET / HTTP/1.1\r\n\r\n");
    char byte = 0;
    REQUIRE(socket.receiveBytes(&byte, 1) == 1);
    server.reset();
    CHECK(has(remaining(socket), "GET /"));
}

TEST_CASE("a port that is taken is one sentence") {
    const Server server(shortTempered(), echo);
    ServerOptions options = shortTempered();
    options.port = server.port();
    CHECK(has(store::refusal([&] { Server(options, echo); }),
              "for test: the port is taken or not allowed"));
}
