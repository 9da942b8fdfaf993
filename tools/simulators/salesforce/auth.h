// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tools/simulators/salesforce/org.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {

/// Access tokens and the endpoints that give them out. [any]
class Auth {
 public:
    /// Reads the key file of the credentials. Throws std::runtime_error when it holds no RSA key.
    explicit Auth(Org& org);

    /// Answers /services/oauth2/… and /id/…
    Reply answer(const Request& request, const std::string& what);
    /// The client id behind a request's token; none when it is missing, unknown or expired.
    std::optional<std::string> clientOf(const Request& request);
    void expireAll();

 private:
    Reply giveToken(const Request& request);
    Reply byClient(const Request& request,
                   const std::unordered_map<std::string, std::string>& form);
    Reply byJwt(const Request& request, const std::unordered_map<std::string, std::string>& form);
    Reply issue(const Request& request);
    Reply identity(const Request& request);
    Reply introspect(const Request& request);
    bool onLoginHost(const Request& request) const;

    Org& org_;
    std::string publicKey_;                                 // PEM text
    std::mutex mutex_;                                      // guards tokens_, issued_
    std::unordered_map<std::string, std::int64_t> tokens_;  // token -> real time of expiry, ms
    std::uint64_t issued_ = 0;
};

/// True when `signature` is the RS256 signature of `text` under a PEM certificate or public key.
bool verifyRs256(const std::string& pem, std::string_view text, const std::string& signature);
/// Decodes base64 or base64url, with or without padding; none when it is neither.
std::optional<std::string> readBase64(std::string_view text);
/// base64(HMAC-SHA256(key, text)).
std::string signText(const std::string& key, const std::string& text);

}  // namespace concordat::simulators::salesforce
