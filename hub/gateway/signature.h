// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a webhook is signed as its description says. Pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "hub/gateway/http.h"

namespace concordat::gateway {

/// How a vendor signs. `signedText` tells what goes under the hash: "{body}", "{time}", "{key}" and
/// text.
struct SignatureRule {
    std::string kind = "hmac";     ///< "hmac", "digest" (of key and body), "token", "basic", "none"
    std::string hash = "sha256";   ///< "sha1", "sha256", "sha512", "md5"
    std::string header;            ///< lower case; "authorization" for basic
    std::string encoding = "hex";  ///< "hex", "base64"
    std::string prefix;            ///< text before the value, such as "sha256="
    std::string timeHeader;        ///< lower case; epoch seconds or milliseconds
    std::chrono::seconds tolerance{0};
    std::string signedText;  ///< empty: "{body}", "{key}{body}" (digest), "{time}.{body}" (timed)
};

enum class SignatureVerdict { Valid, Missing, Wrong, TimeMissing, TooOld, NotChecked };

/// `timed`: the time stood under the signature and is recent, so the message is more than a hint.
struct SignatureCheck {
    SignatureVerdict verdict = SignatureVerdict::Wrong;
    bool timed = false;
    std::string reason;  ///< one sentence for the log, without any value
};

/// Checks `body` as it came, with header names in lower case. Several keys are allowed while one is
/// being replaced; for "basic" a key is "user:password". `NotChecked` is the answer of kind "none".
SignatureCheck checkSignature(const SignatureRule& rule,
                              const std::vector<std::string>& keys,
                              const Headers& headers,
                              std::string_view body,
                              SystemTime now);

/// One sentence if the rule cannot be used (unknown kind, hash or encoding, no header); empty if it
/// can.
std::string problemWith(const SignatureRule& rule);

}  // namespace concordat::gateway
