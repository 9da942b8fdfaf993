// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/auth_template.h"

#include <set>

#include <nlohmann/json.hpp>

namespace concordat::gateway {

using nlohmann::json;

namespace {

const std::map<std::string, AuthKind> kKinds{
    {"none", AuthKind::None},
    {"api_key", AuthKind::ApiKey},
    {"basic", AuthKind::Basic},
    {"bearer", AuthKind::Bearer},
    {"oauth2_client_credentials", AuthKind::ClientCredentials},
    {"oauth2_refresh_token", AuthKind::RefreshToken},
    {"oauth2_authorization_code", AuthKind::AuthorizationCode},
    {"oauth2_jwt_bearer", AuthKind::JwtBearer},
    {"exchange", AuthKind::Exchange}};

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
    throw AccessError("auth: " + where + " " + what);
}

// The members of one object. Those that nobody asked for are refused in the end.
class Members {
 public:
    Members(const json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is_object()) refuse(where_, "must be an object");
    }

    const json* find(const std::string& key) {
        known_.insert(key);
        const auto it = object_.find(key);
        return it == object_.end() ? nullptr : &*it;
    }
    const json& need(const std::string& key) {
        const json* value = find(key);
        if (!value) refuse(path(key), "is missing");
        return *value;
    }
    std::string text(const std::string& key) {
        const json& value = need(key);
        if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
            refuse(path(key), "must be a text");
        }
        return value.get<std::string>();
    }
    std::string text(const std::string& key, const std::string& otherwise) {
        const json* value = find(key);
        if (!value) return otherwise;
        if (!value->is_string()) refuse(path(key), "must be a text");
        return value->get<std::string>();
    }
    std::chrono::seconds seconds(const std::string& key, int otherwise) {
        const json* value = find(key);
        if (!value) return std::chrono::seconds(otherwise);
        if (!value->is_number_integer() || value->get<long>() < 0) {
            refuse(path(key), "must be a number of seconds");
        }
        return std::chrono::seconds(value->get<long>());
    }
    SecretText secret(const std::string& key) { return secretText(need(key), path(key)); }
    SecretText secret(const std::string& key, const std::string& otherwise) {
        const json* value = find(key);
        return value ? secretText(*value, path(key)) : SecretText{otherwise, {}};
    }
    TextMap texts(const std::string& key) {
        TextMap out;
        const json* value = find(key);
        if (!value) return out;
        if (!value->is_object()) refuse(path(key), "must be an object");
        for (const auto& [name, member] : value->items()) {
            out[name] = secretText(member, path(key) + "." + name);
        }
        return out;
    }
    bool choice(const std::string& key, const std::string& usual, const std::string& other) {
        const std::string value = text(key, usual);
        if (value != usual && value != other)
            refuse(path(key), "must be " + usual + " or " + other);
        return value == other;
    }
    std::string path(const std::string& key) const {
        return where_.empty() ? key : where_ + "." + key;
    }
    void end() const {
        for (const auto& [name, value] : object_.items()) {
            if (!known_.contains(name)) refuse(path(name), "is not a known parameter");
        }
    }

 private:
    static SecretText secretText(const json& value, const std::string& where) {
        if (value.is_string()) return {value.get<std::string>(), {}};
        if (!value.is_object()) refuse(where, "must be a text");
        Members members(value, where);
        SecretText out{members.text("text"), {}};
        const json& apply = members.need("apply");
        if (!apply.is_array()) refuse(where + ".apply", "must be a list of filters");
        for (const json& filter : apply) {
            if (!filter.is_string()) refuse(where + ".apply", "must be a list of filters");
            out.apply.push_back(filter.get<std::string>());
        }
        members.end();
        return out;
    }

    const json& object_;
    std::string where_;
    std::set<std::string> known_;
};

std::string scalarText(const json& value, const std::string& where) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return value.dump();
    refuse(where, "must be a text, a number, true or false");
}

std::optional<double> number(Members& members, const std::string& key) {
    const json* value = members.find(key);
    if (!value) return std::nullopt;
    if (!value->is_number()) refuse(members.path(key), "must be a number");
    return value->get<double>();
}

std::string pointer(Members& members, const std::string& key, const std::string& otherwise) {
    std::string text = members.text(key, otherwise);
    if (!text.empty() && text.front() != '/')
        refuse(members.path(key), "must be a JSON pointer such as /a/b");
    return text;
}

