// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/reply_rules.h"

#include <algorithm>
#include <charconv>

#include <simdjson.h>

#include "hub/gateway/url.h"

namespace concordat::gateway {

namespace {

constexpr std::size_t kSearched = 64 * 1024;

// A scalar as text, without the quotes of a string; nothing for objects, arrays and null.
std::optional<std::string> scalarAt(std::string& body, const std::string& pointer) {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    if (parser.iterate(body.data(), body.size(), body.capacity()).get(document))
        return std::nullopt;
    simdjson::ondemand::value value;
    if (document.at_pointer(pointer).get(value)) return std::nullopt;
    std::string_view text;
    simdjson::ondemand::json_type type{};
    if (value.type().get(type)) return std::nullopt;
    if (type == simdjson::ondemand::json_type::string) {
        if (value.get_string().get(text)) return std::nullopt;
        return std::string(text);
    }
    const bool isScalar = type == simdjson::ondemand::json_type::number ||
                          type == simdjson::ondemand::json_type::boolean;
    if (!isScalar) return std::nullopt;
    text = value.raw_json_token();
    return std::string(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
}

bool isWithin(const std::string& text, const ReplyCondition& condition) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return false;
    return (!condition.from || number >= *condition.from) &&
           (!condition.to || number <= *condition.to);
}

std::string_view mediaType(const Headers& headers) {
    const auto it = headers.find("content-type");
    if (it == headers.end()) return {};
    const std::string_view type = it->second;
    return type.substr(0, type.find(';'));
}

bool looksLikePage(std::string_view body) {
    const std::size_t start = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (start == std::string_view::npos) return false;
    const std::string head = lowerCase(body.substr(start, 14));
    return head.starts_with("<!doctype html") || head.starts_with("<html");
}

}  // namespace

bool holds(const ReplyCondition& condition, std::string& body) {
    if (!condition.contains.empty() &&
        std::string_view(body).substr(0, kSearched).find(condition.contains) ==
            std::string_view::npos) {
        return false;
    }
    if (condition.pointer.empty()) return true;
    const auto text = scalarAt(body, condition.pointer);
    if (!text) return false;
    if (condition.equals) return *text == *condition.equals;
    return (!condition.from && !condition.to) || isWithin(*text, condition);
}

const ReplyRule* findRule(const std::vector<ReplyRule>& rules, int status, std::string& body) {
    for (const ReplyRule& rule : rules) {
        const auto& all = rule.statuses;
        const bool fits = all.empty() || std::find(all.begin(), all.end(), status) != all.end();
        if (fits && holds(rule.when, body)) return &rule;
    }
    return nullptr;
}

ReplyClass classOf(int status) {
    if ((status >= 200 && status < 300) || status == 304) return ReplyClass::Ok;
    switch (status) {
        case 401:
            return ReplyClass::Auth;
        case 404:
        case 410:
            return ReplyClass::NotFound;
        case 300:
        case 409:
        case 412:
        case 423:
        case 428:
            return ReplyClass::Conflict;
        case 429:
            return ReplyClass::RateLimited;
        case 408:
        case 420:
        case 421:
        case 425:
            return ReplyClass::Transient;
        case 501:
        case 505:
            return ReplyClass::Permanent;
        default:
            return status >= 500 ? ReplyClass::Transient : ReplyClass::Permanent;
    }
}

bool isUnexpectedPage(const Headers& request, const Headers& reply, std::string_view body) {
    const auto accept = request.find("accept");
    if (accept == request.end() || accept->second.find("json") == std::string::npos) return false;
    if (accept->second.find("html") != std::string::npos || body.empty()) return false;
    const std::string type = lowerCase(mediaType(reply));
    return type == "text/html" || type == "application/xhtml+xml" || looksLikePage(body);
}

}  // namespace concordat::gateway
