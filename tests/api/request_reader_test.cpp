// SPDX-License-Identifier: Apache-2.0
// Bytes become calls, however they are cut.
#include "hub/api/request_reader.h"

#include <vector>

#include "hub/consent/error.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;

namespace {

/// Every call in `bytes`, handed over in pieces of `size`.
std::vector<Call> callsIn(const std::string& bytes, std::size_t size, std::size_t largest = 1'000) {
    RequestReader reader(largest);
    std::vector<Call> calls;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        reader.take(std::string_view(bytes).substr(at, size));
        while (auto call = reader.next()) calls.push_back(std::move(*call));
    }
    return calls;
}

int refusal(const std::string& bytes, std::size_t size) {
    try {
        callsIn(bytes, size);
    } catch (const RequestError& error) {
        return error.code();
    }
    return 0;
}

const std::string kThree =
    "POST /a?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
    "\r\nGET /b HTTP/1.1\r\nX-Long:   two words \r\n\r\n"
    "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;ext=1\r\ntwo\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";

}  // namespace

TEST_CASE("requests are the same in whatever pieces they come") {
    for (std::size_t size = 1; size <= kThree.size(); ++size) {
        const auto calls = callsIn(kThree, size);
        REQUIRE(calls.size() == 3);
        CHECK(calls[0].body == "one");
        CHECK(calls[0].parameter("x") == "1");
        CHECK(calls[1].method == "GET");
        CHECK(calls[1].header("x-long") == "two words");
        CHECK(calls[2].body == "two0123456789");
    }
}

TEST_CASE("a body may be as large as allowed, and not a byte larger") {
    const auto sized = [](std::size_t size) {
        return "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
               std::string(size, 'x');
    };
    const auto chunked = [](const std::string& hex, std::size_t size) {
        return "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + hex + "\r\n" +
               std::string(size, 'x') + "\r\n0\r\n\r\n";
    };
    CHECK(callsIn(sized(1'000), 100).front().body.size() == 1'000);
    CHECK(refusal(sized(1'001), 100) == 413);
    CHECK(callsIn(chunked("3e8", 1'000), 100).front().body.size() == 1'000);
    CHECK(refusal(chunked("3e9", 1'001), 100) == 413);
    CHECK(refusal(chunked("ffffffffffffff", 10), 100) == 413);
    CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 9999999999999999999\r\n\r\n", 7) == 413);
}

TEST_CASE("what could be understood in two ways is refused") {
    for (const std::string& bytes :
         {std::string("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
          std::string("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
          std::string("POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n"),
          std::string("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
          std::string("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
          std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n"),
          std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"),
          "GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')}) {
        CAPTURE(bytes.substr(0, 80));
        CHECK(refusal(bytes, 1'000) == 400);
    }
}

TEST_CASE("two lengths that differ are refused") {
    CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\nx", 1'000) ==
          400);
}

TEST_CASE("who waits for 100 Continue is told so once, before the body came") {
    RequestReader reader(1'000);
    reader.take("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK_FALSE(reader.next());
    CHECK(reader.awaitsContinue());
    CHECK_FALSE(reader.awaitsContinue());
    reader.take("ok");
    CHECK(reader.next()->body == "ok");
    CHECK(reader.keepsAlive());
}
