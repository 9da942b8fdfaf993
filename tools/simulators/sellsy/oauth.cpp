// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/oauth.h"

#include <array>
#include <sstream>

#include <Poco/Base64Decoder.h>
#include <Poco/URI.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

constexpr std::int64_t kCodeLifeMs = 600'000;
constexpr std::size_t kMaxTokens = 100'000;

std::string randomText(std::size_t bytes) {
    std::array<unsigned char, 64> raw{};
    if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1) {
        throw std::runtime_error("no randomness for a token");
    }
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) {
        text += "0123456789abcdef"[raw[i] >> 4U];
        text += "0123456789abcdef"[raw[i] & 15U];
    }
    return text;
}

/// BASE64URL(SHA256(verifier)) without padding, as RFC 7636 says.
std::string challengeOf(const std::string& verifier) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(verifier.data(), verifier.size(), digest.data(), &length, EVP_sha256(), nullptr);
    std::array<unsigned char, 64> text{};
    const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(length));
    std::string out(text.begin(), text.begin() + size);
    for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    while (!out.empty() && out.back() == '=') out.pop_back();
    return out;
}

Reply oauthError(int status, const std::string& error, const std::string& text) {
    Reply reply;
    reply.status = status;
    reply.type = "application/json";
    reply.body = json({{"error", error}, {"error_description", text}, {"message", text}}).dump();
    return reply;
}

Reply badClient() { return oauthError(401, "invalid_client", "Client authentication failed"); }

std::string get(const std::map<std::string, std::string>& form, const std::string& key) {
    const auto found = form.find(key);
    return found == form.end() ? std::string() : found->second;
}

void readBasic(std::string_view header, std::map<std::string, std::string>& form) {
    if (header.substr(0, 6) != "Basic ") return;
    std::istringstream in(std::string(header.substr(6)));
    Poco::Base64Decoder decoder(in);
    const std::string pair((std::istreambuf_iterator<char>(decoder)),
                           std::istreambuf_iterator<char>());
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos) return;
    form["client_id"] = percentDecode(pair.substr(0, colon), true);
    form["client_secret"] = percentDecode(pair.substr(colon + 1), true);
}

/// The asked scopes that the client has; all of them when none are asked.
std::string grantedScopes(const std::string& asked, const std::string& ticked) {
    if (asked.empty()) return ticked;
    std::istringstream in(asked);
    std::string out;
    for (std::string scope; in >> scope;) {
        if (hasScope(ticked, scope)) out += (out.empty() ? "" : " ") + scope;
    }
    return out;
}

}  // namespace

bool hasScope(const std::string& granted, const std::string& scope) {
    return (" " + granted + " ").find(" " + scope + " ") != std::string::npos;
}

Reply OAuth::authorize(const Request& request) {
    const auto param = [&](const char* name) { return request.param(name).value_or(""); };
    const std::string redirect = param("redirect_uri");
    const std::lock_guard lock(mutex_);
    if (param("client_id") != client_.id) return badClient();
    if (redirect.rfind("http://", 0) != 0 && redirect.rfind("https://", 0) != 0) {
        return oauthError(400, "invalid_request", "redirect_uri must begin with http or https");
    }
    Poco::URI target(redirect);
    if (!param("state").empty()) target.addQueryParameter("state", param("state"));
    if (param("response_type") != "code") {
        target.addQueryParameter("error", "unsupported_response_type");
    } else if (param("code_challenge").empty() || param("code_challenge_method") != "S256") {
        target.addQueryParameter("error", "invalid_request");
    } else {
        const std::string code = randomText(24);
        codes_[code] = {redirect, param("code_challenge"),
                        grantedScopes(param("scope"), client_.scopes), stage_.now() + kCodeLifeMs};
        target.addQueryParameter("code", code);
    }
    return {302, "", "", {{"Location", target.toString()}}};
}

Reply OAuth::token(const Request& request) {
    const Form form = readForm(request);
    const std::string grant = get(form, "grant_type");
    const std::lock_guard lock(mutex_);
    const bool secretNeeded = grant == "client_credentials";
    if (!knows(form, secretNeeded)) return badClient();
    if (grant == "client_credentials") {
        return issue(grantedScopes(get(form, "scope"), client_.scopes), false);
    }
    if (grant == "authorization_code") return byCode(form);
    if (grant == "refresh_token") return byRefresh(form);
    return oauthError(400, "unsupported_grant_type", "The grant type is not supported");
}

OAuth::Form OAuth::readForm(const Request& request) const {
    Form form;
    if (request.header("Content-Type").find("json") != std::string_view::npos) {
        const json body = json::parse(request.body, nullptr, false);
        if (body.is_object()) {
            for (const auto& [key, value] : body.items()) {
                if (value.is_string()) form[key] = value.get<std::string>();
            }
        }
    } else {
        for (auto& [key, value] : simulators::readForm(request.body)) form[key] = value;
    }
    readBasic(request.header("Authorization"), form);
    return form;
}

bool OAuth::knows(const Form& form, bool secretNeeded) const {
    const std::string secret = get(form, "client_secret");
    const bool secretFits = secret == client_.secret || (secret.empty() && !secretNeeded);
    return get(form, "client_id") == client_.id && secretFits;
}

Reply OAuth::byCode(const Form& form) {
    const auto found = codes_.find(get(form, "code"));
    if (found == codes_.end()) return oauthError(400, "invalid_grant", "Unknown code");
    const Code code = found->second;
    codes_.erase(found);
    const bool fits = code.expiresMs > stage_.now() && code.redirect == get(form, "redirect_uri") &&
                      code.challenge == challengeOf(get(form, "code_verifier"));
    if (!fits) return oauthError(400, "invalid_grant", "Code, redirect or verifier do not fit");
    return issue(code.scopes, true);
}

Reply OAuth::byRefresh(const Form& form) {
    const auto found = refresh_.find(get(form, "refresh_token"));
    if (found == refresh_.end()) {
        return oauthError(400, "invalid_grant", "The refresh token is invalid");
    }
    const std::string scopes = found->second;
    refresh_.erase(found);
    return issue(scopes, true);
}

Reply OAuth::issue(const std::string& scopes, bool withRefresh) {
    const std::int64_t lifetime = stage_.settings.token_lifetime_s;
    if (access_.size() >= kMaxTokens) access_.clear();
    const std::string token = randomText(32);
    access_[token] = {scopes, stage_.now() + lifetime * 1000};
    json body = {{"token_type", "Bearer"}, {"expires_in", lifetime}, {"access_token", token}};
    if (withRefresh) {
        const std::string refresh = "def502" + randomText(32);
        refresh_[refresh] = scopes;
        body["refresh_token"] = refresh;
    }
    Reply reply;
    reply.type = "application/json";
    reply.body = body.dump();
    return reply;
}

std::string OAuth::scopesOf(const Request& request) const {
    const std::string_view header = request.header("Authorization");
    const std::lock_guard lock(mutex_);
    const bool bearer = header.substr(0, 7) == "Bearer ";
    const auto found = access_.find(bearer ? std::string(header.substr(7)) : std::string());
    if (found == access_.end() || found->second.expiresMs <= stage_.now()) {
        throw Problem(401, "Unauthorized");
    }
    return found->second.scopes;
}

void OAuth::setScopes(const std::string& scopes) {
    const std::lock_guard lock(mutex_);
    client_.scopes = scopes;
}

std::string OAuth::scopes() const {
    const std::lock_guard lock(mutex_);
    return client_.scopes;
}

void OAuth::expireAll() {
    const std::lock_guard lock(mutex_);
    access_.clear();
}

}  // namespace concordat::simulators::sellsy
