// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can happen to a request on its way to the vendor, or to the answer on its way back.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sdk/concordat/messages.h"

namespace concordat::sdk::conformance {

enum class Fault {
    None,
    // The vendor never sees the request.
    Cancelled,
    Refused,         ///< 401 that a new sign-in did not cure
    Forbidden,       ///< 403
    Dead,            ///< nobody answers
    LimitedSeconds,  ///< 429, Retry-After: 7
    LimitedDate,     ///< 429, Retry-After: a date in 7 s
    LimitedBare,     ///< 429 without
    Unavailable,     ///< 503
    // The vendor does what it is asked.
    LostAfterSending,
    Html,       ///< 200 with a page for people
    Truncated,  ///< 200 with half of the body
    Empty,      ///< 200 without a body
    Large,      ///< the right answer, in more than 64 KiB
    // The vendor never sees the request, and quotes somebody's address (kQuoted).
    Quoted,      ///< 400 with an error object
    QuotedList,  ///< 400 with a list of them
    Gibberish,   ///< 200, neither JSON nor a page
};

/// Stands in answers that quote a person.
inline constexpr std::string_view kQuoted = "Elisabeth.Sauter@private.example";

/// The fault of one request; `place`: which of those sent together.
using FaultPlan = std::function<Fault(const HttpRequest& request, std::size_t place)>;

/// "429 with Retry-After in seconds"
std::string nameOf(Fault fault);
/// How long the vendor asks to wait: 7 s, 0 where it does not say.
std::int64_t waitAskedBy(Fault fault);

/// What the connector gets for `request`. `now`: the hub's clock.
HttpReply disturbed(Fault fault,
                    const HttpRequest& request,
                    const std::function<HttpReply(const HttpRequest&)>& vendor,
                    EpochMs now);

/// Faults drawn from a seed: about half of the requests have one that passes by itself.
FaultPlan drawnFaults(std::uint64_t seed);

}  // namespace concordat::sdk::conformance
