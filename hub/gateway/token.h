// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tokens: how they are asked for, read from a reply, merged and written down. Pure, any thread.

#include <map>
#include <optional>
#include <string>

#include "hub/gateway/auth_template.h"
#include "hub/gateway/gateway.h"

namespace concordat::gateway {

/// What a sign-in gave. `fields`: those that the template names.
struct TokenSet {
    std::string access;
    std::string refresh;
    std::map<std::string, std::string> fields;
    std::optional<SystemTime> expiresAt;  ///< when to renew, a little before the end
};

/// What to send to get a token. The url is not checked yet.
struct TokenRequest {
    std::string method = "POST";
    std::string url;
    Headers headers;
    std::string body;
};

/// A request by the template's own grant; `refreshToken` serves the kinds that have one. Throws
/// AccessError.
TokenRequest tokenRequest(const AuthTemplate& auth,
                          const TextFiller& filler,
                          const std::string& refreshToken,
                          SystemTime now);

/// What the authorization code flow needs besides the template.
struct CodeGrant {
    std::string code;
    std::string verifier;
    std::string redirectUri;
};
TokenRequest codeRequest(const AuthTemplate& auth,
                         const TextFiller& filler,
                         const CodeGrant& grant);

/// PKCE's S256 challenge of a verifier.
std::string pkceChallenge(const std::string& verifier);
/// Where a person signs in. Throws AccessError.
AuthorizationStart startAuthorization(const AuthTemplate& auth,
                                      const TextFiller& filler,
                                      const std::string& redirectUri);

/// A signed assertion for the JWT bearer grant.
std::string signedAssertion(const JwtClaims& claims, const TextFiller& filler, SystemTime now);

/// Either a token, or why not. `later`: the vendor may answer better after a while.
struct TokenReading {
    std::optional<TokenSet> token;
    std::string problem;
    bool later = false;
};
TokenReading readTokenReply(const AuthTemplate& auth,
                            int status,
                            const std::string& body,
                            SystemTime now);

/// `fresh` over `kept`: what the new reply does not say stays.
void mergeToken(TokenSet& kept, TokenSet fresh);

std::string writeToken(const TokenSet& token);
/// Nothing if the text is not one that `writeToken` wrote.
std::optional<TokenSet> parseToken(const std::string& text);

}  // namespace concordat::gateway
