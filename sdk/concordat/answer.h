// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a request to the vendor ended, in the words that decide what follows, and what that means for
// an item of apply. A connector's replies.cpp turns a vendor's replies into these. Pure, any
// thread.

#include <string>
#include <string_view>

#include "sdk/concordat/connector.h"

namespace concordat::sdk {

/// `Refused` is the vendor's last word; `Locked`: somebody else holds the record; `TooLarge`: less
/// at once may work; `Unclear`: it may have been done.
enum class Ending {
    Done,
    Refused,
    NotFound,
    Conflict,
    Later,
    Locked,
    TooLarge,
    SignIn,
    Unclear,
    Cancelled
};

/// `words` are the vendor's, `reason` holds none of them and may be logged.
struct Answer {
    Ending ending = Ending::Unclear;
    int status = 0;
    std::string code;  ///< the vendor's error code
    nlohmann::json body;
    std::string words;
    std::string reason;
    std::int64_t retryAfterMs = 0;
};

/// What a reply without an answer from the vendor means (no status, or cancelled). `reads`: it
/// could be repeated at will, so that nothing is unclear, only late.
Answer silence(const HttpReply& reply, std::string_view vendor, bool reads);
/// What an HTTP status means where the vendor gives it no meaning of its own.
Ending endingOfStatus(int status, bool reads);
/// Marks an answer that cannot be read although the vendor said 2xx.
void spoil(Answer& answer, std::string_view vendor, bool reads);

Outcome outcome(OutcomeKind kind, std::string message = "");
/// What the answer to a write means for its item.
Outcome outcomeOf(const Answer& answer);
/// The same for an answer that came before anything was written: then nothing is unclear.
Outcome outcomeBeforeWriting(const Answer& answer);
/// Ends the call with CallError unless the vendor did what was asked; `signInFix` is added where it
/// refused the sign-in.
const Answer& mustBeDone(const Answer& answer, const std::string& what, std::string_view signInFix);

}  // namespace concordat::sdk
