// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include <nlohmann/json_fwd.hpp>

namespace concordat::simulators::eudonet {

/// What a client must say to get a token.
struct Credentials {
    std::string subscriberLogin = "demo";
    std::string subscriberPassword = "demo-subscriber";
    std::string baseName = "DEMO";
    std::string userLogin = "api";
    std::string userPassword = "demo-user";
};

/// Checks a token request (keys in lower case). Throws Refusal 104 for a wrong subscriber or base,
/// 100 for a wrong user, and for a missing UserLang or ProductName. [any]
void checkCredentials(const Credentials& credentials, const nlohmann::json& body);

/// Tokens that were given out. Times are UTC seconds of the vendor's clock. [any]
class Sessions {
 public:
    /// A new token that is good until `expires`.
    std::string open(std::int64_t expires);
    /// Throws Refusal 101, 102 or 103 unless `token` is good at `now`.
    void check(const std::string& token, std::int64_t now) const;
    void close(const std::string& token);
    /// All tokens given out so far are expired from now on.
    void expireAll();

 private:
    mutable std::mutex mutex_;  // guards all below
    std::unordered_map<std::string, std::int64_t> expiry_;
};

}  // namespace concordat::simulators::eudonet
