// SPDX-License-Identifier: Apache-2.0
#pragma once
// An auth template (auth.md), read and checked. Values, any thread.

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "hub/gateway/egress.h"
#include "hub/gateway/reply_rules.h"
#include "hub/gateway/secret_text.h"

namespace concordat::gateway {

enum class AuthKind {
    None,
    ApiKey,
    Basic,
    Bearer,
    ClientCredentials,
    RefreshToken,
    AuthorizationCode,
    JwtBearer,
    Exchange
};

using TextMap = std::map<std::string, SecretText>;

/// The client of the OAuth kinds.
struct OAuthClient {
    std::string tokenUrl;
    std::string authorizeUrl;
    SecretText id;
    SecretText secret;
    SecretText refreshToken;
    std::string scope;
    bool basic = false;  ///< id and secret go into a Basic header
    bool json = false;   ///< the body is JSON instead of a form
    TextMap extra;
    TextMap authorizeExtra;
};

/// What an assertion says.
struct JwtClaims {
    SecretText issuer;
    SecretText subject;
    SecretText audience;
    SecretText privateKey;
    std::string keyId;
    std::chrono::seconds lifetime{180};
    std::string claimsJson = "{}";
};

/// How an `exchange` asks for a token and finds it in the reply.
struct ExchangeRequest {
    std::string method;
    std::string url;
    TextMap headers;
    TextMap form;
    std::string bodyJson;  ///< empty: the form
    std::optional<ReplyCondition> success;
};

/// Where a token reply says how long it lasts: `in` seconds, or `at` compared with `now`. JSON
/// pointers.
struct Lifetime {
    std::string in;
    std::string at;
    std::string now;
    std::vector<std::string> formats;
};

struct AuthTemplate {
    AuthKind kind = AuthKind::None;
    CredentialPlace place;
    std::string prefix;
    SecretText credential;  ///< of api_key and bearer
    SecretText username;
    SecretText password;
    OAuthClient client;
    JwtClaims jwt;
    ExchangeRequest exchange;
    std::string tokenPointer;
    Lifetime lifetime;
    std::map<std::string, std::string> tokenFields;  ///< name -> JSON pointer
    std::chrono::seconds early{60};
    std::vector<ReplyRule> replies;

    bool fetchesToken() const;
    /// Whether its refresh token must survive a restart.
    bool keepsRefreshToken() const;
    const std::string& tokenUrl() const;
};

/// Throws AccessError, which names the key at fault.
AuthTemplate readAuthTemplate(const AuthSettings& settings);

}  // namespace concordat::gateway
