// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/faults.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>

#include "sdk/concordat/times.h"

namespace concordat::sdk::conformance {
namespace {

constexpr std::int64_t kWaitMs = 7'000;
constexpr std::size_t kPadding = 80'000;  // more than 64 KiB

bool reads(const std::string& httpMethod) { return httpMethod == "GET" || httpMethod == "HEAD"; }

HttpReply failure(HttpClass kind, int status, std::string error) {
    HttpReply reply;
    reply.kind = kind;
    reply.status = status;
    reply.error = std::move(error);
    return reply;
}

HttpReply limited(Fault fault, EpochMs now) {
    auto reply = failure(HttpClass::RateLimited, 429, "the vendor answered 429");
    reply.retryAfterMs = waitAskedBy(fault);
    if (fault == Fault::LimitedSeconds) reply.headers["retry-after"] = "7";
    if (fault == Fault::LimitedDate) reply.headers["retry-after"] = httpDate(now + kWaitMs);
    return reply;
}

/// White space before a JSON value, and a member nobody asked for in an object.
std::string enlarged(std::string body) {
    const auto start = body.find_first_of("{[");
    if (start == std::string::npos || body.find_first_not_of(" \t\r\n") != start) return body;
    if (body[start] == '{') {
        const bool empty =
            body.find_first_not_of(" \t\r\n", start + 1) == body.find('}', start + 1);
        body.insert(start + 1,
                    "\"notAskedFor\":\"" + std::string(kPadding, 'x') + "\"" + (empty ? "" : ","));
    }
    return std::string(kPadding, ' ') + body;
}

HttpReply spoiled(Fault fault, const HttpRequest& request, HttpReply reply) {
    if (fault == Fault::LostAfterSending) {
        if (reads(request.method)) return reply;
        auto lost = failure(HttpClass::Transient, 0, "the connection was lost");
        lost.maybeSent = true;
        return lost;
    }
    if (fault == Fault::Large) reply.body = enlarged(std::move(reply.body));
    if (reply.kind != HttpClass::Ok) return reply;
    if (fault == Fault::Html) {
        reply.body = "<!DOCTYPE html><html><body>Maintenance</body></html>";
        reply.headers["content-type"] = "text/html";
    }
    if (fault == Fault::Truncated) reply.body.resize(reply.body.size() / 2);
    if (fault == Fault::Empty) reply.body.clear();
    return reply;
}

/// As vendors write them: whatever name the words stand under.
std::string quotingError() {
    const std::string words = "the value " + std::string(kQuoted) + " is not allowed";
    std::string members;
    for (const char* name : {"message", "error_description", "error", "detail", "ErrorMessage"})
        members += std::string(members.empty() ? "" : ",") + "\"" + name + "\":\"" + words + "\"";
    return "{" + members + "}";
}

HttpReply quoting(Fault fault) {
    if (fault == Fault::Gibberish)
        return {.kind = HttpClass::Ok, .status = 200, .body = "{\"a\":\"" + std::string(kQuoted)};
    auto reply = failure(HttpClass::Permanent, 400, "the vendor answered 400");
    reply.headers["content-type"] = "application/json";
    reply.body = fault == Fault::Quoted ? quotingError() : "[" + quotingError() + "]";
    return reply;
}

}  // namespace

std::string nameOf(Fault fault) {
    static constexpr std::array<const char*, 17> kNames = {"no fault",
                                                           "the end of the call",
                                                           "a refused sign-in (401)",
                                                           "a missing right (403)",
                                                           "a vendor that is away",
                                                           "429 with Retry-After in seconds",
                                                           "429 with Retry-After as a date",
                                                           "429 without Retry-After",
                                                           "503",
                                                           "an answer lost after sending",
                                                           "an HTML page instead of JSON",
                                                           "half a body",
                                                           "an empty body",
                                                           "an answer over 64 KiB",
                                                           "an error that quotes an address",
                                                           "errors that quote an address",
                                                           "a text that quotes an address"};
    return kNames[static_cast<std::size_t>(fault)];
}

std::int64_t waitAskedBy(Fault fault) {
    return fault == Fault::LimitedSeconds || fault == Fault::LimitedDate ? kWaitMs : 0;
}

HttpReply disturbed(Fault fault,
                    const HttpRequest& request,
                    const std::function<HttpReply(const HttpRequest&)>& vendor,
                    EpochMs now) {
    switch (fault) {
        case Fault::Cancelled:
            return failure(HttpClass::Cancelled, 0, "the hub ended the call");
        case Fault::Refused:
            return failure(HttpClass::Auth, 401, "the vendor refused the credentials");
        case Fault::Forbidden:
            return failure(HttpClass::Permanent, 403, "the vendor answered 403");
        case Fault::Dead:
            return failure(HttpClass::Transient, 0, "the host could not be reached");
        case Fault::LimitedSeconds:
        case Fault::LimitedDate:
        case Fault::LimitedBare:
            return limited(fault, now);
        case Fault::Unavailable: {
            auto reply = failure(HttpClass::Transient, 503, "the vendor answered 503");
            reply.body = "<html>Service Unavailable</html>";
            reply.maybeSent = !reads(request.method);
            return reply;
        }
        case Fault::Quoted:
        case Fault::QuotedList:
        case Fault::Gibberish:
            return quoting(fault);
        default:
            return spoiled(fault, request, vendor(request));
    }
}

FaultPlan drawnFaults(std::uint64_t seed) {
    // Shared, as std::function copies what it holds.
    const auto random = std::make_shared<std::mt19937_64>(seed);
    return [random](const HttpRequest&, std::size_t) {
        static constexpr std::array kDrawn = {
            Fault::None,        Fault::None,        Fault::None,           Fault::None,
            Fault::None,        Fault::None,        Fault::None,           Fault::None,
            Fault::Dead,        Fault::LimitedBare, Fault::LimitedSeconds, Fault::Refused,
            Fault::Unavailable, Fault::Html,        Fault::Truncated,      Fault::LostAfterSending};
        return kDrawn[(*random)() % kDrawn.size()];
    };
}

}  // namespace concordat::sdk::conformance