ReplyCondition readCondition(Members& members) {
    ReplyCondition out;
    out.pointer = pointer(members, "pointer", "");
    out.contains = members.text("contains", "");
    out.from = number(members, "from");
    out.to = number(members, "to");
    if (const json* value = members.find("equals"))
        out.equals = scalarText(*value, members.path("equals"));
    if (out.pointer.empty() && (out.from || out.to || out.equals)) {
        refuse(members.path("pointer"), "is missing");
    }
    return out;
}

std::vector<int> readStatuses(Members& members) {
    const json* value = members.find("status");
    if (!value) return {};
    const json list = value->is_array() ? *value : json::array({*value});
    std::vector<int> out;
    for (const json& status : list) {
        if (!status.is_number_integer())
            refuse(members.path("status"), "must be a status or a list of them");
        out.push_back(status.get<int>());
    }
    return out;
}

ReplyRule readReplyRule(const json& value, const std::string& where) {
    static const std::map<std::string, ReplyClass> kClasses{
        {"ok", ReplyClass::Ok},
        {"auth", ReplyClass::Auth},
        {"rate_limited", ReplyClass::RateLimited},
        {"transient", ReplyClass::Transient},
        {"not_found", ReplyClass::NotFound},
        {"conflict", ReplyClass::Conflict},
        {"permanent", ReplyClass::Permanent}};
    Members members(value, where);
    ReplyRule rule;
    rule.statuses = readStatuses(members);
    rule.when = readCondition(members);
    rule.retryAfter = members.seconds("retry_after_s", 0);
    const std::string as = members.text("as");
    const auto it = kClasses.find(as);
    if (as == "token_expired") {
        rule.meaning = ReplyMeaning::TokenExpired;
        rule.as = ReplyClass::Auth;
    } else if (it != kClasses.end()) {
        rule.as = it->second;
    } else {
        refuse(members.path("as"), "is not a known meaning: " + as);
    }
    members.end();
    return rule;
}

std::map<std::string, std::string> readTokenFields(Members& members) {
    std::map<std::string, std::string> out;
    const json* value = members.find("token_fields");
    if (!value) return out;
    const std::string where = members.path("token_fields");
    if (value->is_array()) {
        for (const json& name : *value)
            out[scalarText(name, where)] = "/" + scalarText(name, where);
    } else {
        Members named(*value, where);
        for (const auto& [name, target] : value->items()) out[name] = pointer(named, name, "");
    }
    return out;
}

void readPlace(Members& members, AuthTemplate& out, const std::string& prefix) {
    out.place.query = members.text("query", "");
    out.place.header =
        lowerCase(members.text("header", out.place.query.empty() ? "authorization" : ""));
    out.prefix = members.text("prefix", out.place.header == "authorization" ? prefix : "");
    if (!out.place.query.empty() && !out.place.header.empty()) {
        refuse(members.path("query"), "and header exclude each other");
    }
}

void readToken(Members& members, AuthTemplate& out) {
    out.tokenFields = readTokenFields(members);
    out.early = members.seconds("early_s", 60);
    readPlace(members, out, out.kind == AuthKind::Exchange ? "" : "Bearer ");
}

void readClient(Members& members, AuthTemplate& out) {
    OAuthClient& client = out.client;
    client.tokenUrl = members.text("token_url");
    client.scope = members.text("scope", "");
    client.json = members.choice("format", "form", "json");
    client.extra = members.texts("extra");
    out.tokenPointer = "/access_token";
    out.lifetime.in = "/expires_in";
    if (out.kind == AuthKind::JwtBearer) return;
    client.id = members.secret("client_id", "{secret:client_id}");
    client.secret = members.secret("client_secret", "{secret:client_secret}");
    client.basic = members.choice("send", "body", "basic");
    if (out.kind == AuthKind::RefreshToken) {
        client.refreshToken = members.secret("refresh_token", "{secret:refresh_token}");
    }
    if (out.kind == AuthKind::AuthorizationCode) {
        client.authorizeUrl = members.text("authorize_url");
        client.authorizeExtra = members.texts("authorize_extra");
    }
}

void readJwt(Members& members, AuthTemplate& out) {
    readClient(members, out);
    out.jwt.issuer = members.secret("issuer", "{secret:client_id}");
    out.jwt.subject = members.secret("subject");
    out.jwt.audience = members.secret("audience");
    out.jwt.privateKey = members.secret("private_key", "{secret:private_key}");
    out.jwt.keyId = members.text("key_id", "");
    out.jwt.lifetime = members.seconds("lifetime_s", 180);
    if (const json* claims = members.find("claims")) {
        if (!claims->is_object()) refuse("claims", "must be an object");
        out.jwt.claimsJson = claims->dump();
    }
}

