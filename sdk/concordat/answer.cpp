// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/answer.h"

#include <algorithm>

namespace concordat::sdk {
namespace {

constexpr std::int64_t kSoonMs = 2'000;
/// Credentials do not come right by asking again; a person must look.
constexpr std::int64_t kSignInMs = 60'000;

}  // namespace

Answer silence(const HttpReply& reply, std::string_view vendor, bool reads) {
    Answer answer;
    const std::string name(vendor);
    answer.retryAfterMs = std::max(reply.retryAfterMs, kSoonMs);
    if (reply.kind == HttpClass::Cancelled) {
        answer.ending = Ending::Cancelled;
        answer.reason = "the hub ended the call";
    } else if (reply.kind == HttpClass::Auth) {
        answer.ending = Ending::SignIn;
        answer.reason = name + " refused the sign-in";
        answer.retryAfterMs = kSignInMs;
    } else if (reply.kind == HttpClass::Permanent && !reply.maybeSent) {
        answer.ending = Ending::Refused;
        answer.reason = "the hub did not send the request to " + name;
    } else {
        answer.ending = reads || !reply.maybeSent ? Ending::Later : Ending::Unclear;
        answer.reason = name + " could not be reached";
    }
    return answer;
}

Ending endingOfStatus(int status, bool reads) {
    if (status >= 200 && status < 300) return Ending::Done;
    switch (status) {
        case 401:
            return Ending::SignIn;
        case 404:
            return Ending::NotFound;
        case 409:
        case 412:
            return Ending::Conflict;
        case 413:
            return Ending::TooLarge;
        case 420:
        case 429:
            return Ending::Later;
        default:
            break;
    }
    // Of 408 and 5xx the vendor had the request; what became of a write only a look can tell.
    if (status >= 300 && status < 500 && status != 408) return Ending::Refused;
    return reads ? Ending::Later : Ending::Unclear;
}

void spoil(Answer& answer, std::string_view vendor, bool reads) {
    answer.ending = reads ? Ending::Later : Ending::Unclear;
    answer.retryAfterMs = std::max(answer.retryAfterMs, kSoonMs);
    answer.reason = std::string(vendor) + "'s answer is not what its documentation describes";
    answer.body = nullptr;
}

Outcome outcome(OutcomeKind kind, std::string message) {
    Outcome made;
    made.kind = kind;
    made.message = std::move(message);
    return made;
}

Outcome outcomeOf(const Answer& answer) {
    if (answer.ending == Ending::Done) return outcome(OutcomeKind::Applied);
    auto made = outcome(OutcomeKind::Unknown, answer.words.empty() ? answer.reason : answer.words);
    switch (answer.ending) {
        case Ending::Refused:
        case Ending::TooLarge:
            made.kind = OutcomeKind::Rejected;
            if (!answer.words.empty()) made.message = answer.words + " (" + answer.reason + ")";
            break;
        case Ending::NotFound:
            made.kind = OutcomeKind::NotFound;
            break;
        case Ending::Conflict:
            made.kind = OutcomeKind::Conflict;
            break;
        case Ending::Later:
        case Ending::Locked:
            made.kind = OutcomeKind::Retry;
            made.retryAfterMs = std::max<std::int64_t>(answer.retryAfterMs, 1'000);
            break;
        case Ending::SignIn:
            made.kind = OutcomeKind::Retry;
            made.retryAfterMs = kSignInMs;
            break;
        case Ending::Done:
        case Ending::Unclear:
        case Ending::Cancelled:
            break;
    }
    return made;
}

Outcome outcomeBeforeWriting(const Answer& answer) {
    auto made = outcomeOf(answer);
    if (made.kind != OutcomeKind::Unknown) return made;
    made.kind = OutcomeKind::Retry;
    made.retryAfterMs = std::max<std::int64_t>(answer.retryAfterMs, 1'000);
    return made;
}

const Answer& mustBeDone(const Answer& answer,
                         const std::string& what,
                         std::string_view signInFix) {
    if (answer.ending == Ending::Done) return answer;
    std::string words = what + " failed: " + answer.reason;
    if (answer.ending == Ending::SignIn) words += "; " + std::string(signInFix);
    throw CallError(words);
}

}  // namespace concordat::sdk
