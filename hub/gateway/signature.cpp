// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/signature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "hub/gateway/digest.h"

namespace concordat::gateway {

namespace {

std::optional<SystemTime> timeOf(const std::string& text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value <= 0) return std::nullopt;
    // Seconds reach this size in the year 5138, milliseconds had it in 1973.
    constexpr std::int64_t kMillisecondsFrom = 100'000'000'000;
    const Milliseconds since{value >= kMillisecondsFrom ? value : value * 1000};
    return SystemTime(since);
}

std::string signedTextOf(const SignatureRule& rule) {
    if (!rule.signedText.empty()) return rule.signedText;
    if (rule.kind == "digest") return "{key}{body}";
    return rule.timeHeader.empty() ? "{body}" : "{time}.{body}";
}

struct Parts {
    std::string_view key;
    std::string_view time;
    std::string_view body;
};

std::string fill(const std::string& pattern, const Parts& parts) {
    const std::array<std::pair<std::string_view, std::string_view>, 3> names{
        {{"{key}", parts.key}, {"{time}", parts.time}, {"{body}", parts.body}}};
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::string_view rest = std::string_view(pattern).substr(at);
        const auto hit = std::find_if(names.begin(), names.end(),
                                      [&](const auto& n) { return rest.starts_with(n.first); });
        out.append(hit == names.end() ? rest.substr(0, 1) : hit->second);
        at += hit == names.end() ? 1 : hit->first.size();
    }
    return out;
}

std::string expected(const SignatureRule& rule, const Parts& parts) {
    const std::string text = fill(signedTextOf(rule), parts);
    const auto bytes =
        rule.kind == "digest" ? digest(rule.hash, text) : hmac(rule.hash, parts.key, text);
    return bytes.value_or("");
}

std::string_view valueWithoutPrefix(const SignatureRule& rule, std::string_view value) {
    if (!value.starts_with(rule.prefix)) return {};
    value.remove_prefix(rule.prefix.size());
    return value;
}

bool matchesHash(const SignatureRule& rule, std::string_view value, const Parts& parts) {
    const auto given = rule.encoding == "hex" ? fromHex(value) : fromBase64(value);
    return given && !given->empty() && equalInConstantTime(*given, expected(rule, parts));
}

// Hashing first makes the comparison independent of the length of what was sent, too.
bool sameText(std::string_view a, std::string_view b) {
    return equalInConstantTime(*digest("sha256", a), *digest("sha256", b));
}

bool matches(const SignatureRule& rule, std::string_view value, const Parts& parts) {
    if (parts.key.empty()) return false;
    if (rule.kind == "token") return sameText(value, parts.key);
    if (rule.kind == "basic") return sameText(value, base64(parts.key));
    return matchesHash(rule, value, parts);
}

SignatureCheck checkTime(const SignatureRule& rule, const std::string* text, SystemTime now) {
    if (rule.timeHeader.empty()) return {SignatureVerdict::Valid, false, ""};
    const auto time = text ? timeOf(*text) : std::nullopt;
    if (!time) {
        return {SignatureVerdict::TimeMissing, false,
                "the header " + rule.timeHeader + " holds no time in seconds or milliseconds"};
    }
    if (rule.tolerance.count() == 0) return {SignatureVerdict::Valid, false, ""};
    if (std::chrono::abs(now - *time) > rule.tolerance) {
        return {SignatureVerdict::TooOld, false,
                "the signed time is too far from this machine's clock"};
    }
    return {SignatureVerdict::Valid, true, ""};
}

bool signsTime(const SignatureRule& rule) {
    return signedTextOf(rule).find("{time}") != std::string::npos;
}

}  // namespace

SignatureCheck checkSignature(const SignatureRule& rule,
                              const std::vector<std::string>& keys,
                              const Headers& headers,
                              std::string_view body,
                              SystemTime now) {
    if (rule.kind == "none") return {SignatureVerdict::NotChecked, false, ""};
    if (const std::string problem = problemWith(rule); !problem.empty()) {
        return {SignatureVerdict::Wrong, false, problem};
    }
    const std::string header = rule.kind == "basic" ? "authorization" : rule.header;
    const std::string* given = filled(headers, header);
    if (!given) return {SignatureVerdict::Missing, false, "the header " + header + " is missing"};
    SignatureRule effective = rule;
    if (rule.kind == "basic") effective.prefix = "Basic ";
    const std::string_view value = valueWithoutPrefix(effective, *given);
    const std::string* time = rule.timeHeader.empty() ? nullptr : filled(headers, rule.timeHeader);
    const std::string_view timeText = time ? std::string_view(*time) : std::string_view();
    bool found = false;
    for (const std::string& key : keys) {
        found |= !value.empty() && matches(effective, value, {key, timeText, body});
    }
    if (!found)
        return {SignatureVerdict::Wrong, false,
                "the header " + header + " does not match the body"};
    SignatureCheck check = checkTime(rule, time, now);
    // A time that does not stand under a hash proves nothing.
    const bool hashed = rule.kind == "hmac" || rule.kind == "digest";
    check.timed = check.timed && hashed && signsTime(rule);
    return check;
}

std::string problemWith(const SignatureRule& rule) {
    const auto& kind = rule.kind;
    if (kind == "none" || kind == "basic") return "";
    const bool hashed = kind == "hmac" || kind == "digest";
    if (!hashed && kind != "token") return "unknown webhook signature kind " + kind;
    if (rule.header.empty()) return "the webhook signature names no header";
    if (!hashed) return "";
    if (!digest(rule.hash, "")) return "unknown webhook signature hash " + rule.hash;
    if (rule.encoding != "hex" && rule.encoding != "base64") {
        return "unknown webhook signature encoding " + rule.encoding;
    }
    const std::string text = signedTextOf(rule);
    if (text.find("{body}") == std::string::npos)
        return "the webhook signature does not cover the body";
    if (kind == "digest" && text.find("{key}") == std::string::npos) {
        return "the webhook signature does not cover the key";
    }
    return "";
}

}  // namespace concordat::gateway
