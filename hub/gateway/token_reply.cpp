// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <Poco/DateTime.h>
#include <Poco/DateTimeParser.h>
#include <nlohmann/json.hpp>

#include "hub/gateway/token.h"

namespace concordat::gateway {

using nlohmann::json;

namespace {

const json* at(const json& value, const std::string& pointer) {
    if (pointer.empty()) return nullptr;
    const json::json_pointer where(pointer);
    return value.contains(where) ? &value.at(where) : nullptr;
}

std::string textAt(const json& value, const std::string& pointer) {
    const json* found = at(value, pointer);
    if (!found || found->is_structured() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// A token, or an address that follows it, is text; anything else comes from a vendor in trouble.
bool isText(const json& reply, const std::string& pointer) {
    const json* found = at(reply, pointer);
    return !found || found->is_null() || found->is_string();
}

std::optional<Poco::Timestamp> dateOf(const std::string& text,
                                      const std::vector<std::string>& formats) {
    for (const std::string& format : formats) {
        Poco::DateTime date;
        int zone = 0;
        if (!text.empty() && Poco::DateTimeParser::tryParse(format, text, date, zone)) {
            return date.timestamp() - static_cast<Poco::Timestamp::TimeDiff>(zone) * 1'000'000;
        }
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> lifetimeOf(const Lifetime& lifetime, const json& reply) {
    constexpr long long kLongest = 10LL * 366 * 24 * 3600;
    if (!lifetime.in.empty()) {
        const std::string text = textAt(reply, lifetime.in);
        const long long seconds = std::atoll(text.c_str());
        if (seconds <= 0) return std::nullopt;
        return std::chrono::seconds(std::min(seconds, kLongest));
    }
    const auto end = dateOf(textAt(reply, lifetime.at), lifetime.formats);
    const auto now = dateOf(textAt(reply, lifetime.now), lifetime.formats);
    if (!end || !now || *end <= *now) return std::nullopt;
    return std::chrono::seconds(std::min<long long>((*end - *now) / 1'000'000, kLongest));
}

bool isHeaderValue(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f;
    });
}

// OAuth's error codes are words of a fixed list; anything longer may hold a person's name.
std::string errorWord(const json& reply) {
    const std::string word = textAt(reply, "/error");
    const bool isWord = !word.empty() && word.size() <= 40 &&
                        std::all_of(word.begin(), word.end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return isWord ? " (" + word + ")" : "";
}

TokenReading refused(int status, const json& reply) {
    TokenReading out;
    const ReplyClass kind = classOf(status);
    out.later = kind == ReplyClass::Transient || kind == ReplyClass::RateLimited;
    out.problem =
        "the vendor refused the sign-in with status " + std::to_string(status) + errorWord(reply) +
        (out.later ? "; it is tried again" : "; check the credentials and rights of the API user");
    return out;
}

TokenSet tokenIn(const AuthTemplate& auth, const json& reply, SystemTime now) {
    TokenSet token;
    token.access = textAt(reply, auth.tokenPointer);
    token.refresh = textAt(reply, "/refresh_token");
    for (const auto& [name, pointer] : auth.tokenFields) {
        if (std::string value = textAt(reply, pointer); !value.empty()) token.fields[name] = value;
    }
    if (const auto lifetime = lifetimeOf(auth.lifetime, reply)) {
        token.expiresAt = now + *lifetime - std::min(auth.early, *lifetime / 10);
    }
    return token;
}

}  // namespace

TokenReading readTokenReply(const AuthTemplate& auth,
                            int status,
                            const std::string& body,
                            SystemTime now) {
    const json reply = json::parse(body, nullptr, false);
    if (status < 200 || status > 299) return refused(status, reply.is_discarded() ? json() : reply);
    TokenReading out;
    if (!reply.is_object()) {
        out.problem = "the sign-in was answered with something that is not a JSON object";
        out.later = true;
        return out;
    }
    std::string text = body;
    if (auth.exchange.success && !holds(*auth.exchange.success, text)) {
        const ReplyRule* rule = findRule(auth.replies, status, text);
        out.later =
            rule && (rule->as == ReplyClass::RateLimited || rule->as == ReplyClass::Transient);
        out.problem =
            "the vendor refused the sign-in; check the credentials and rights of the API user";
        return out;
    }
    const auto& fields = auth.tokenFields;
    if (!isText(reply, auth.tokenPointer) ||
        !std::all_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return isText(reply, field.second); })) {
        out.problem = "the sign-in was answered with a token that is not text; it is tried again";
        out.later = true;
        return out;
    }
    TokenSet token = tokenIn(auth, reply, now);
    if (token.access.empty() || !isHeaderValue(token.access)) {
        out.problem = "the sign-in was answered without a usable token at " + auth.tokenPointer;
        return out;
    }
    out.token = std::move(token);
    return out;
}

void mergeToken(TokenSet& kept, TokenSet fresh) {
    kept.access = std::move(fresh.access);
    kept.expiresAt = fresh.expiresAt;
    if (!fresh.refresh.empty()) kept.refresh = std::move(fresh.refresh);
    for (auto& [name, value] : fresh.fields) kept.fields[name] = std::move(value);
}

std::string writeToken(const TokenSet& token) {
    json out{
        {"access_token", token.access}, {"refresh_token", token.refresh}, {"fields", token.fields}};
    if (token.expiresAt) {
        const auto since =
            std::chrono::duration_cast<Milliseconds>(token.expiresAt->time_since_epoch());
        out["expires_at"] = since.count();
    }
    return out.dump();
}

std::optional<TokenSet> parseToken(const std::string& text) {
    const json value = json::parse(text, nullptr, false);
    if (!value.is_object()) return std::nullopt;
    TokenSet out;
    out.access = textAt(value, "/access_token");
    out.refresh = textAt(value, "/refresh_token");
    if (const json* fields = at(value, "/fields"); fields && fields->is_object()) {
        for (const auto& [name, field] : fields->items()) {
            if (field.is_string()) out.fields[name] = field.get<std::string>();
        }
    }
    if (const json* expires = at(value, "/expires_at"); expires && expires->is_number_integer()) {
        out.expiresAt = SystemTime(Milliseconds(expires->get<std::int64_t>()));
    }
    return out;
}

}  // namespace concordat::gateway
