// SPDX-License-Identifier: Apache-2.0
#pragma once
// The wire, as the gateway sees it: libcurl, a recording, or a test's own.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/gateway/http.h"

namespace concordat::gateway {

/// One attempt as it goes out: everything is filled in and checked.
struct WireRequest {
    std::uint64_t id = 0;
    std::string method;
    std::string url;
    std::string shownUrl;  ///< without what must not be recorded: the credential's query member
    Headers headers;
    std::string body;
    bool internal = false;  ///< may connect to private addresses
    bool mayRepeat =
        false;  ///< curl may send it again on a fresh connection when a kept one was closed
    bool signIn = false;  ///< a token request; its bodies are never recorded
    Milliseconds connectTimeout{0};
    Milliseconds timeout{0};
    std::size_t maxReplyBytes = 0;
    std::string caFile;
};

/// How an attempt ended below HTTP.
enum class WireEnd {
    Answered,
    Refused,      ///< the address may not be reached; nothing was sent
    Unreachable,  ///< no connection, no such name
    Untrusted,    ///< TLS: wrong name, unknown or expired certificate, too old a version
    Interrupted,  ///< the connection died, or the reply was cut short
    TimedOut,
    TooLarge,
    Aborted
};

struct WireReply {
    std::uint64_t id = 0;
    WireEnd end = WireEnd::Interrupted;
    int status = 0;
    Headers headers;
    std::string body;
    bool sent = false;  ///< at least a part of the request may have reached the vendor
    std::string error;  ///< one sentence without addresses' queries; empty when answered
    long long bytesIn = 0;
};

/// Driven by one thread; only `wake` is [any].
class Transport {
 public:
    virtual ~Transport() = default;
    virtual void start(WireRequest request) = 0;
    /// Ends an attempt; `poll` still reports it, as Aborted, unless it was reported already.
    virtual void abort(std::uint64_t id) = 0;
    /// What has ended, after at most `longest` if nothing has.
    virtual std::vector<WireReply> poll(Milliseconds longest) = 0;
    /// Makes a waiting `poll` return. [any]
    virtual void wake() = 0;
};

/// libcurl's multi interface: kept connections, HTTP/2 where offered, gzip, TLS 1.2 or later,
/// always verified.
std::unique_ptr<Transport> makeCurlTransport();

}  // namespace concordat::gateway
