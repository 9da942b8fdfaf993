// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include <Poco/DeflatingStream.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>

#include "hub/gateway/gateway.h"
#include "tests/gateway/vendor.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace concordat::gateway::test;
using namespace std::chrono_literals;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;
using Poco::Net::StreamSocket;

namespace {

void say(HTTPServerResponse& response, const std::string& body) {
    response.sendBuffer(body.data(), body.size());
}

std::string read(HTTPServerRequest& request) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    return body;
}

void echo(HTTPServerRequest& request, HTTPServerResponse& response) {
    const std::string type = request.getContentType();
    say(response,
        request.getMethod() + " " + request.getURI() + " [" + type + "] " + read(request));
}

Request requestTo(const Vendor& vendor,
                  const std::string& path,
                  const std::string& method = "GET") {
    Request request;
    request.method = method;
    request.url = vendor.url(path);
    return request;
}

// One attempt only, as its time is up before a retry.
SendContext once(Gateway&) {
    SendContext context;
    context.sendBefore = std::chrono::steady_clock::now() + 200ms;
    return context;
}

// Whether a request came.
bool readHead(StreamSocket& socket) {
    std::string head;
    char c = 0;
    while (!head.ends_with("\r\n\r\n") && socket.receiveBytes(&c, 1) == 1) head += c;
    return !head.empty();
}

void sendText(StreamSocket& socket, const std::string& text) {
    socket.sendBytes(text.data(), static_cast<int>(text.size()));
}

Reply replyOf(const Vendor& vendor, SystemAccess access, Request request) {
    Gateway gateway;
    access.system = "crm";
    gateway.addSystem(std::move(access));
    (void)vendor;
    return gateway.send("crm", {std::move(request)}, once(gateway)).at(0);
}

}  // namespace

TEST_CASE("every method arrives with its body and its type") {
    const Vendor vendor{Handler(echo)};
    Gateway gateway;
    gateway.addSystem(accessTo(vendor));
    Request post = requestTo(vendor, "/a?b=c", "POST");
    post.body = "{\"x\":1}";
    post.headers["Content-Type"] = "application/json";
    Request put = requestTo(vendor, "/p", "PUT");
    put.body = "raw";
    const auto replies =
        gateway.send("crm",
                     {requestTo(vendor, "/g"), post, put, requestTo(vendor, "/h", "HEAD"),
                      requestTo(vendor, "/d", "DELETE")},
                     {});
    CHECK(replies[0].body == "GET /g [" + Poco::Net::HTTPMessage::UNKNOWN_CONTENT_TYPE + "] ");
    CHECK(replies[1].body == "POST /a?b=c [application/json] {\"x\":1}");
    CHECK(replies[2].body == "PUT /p [" + Poco::Net::HTTPMessage::UNKNOWN_CONTENT_TYPE + "] raw");
    CHECK(replies[3].kind == ReplyClass::Ok);
    CHECK(replies[4].body.starts_with("DELETE /d"));
}

TEST_CASE("connections are kept, and many callers share them") {
    std::atomic<int> requests{0};
    std::mutex mutex;
    std::set<int> ports;
    const Vendor vendor{Handler([&](HTTPServerRequest& request, HTTPServerResponse& response) {
        {
            const std::lock_guard lock(mutex);
            ports.insert(request.clientAddress().port());
        }
        ++requests;
        say(response, "{}");
    })};
    Gateway gateway;
    gateway.addSystem(accessTo(vendor));
    std::atomic<int> good{0};
    std::vector<std::jthread> callers;
    for (int c = 0; c < 4; ++c) {
        callers.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                good +=
                    gateway.send("crm", {requestTo(vendor, "/")}, {}).at(0).kind == ReplyClass::Ok
                        ? 1
                        : 0;
            }
        });
    }
    callers.clear();
    CHECK(good == 100);
    CHECK(requests == 100);
    CHECK(ports.size() <= 16);
}

