// SPDX-License-Identifier: Apache-2.0
#pragma once
// What goes through the gateway, as values. Any thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace concordat::gateway {

using SteadyTime = std::chrono::steady_clock::time_point;
using SystemTime = std::chrono::system_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

/// Header names are lower case.
using Headers = std::map<std::string, std::string>;

/// The value of header `name`, owned by `headers`; null when it is absent or empty.
inline const std::string* filled(const Headers& headers, const std::string& name) {
    const auto it = headers.find(name);
    return it == headers.end() || it->second.empty() ? nullptr : &it->second;
}

/// A request as a connector says it. `url` is absolute; "{token:NAME}" in it is filled with a field
/// of the token reply, and "{secret:NAME}" in the body where the host rule names that secret.
struct Request {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;
    bool idempotent =
        false;         ///< may be repeated when its outcome is unknown; GET and HEAD always are
    std::string pool;  ///< limit pool; empty: the first one
    Milliseconds timeout{0};  ///< of one attempt; 0: the system's
};

enum class ReplyClass {
    Ok,
    Auth,
    RateLimited,
    Transient,
    NotFound,
    Conflict,
    Permanent,
    Cancelled
};

/// The word that the protocol uses: "ok", "rate_limited" …
const char* nameOf(ReplyClass kind);

/// What became of a request. `maybeSent`: no reliable answer came, but the vendor may have acted on
/// it. `error` is one sentence without secrets or personal data, empty when `kind` is Ok.
struct Reply {
    ReplyClass kind = ReplyClass::Transient;
    int status = 0;
    Headers headers;
    std::string body;
    Milliseconds retryAfter{0};
    bool maybeSent = false;
    std::string error;
    std::map<std::string, std::string>
        tokenFields;   ///< the token reply's fields that the template names
    int attempts = 0;  ///< how often it was put on the wire
};

/// Who goes first when a limit is near; a share of every limit is kept for Tightening.
enum class Priority { Tightening, Consent, Read, Sweep };

}  // namespace concordat::gateway
