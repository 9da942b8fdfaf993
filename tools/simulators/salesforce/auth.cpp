// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/auth.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/ids.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;
using Form = std::unordered_map<std::string, std::string>;

constexpr auto kJwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::int64_t kLeewayMs = 30000;

Reply refuse(const char* error, const char* description) {
    Reply reply;
    reply.status = 400;
    reply.body = Json{{"error", error}, {"error_description", description}}.dump();
    return reply;
}

Reply show(const Json& body) {
    Reply reply;
    reply.body = body.dump();
    return reply;
}

std::string field(const Form& form, const char* name) {
    const auto at = form.find(name);
    return at == form.end() ? "" : at->second;
}

/// The secret of a Basic header joins the form, unless the form names a client itself.
void addBasic(const Request& request, Form& form) {
    const auto header = request.header("Authorization");
    if (header.substr(0, 6) != "Basic " || form.count("client_id") > 0) return;
    const auto plain = readBase64(header.substr(6)).value_or("");
    const auto colon = plain.find(':');
    if (colon == std::string::npos) return;
    form["client_id"] = percentDecode(plain.substr(0, colon), false);
    form["client_secret"] = percentDecode(plain.substr(colon + 1), false);
}

std::string baseUrl(const Request& request) {
    return "http://" + std::string(request.header("Host"));
}

std::string userId() { return makeId("005", 1); }

Reply sessionError() {
    Reply reply;
    reply.status = 401;
    reply.body = R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])";
    return reply;
}

}  // namespace

Auth::Auth(Org& org) : org_(org) {
    const auto& file = org.credentials.jwt_public_key;
    if (file.empty()) return;
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    publicKey_ = text.str();
    if (publicKey_.find("-----BEGIN") == std::string::npos) {
        throw std::runtime_error("--jwt-public-key: " + file + " holds no PEM certificate or key");
    }
}

bool Auth::onLoginHost(const Request& request) const {
    const auto host = request.header("Host");
    return org_.login_host || host.substr(0, 6) == "login." || host.substr(0, 5) == "test.";
}

Reply Auth::answer(const Request& request, const std::string& what) {
    if (what == "token" || what == "revoke" || what == "introspect") {
        if (request.method != "POST") return refuse("invalid_request", "must use HTTP POST");
        return what == "introspect" ? introspect(request) : giveToken(request);
    }
    return identity(request);
}

Reply Auth::giveToken(const Request& request) {
    Form form;
    for (const auto& [name, value] : readForm(request.body)) form.emplace(name, value);
    addBasic(request, form);
    if (request.path.find("/revoke") != std::string::npos) {
        const std::lock_guard lock(mutex_);
        tokens_.erase(field(form, "token"));
        return show(Json::object());
    }
    const auto type = lowerText(request.header("Content-Type"));
    const auto grant = field(form, "grant_type");
    if (type.rfind("application/x-www-form-urlencoded", 0) != 0 || grant.empty()) {
        return refuse("unsupported_grant_type", "grant type not supported");
    }
    if (grant == "client_credentials") return byClient(request, form);
    if (grant == kJwtGrant) return byJwt(request, form);
    if (grant == "refresh_token") return refuse("invalid_grant", "expired access/refresh token");
    if (grant == "password") return refuse("invalid_grant", "authentication failure");
    return refuse("unsupported_grant_type", "grant type not supported");
}

Reply Auth::byClient(const Request& request, const Form& form) {
    if (onLoginHost(request))
        return refuse("invalid_grant", "request not supported on this domain");
    if (field(form, "client_id") != org_.credentials.client_id) {
        return refuse("invalid_client_id", "client identifier invalid");
    }
    if (field(form, "client_secret") != org_.credentials.client_secret) {
        return refuse("invalid_client", "invalid client credentials");
    }
    return issue(request);
}

