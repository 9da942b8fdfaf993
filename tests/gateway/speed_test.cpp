// SPDX-License-Identifier: Apache-2.0
// Hidden: run with `gateway_test [speed]`. Prints what a request costs; judges nothing.
#include <chrono>
#include <ctime>
#include <iostream>

#include <Poco/Net/StreamSocket.h>

#include "hub/gateway/gateway.h"
#include "tests/gateway/vendor.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace concordat::gateway::test;

namespace {

// As little server as possible, so that the gateway is what is measured.
void answerAll(Poco::Net::StreamSocket& socket) {
    static const std::string kReply =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    char buffer[4096];
    while (socket.receiveBytes(buffer, sizeof buffer) > 0) {
        socket.sendBytes(kReply.data(), static_cast<int>(kReply.size()));
    }
}

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

TEST_CASE("requests over kept connections", "[.][speed]") {
    const Vendor vendor{RawHandler(answerAll)};
    Gateway gateway;
    gateway.addSystem(accessTo(vendor));
    constexpr int kRounds = 200;
    constexpr int kBatch = 100;
    Request request;
    request.url = vendor.url("/v1/people/7");
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpuSeconds();
    int good = 0;
    for (int i = 0; i < kRounds; ++i) {
        for (const Reply& reply : gateway.send("crm", std::vector<Request>(kBatch, request), {})) {
            good += reply.kind == ReplyClass::Ok ? 1 : 0;
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    CHECK(good == kRounds * kBatch);
    std::cout << "gateway: " << static_cast<int>(good / took.count()) << " requests/s, "
              << static_cast<int>((cpuSeconds() - cpu) / good * 1e6)
              << " µs CPU per request (server included)\n";
}
