// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "hub/gateway/digest.h"
#include "hub/gateway/token.h"
#include "hub/gateway/url.h"

namespace concordat::gateway {

using nlohmann::json;

namespace {

using Fields = std::map<std::string, std::string>;

std::string formOf(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) out = withQueryMember(out, name, value);
    return out;
}

void addTexts(Fields& fields, const TextMap& texts, const TextFiller& filler) {
    for (const auto& [name, text] : texts) fields[name] = filler.fill(text);
}

TokenRequest oauthRequest(const OAuthClient& client, Fields fields, const TextFiller& filler) {
    TokenRequest out;
    out.url = client.tokenUrl;
    if (!client.scope.empty() && fields["grant_type"] != "authorization_code")
        fields["scope"] = client.scope;
    addTexts(fields, client.extra, filler);
    out.headers["accept"] = "application/json";
    out.headers["content-type"] =
        client.json ? "application/json" : "application/x-www-form-urlencoded";
    out.body = client.json ? json(fields).dump() : formOf(fields);
    return out;
}

// The client's own credential, in the body or as RFC 6749 2.3.1 wants it in the header.
TokenRequest signedByClient(const OAuthClient& client, Fields fields, const TextFiller& filler) {
    const std::string id = filler.fill(client.id);
    const std::string secret = filler.fill(client.secret);
    if (!client.basic) {
        fields["client_id"] = id;
        if (!secret.empty()) fields["client_secret"] = secret;
    }
    TokenRequest out = oauthRequest(client, std::move(fields), filler);
    if (client.basic) {
        out.headers["authorization"] =
            "Basic " + base64(encodeUrlPart(id) + ":" + encodeUrlPart(secret));
    }
    return out;
}

TokenRequest exchangeRequest(const ExchangeRequest& exchange, const TextFiller& filler) {
    TokenRequest out;
    out.method = exchange.method;
    out.url = exchange.url;
    out.headers["accept"] = "application/json";
    for (const auto& [name, text] : exchange.headers)
        out.headers[lowerCase(name)] = filler.fill(text);
    if (!exchange.bodyJson.empty()) {
        json body = json::parse(exchange.bodyJson);
        filler.fillJson(body);
        out.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
        out.headers.emplace("content-type", "application/json");
    } else if (!exchange.form.empty()) {
        Fields fields;
        addTexts(fields, exchange.form, filler);
        out.body = formOf(fields);
        out.headers.emplace("content-type", "application/x-www-form-urlencoded");
    }
    return out;
}

}  // namespace

TokenRequest tokenRequest(const AuthTemplate& auth,
                          const TextFiller& filler,
                          const std::string& refreshToken,
                          SystemTime now) {
    switch (auth.kind) {
        case AuthKind::Exchange:
            return exchangeRequest(auth.exchange, filler);
        case AuthKind::ClientCredentials:
            return signedByClient(auth.client, {{"grant_type", "client_credentials"}}, filler);
        case AuthKind::JwtBearer:
            return oauthRequest(auth.client,
                                {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                 {"assertion", signedAssertion(auth.jwt, filler, now)}},
                                filler);
        case AuthKind::AuthorizationCode:
            if (refreshToken.empty()) {
                throw AccessError("nobody has connected this system yet; run `concordat connect`");
            }
            break;
        default:
            break;
    }
    const std::string refresh =
        refreshToken.empty() ? filler.fill(auth.client.refreshToken) : refreshToken;
    return signedByClient(auth.client,
                          {{"grant_type", "refresh_token"}, {"refresh_token", refresh}}, filler);
}

TokenRequest codeRequest(const AuthTemplate& auth,
                         const TextFiller& filler,
                         const CodeGrant& grant) {
    return signedByClient(auth.client,
                          {{"grant_type", "authorization_code"},
                           {"code", grant.code},
                           {"code_verifier", grant.verifier},
                           {"redirect_uri", grant.redirectUri}},
                          filler);
}

std::string pkceChallenge(const std::string& verifier) {
    return base64Url(digest("sha256", verifier).value_or(""));
}

AuthorizationStart startAuthorization(const AuthTemplate& auth,
                                      const TextFiller& filler,
                                      const std::string& redirectUri) {
    if (auth.kind != AuthKind::AuthorizationCode) {
        throw AccessError("this system does not sign in by oauth2_authorization_code");
    }
    constexpr std::size_t kVerifierBytes = 48;  // RFC 7636 wants 43 to 128 characters
    AuthorizationStart out{"", base64Url(randomBytes(24)), base64Url(randomBytes(kVerifierBytes))};
    Fields fields{{"response_type", "code"},
                  {"client_id", filler.fill(auth.client.id)},
                  {"redirect_uri", redirectUri},
                  {"state", out.state},
                  {"code_challenge", pkceChallenge(out.verifier)},
                  {"code_challenge_method", "S256"}};
    if (!auth.client.scope.empty()) fields["scope"] = auth.client.scope;
    addTexts(fields, auth.client.authorizeExtra, filler);
    const bool hasQuery = auth.client.authorizeUrl.find('?') != std::string::npos;
    out.address = auth.client.authorizeUrl + (hasQuery ? "&" : "?") + formOf(fields);
    return out;
}

std::string signedAssertion(const JwtClaims& claims, const TextFiller& filler, SystemTime now) {
    json header{{"alg", "RS256"}, {"typ", "JWT"}};
    if (!claims.keyId.empty()) header["kid"] = claims.keyId;
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    json payload = json::parse(claims.claimsJson);
    filler.fillJson(payload);
    payload["iss"] = filler.fill(claims.issuer);
    payload["sub"] = filler.fill(claims.subject);
    payload["aud"] = filler.fill(claims.audience);
    payload["iat"] = seconds;
    payload["exp"] = seconds + claims.lifetime.count();
    payload["jti"] = base64Url(randomBytes(16));
    const std::string text = base64Url(header.dump()) + "." + base64Url(payload.dump());
    return text + "." + base64Url(signRs256(filler.fill(claims.privateKey), text));
}

}  // namespace concordat::gateway