Reply Auth::byJwt(const Request& request, const Form& form) {
    const auto assertion = field(form, "assertion");
    const auto first = assertion.find('.');
    const auto last = assertion.rfind('.');
    if (first == std::string::npos || first == last)
        return refuse("invalid_grant", "invalid assertion");
    const auto part = [&](std::size_t from, std::size_t to) {
        const auto text =
            readBase64(std::string_view(assertion).substr(from, to - from)).value_or("");
        return Json::parse(text, nullptr, false);
    };
    const Json header = part(0, first);
    const Json claims = part(first + 1, last);
    const auto signature = readBase64(std::string_view(assertion).substr(last + 1));
    if (!header.is_object() || !claims.is_object() || !signature ||
        header.value("alg", "") != "RS256") {
        return refuse("invalid_grant", "invalid assertion");
    }
    if (claims.value("iss", "") != org_.credentials.client_id) {
        return refuse("invalid_client_id", "client identifier invalid");
    }
    if (!verifyRs256(publicKey_, assertion.substr(0, last), *signature)) {
        return refuse("invalid_grant", "invalid assertion");
    }
    const auto aud = claims.value("aud", "");
    if (aud != "https://login.salesforce.com" && aud != "https://test.salesforce.com" &&
        aud != baseUrl(request)) {
        return refuse("invalid_grant", "Audience validation failed");
    }
    const auto exp =
        claims.contains("exp") && claims["exp"].is_number() ? claims["exp"].get<double>() : 0;
    if (exp * 1000 < static_cast<double>(org_.stage.now() - kLeewayMs)) {
        return refuse("invalid_grant", "expired authorization code");
    }
    if (claims.value("sub", "") != org_.credentials.username) {
        return refuse("invalid_grant", "user hasn't approved this consumer");
    }
    return issue(request);
}

Reply Auth::issue(const Request& request) {
    const auto now = org_.stage.now();
    const auto id = "https://login.salesforce.com/id/" + std::string(kOrgId) + "/" + userId();
    std::string token = std::string(kOrgId.substr(0, 15)) + "!";
    {
        const std::lock_guard lock(mutex_);
        token += signText(org_.credentials.client_secret,
                          std::to_string(++issued_) + id + std::to_string(now));
        tokens_[token] = realNow() + org_.stage.settings.token_lifetime_s * 1000;
    }
    return show({{"access_token", token},
                 {"signature", signText(org_.credentials.client_secret, id + std::to_string(now))},
                 {"token_format", "opaque"},
                 {"instance_url", baseUrl(request)},
                 {"id", id},
                 {"token_type", "Bearer"},
                 {"issued_at", std::to_string(now)},
                 {"scope", "api"}});
}

std::optional<std::string> Auth::clientOf(const Request& request) {
    const auto header = request.header("Authorization");
    const auto space = header.find(' ');
    if (!sameText(header.substr(0, space), "Bearer") &&
        !sameText(header.substr(0, space), "OAuth")) {
        return std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    const auto at = tokens_.find(std::string(header.substr(space + 1)));
    if (at == tokens_.end() || at->second < realNow()) return std::nullopt;
    return org_.credentials.client_id;
}

void Auth::expireAll() {
    const std::lock_guard lock(mutex_);
    tokens_.clear();
}

Reply Auth::identity(const Request& request) {
    if (!clientOf(request)) return sessionError();
    return show({{"user_id", userId()},
                 {"organization_id", kOrgId},
                 {"preferred_username", org_.credentials.username},
                 {"username", org_.credentials.username},
                 {"name", "Integration User"},
                 {"active", true},
                 {"user_type", "STANDARD"}});
}

Reply Auth::introspect(const Request& request) {
    for (const auto& [name, value] : readForm(request.body)) {
        const std::lock_guard lock(mutex_);
        const auto at = name == "token" ? tokens_.find(value) : tokens_.end();
        if (at != tokens_.end() && at->second >= realNow()) {
            return show({{"active", true},
                         {"scope", "api"},
                         {"client_id", org_.credentials.client_id},
                         {"username", org_.credentials.username},
                         {"exp", at->second / 1000}});
        }
    }
    return show({{"active", false}});
}

}  // namespace concordat::simulators::salesforce