Lifetime readLifetime(const json& value) {
    Members members(value, "expires");
    Lifetime out;
    out.in = pointer(members, "in", "");
    out.at = pointer(members, "at", "");
    out.now = pointer(members, "now", "");
    if (const json* formats = members.find("formats")) {
        for (const json& format : *formats)
            out.formats.push_back(scalarText(format, "expires.formats"));
    }
    if (out.in.empty() == out.at.empty()) refuse("expires", "needs either in, or at and now");
    if (!out.at.empty() && (out.now.empty() || out.formats.empty())) {
        refuse("expires", "compares at with now, and needs both and their formats");
    }
    members.end();
    return out;
}

void readExchange(Members& members, AuthTemplate& out) {
    Members request(members.need("request"), "request");
    out.exchange.method = request.text("method", "POST");
    out.exchange.url = request.text("url");
    out.exchange.headers = request.texts("headers");
    out.exchange.form = request.texts("form");
    if (const json* body = request.find("body")) out.exchange.bodyJson = body->dump();
    request.end();
    if (!out.exchange.form.empty() && !out.exchange.bodyJson.empty()) {
        refuse("request", "has a form or a body, not both");
    }
    out.tokenPointer = pointer(members, "token", "");
    if (out.tokenPointer.empty()) refuse("token", "must be a JSON pointer such as /a/b");
    if (const json* expires = members.find("expires")) out.lifetime = readLifetime(*expires);
    if (const json* success = members.find("success")) {
        Members condition(*success, "success");
        out.exchange.success = readCondition(condition);
        condition.end();
    }
}

void readStatic(Members& members, AuthTemplate& out) {
    if (out.kind == AuthKind::ApiKey) {
        const bool inQuery = members.choice("in", "header", "query");
        const std::string name = members.text("name");
        (inQuery ? out.place.query : out.place.header) = inQuery ? name : lowerCase(name);
        out.credential = members.secret("value", "{secret:api_key}");
    } else if (out.kind == AuthKind::Basic) {
        out.place.header = "authorization";
        out.username = members.secret("username", "{secret:username}");
        out.password = members.secret("password", "{secret:password}");
    } else if (out.kind == AuthKind::Bearer) {
        out.place.header = lowerCase(members.text("header", "authorization"));
        out.prefix = members.text("prefix", "Bearer ");
        out.credential = members.secret("token", "{secret:token}");
    }
}

void readKind(Members& members, AuthTemplate& out) {
    if (!out.fetchesToken()) return readStatic(members, out);
    if (out.kind == AuthKind::Exchange) {
        readExchange(members, out);
    } else if (out.kind == AuthKind::JwtBearer) {
        readJwt(members, out);
    } else {
        readClient(members, out);
    }
    readToken(members, out);
}

}  // namespace

bool AuthTemplate::fetchesToken() const {
    return kind != AuthKind::None && kind != AuthKind::ApiKey && kind != AuthKind::Basic &&
           kind != AuthKind::Bearer;
}

bool AuthTemplate::keepsRefreshToken() const {
    return kind == AuthKind::RefreshToken || kind == AuthKind::AuthorizationCode;
}

const std::string& AuthTemplate::tokenUrl() const {
    return kind == AuthKind::Exchange ? exchange.url : client.tokenUrl;
}

AuthTemplate readAuthTemplate(const AuthSettings& settings) {
    const auto kind = kKinds.find(settings.kind);
    if (kind == kKinds.end()) refuse("kind", "is not known: " + settings.kind);
    const json parameters = json::parse(settings.parametersJson, nullptr, false);
    if (parameters.is_discarded()) refuse("parameters", "are not JSON");
    AuthTemplate out;
    out.kind = kind->second;
    Members members(parameters, "");
    readKind(members, out);
    if (const json* replies = members.find("replies")) {
        if (!replies->is_array()) refuse("replies", "must be a list");
        for (std::size_t i = 0; i < replies->size(); ++i) {
            out.replies.push_back(
                readReplyRule((*replies)[i], "replies[" + std::to_string(i) + "]"));
        }
    }
    members.end();
    return out;
}

}  // namespace concordat::gateway