TEST_CASE("compressed replies are unpacked, and limited by their unpacked size") {
    const Vendor vendor{Handler([](HTTPServerRequest&, HTTPServerResponse& response) {
        response.set("Content-Encoding", "gzip");
        response.setChunkedTransferEncoding(true);
        Poco::DeflatingOutputStream out(response.send(), Poco::DeflatingStreamBuf::STREAM_GZIP);
        out << std::string(100'000, 'a');
        out.close();
    })};
    SystemAccess access = accessTo(vendor);
    CHECK(replyOf(vendor, access, requestTo(vendor, "/")).body == std::string(100'000, 'a'));
    access.maxReplyBytes = 50'000;
    const Reply reply = replyOf(vendor, access, requestTo(vendor, "/"));
    CHECK(reply.kind == ReplyClass::Permanent);
    CHECK(reply.error == "the reply is larger than the limit");
}

TEST_CASE("a reply that is cut short is transient and maybe sent") {
    const Vendor vendor{RawHandler([](StreamSocket& socket) {
        readHead(socket);
        sendText(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    })};
    const Reply reply = replyOf(vendor, accessTo(vendor), requestTo(vendor, "/", "POST"));
    CHECK(reply.kind == ReplyClass::Transient);
    CHECK(reply.maybeSent);
    CHECK(reply.error == "the reply ended before its announced length");
}

TEST_CASE("a connection that dies after the request is maybe sent, one that never was is not") {
    const Vendor vendor{RawHandler([](StreamSocket& socket) { readHead(socket); })};
    const Reply dead = replyOf(vendor, accessTo(vendor), requestTo(vendor, "/", "POST"));
    CHECK(dead.kind == ReplyClass::Transient);
    CHECK(dead.maybeSent);
    int closedPort = 0;
    {
        const Vendor gone{Handler(echo)};
        closedPort = gone.port();
    }
    SystemAccess access = accessTo(vendor);
    access.hosts[0].host = "localhost:*";
    Request request = requestTo(vendor, "/", "POST");
    request.url = "http://localhost:" + std::to_string(closedPort) + "/";
    const Reply refused = replyOf(vendor, access, request);
    CHECK(refused.kind == ReplyClass::Transient);
    CHECK_FALSE(refused.maybeSent);
}

TEST_CASE("a write is not silently sent twice when a kept connection is dead") {
    std::atomic<int> seen{0};
    const Vendor vendor{RawHandler([&](StreamSocket& socket) {
        if (!readHead(socket)) return;
        ++seen;
        sendText(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        // The second request arrives, is perhaps carried out, and no answer comes.
        if (readHead(socket)) ++seen;
    })};
    Gateway gateway;
    gateway.addSystem(accessTo(vendor));
    CHECK(gateway.send("crm", {requestTo(vendor, "/", "POST")}, once(gateway)).at(0).kind ==
          ReplyClass::Ok);
    const Reply second = gateway.send("crm", {requestTo(vendor, "/", "POST")}, once(gateway)).at(0);
    CHECK(second.kind == ReplyClass::Transient);
    CHECK(second.maybeSent);
    CHECK(seen == 2);
}

TEST_CASE("a reply that drips byte by byte is ended") {
    const Vendor vendor{RawHandler([](StreamSocket& socket) {
        readHead(socket);
        sendText(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        socket.setSendTimeout(Poco::Timespan(1, 0));
        try {
            for (int i = 0; i < 100'000; ++i) {
                sendText(socket, "x");
                socket.poll(Poco::Timespan(0, 20'000),
                            Poco::Net::Socket::SELECT_READ | Poco::Net::Socket::SELECT_ERROR);
                if (socket.available() == 0 &&
                    socket.poll(Poco::Timespan(), Poco::Net::Socket::SELECT_READ))
                    return;
            }
        } catch (const Poco::Exception&) {
        }
    })};
    SystemAccess access = accessTo(vendor);
    access.timeout = 300ms;
    const Reply reply = replyOf(vendor, access, requestTo(vendor, "/"));
    CHECK(reply.kind == ReplyClass::Transient);
    CHECK(reply.error == "the host did not answer in time");
    CHECK(reply.maybeSent);
}

TEST_CASE("endless headers are refused") {
    const Vendor vendor{RawHandler([](StreamSocket& socket) {
        readHead(socket);
        std::string head = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 1000; ++i) head += "X-" + std::to_string(i) + ": y\r\n";
        try {
            sendText(socket, head + "\r\n");
        } catch (const Poco::Exception&) {
        }
    })};
    const Reply reply = replyOf(vendor, accessTo(vendor), requestTo(vendor, "/"));
    CHECK(reply.kind == ReplyClass::Permanent);
    CHECK(reply.error == "the reply is larger than the limit");
}

TEST_CASE("a name that leads to a private address is refused where it connects") {
    const Vendor vendor{Handler(echo)};
    SystemAccess access = accessTo(vendor);
    access.internal = false;
    Request request = requestTo(vendor, "/");
    request.url.replace(0, 4, "https");
    const Reply reply = replyOf(vendor, access, request);
    CHECK(reply.kind == ReplyClass::Permanent);
    CHECK(reply.error ==
          "the host's address is private or reserved, and the system is not declared internal");
    CHECK_FALSE(reply.maybeSent);
}

TEST_CASE("a connection that an internal system opened serves no other one") {
    const Authority authority;
    const Vendor vendor{Handler(echo), authority.issue("localhost", 5)};
    Gateway gateway;
    SystemAccess inside = accessTo(vendor);
    inside.caFile = authority.caFile();
    SystemAccess outside = inside;
    outside.system = "other";
    outside.internal = false;
    gateway.addSystem(inside);
    gateway.addSystem(outside);
    CHECK(gateway.send("crm", {requestTo(vendor, "/")}, once(gateway)).at(0).kind ==
          ReplyClass::Ok);
    const Reply reply = gateway.send("other", {requestTo(vendor, "/")}, once(gateway)).at(0);
    CHECK(reply.kind == ReplyClass::Permanent);
    CHECK(reply.error.find("not declared internal") != std::string::npos);
}

TEST_CASE("TLS is verified: name, date and authority") {
    const Authority authority;
    const Authority stranger;
    const auto replyWith = [&](const Authority::Files& certificate, const std::string& caFile) {
        const Vendor vendor{Handler(echo), certificate};
        SystemAccess access = accessTo(vendor);
        access.caFile = caFile;
        return replyOf(vendor, access, requestTo(vendor, "/"));
    };
    CHECK(replyWith(authority.issue("localhost", 5), authority.caFile()).kind == ReplyClass::Ok);
    for (const auto& [certificate, caFile] :
         {std::pair(authority.issue("other.example", 5), authority.caFile()),
          std::pair(authority.issue("localhost", -1), authority.caFile()),
          std::pair(stranger.issue("localhost", 5), authority.caFile()),
          std::pair(authority.issue("localhost", 5), std::string())}) {
        const Reply reply = replyWith(certificate, caFile);
        CHECK(reply.kind == ReplyClass::Permanent);
        CHECK(reply.error == "the host's certificate is not valid for it, or not trusted");
        CHECK_FALSE(reply.maybeSent);
    }
    CHECK(replyWith(authority.issue("localhost", 5), "/nowhere/ca.pem").error ==
          "the file of trusted certificates cannot be read");
}

TEST_CASE("a proxy of the environment is not used") {
    const Vendor vendor{Handler(echo)};
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    CHECK(replyOf(vendor, accessTo(vendor), requestTo(vendor, "/")).kind == ReplyClass::Ok);
    unsetenv("http_proxy");
}

TEST_CASE("cancelling ends a waiting call at once") {
    std::promise<void> reached;
    std::promise<void> release;
    const Vendor vendor{Handler([&](HTTPServerRequest&, HTTPServerResponse& response) {
        reached.set_value();
        release.get_future().wait();
        say(response, "{}");
    })};
    Gateway gateway;
    gateway.addSystem(accessTo(vendor));
    std::stop_source stop;
    std::vector<Reply> replies;
    std::jthread caller([&] {
        SendContext context;
        context.cancel = stop.get_token();
        replies = gateway.send("crm", {requestTo(vendor, "/", "POST")}, context);
    });
    reached.get_future().wait();
    stop.request_stop();
    caller.join();
    release.set_value();
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].kind == ReplyClass::Cancelled);
    CHECK(replies[0].maybeSent);
}

TEST_CASE("a gateway that ends answers those who wait") {
    std::promise<void> reached;
    std::promise<void> release;
    const Vendor vendor{Handler([&](HTTPServerRequest&, HTTPServerResponse& response) {
        reached.set_value();
        release.get_future().wait();
        say(response, "{}");
    })};
    auto gateway = std::make_unique<Gateway>();
    gateway->addSystem(accessTo(vendor));
    std::vector<Reply> replies;
    std::jthread caller([&, ending = gateway.get()] {
        replies = ending->send("crm", {requestTo(vendor, "/")}, {});
    });
    reached.get_future().wait();
    gateway.reset();
    caller.join();
    release.set_value();
    CHECK(replies.at(0).kind == ReplyClass::Cancelled);
}

TEST_CASE("a million bytes of nesting, and bytes that are no text, are only a body") {
    const std::string body = std::string(1'000'000, '[') + "\xff\xfe\x00";
    const Vendor vendor{
        Handler([&](HTTPServerRequest&, HTTPServerResponse& response) { say(response, body); })};
    SystemAccess access = accessTo(vendor);
    access.auth = {
        "none",
        R"({"replies":[{"status":200,"pointer":"/e/n","from":1,"to":2,"as":"transient"}]})"};
    const Reply reply = replyOf(vendor, access, requestTo(vendor, "/"));
    CHECK(reply.kind == ReplyClass::Ok);
    CHECK(reply.body == body);
}
