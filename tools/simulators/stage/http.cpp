// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/http.h"

#include <algorithm>

namespace concordat::simulators {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace

bool sameText(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string lowerText(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string percentDecode(std::string_view text, bool plusIsSpace) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
            hexDigit(text[i + 2]) >= 0) {
            out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' && plusIsSpace ? ' ' : text[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> readForm(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
        if (!pair.empty()) {
            out.emplace_back(percentDecode(pair.substr(0, equals), true),
                             percentDecode(value, true));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (sameText(key, name)) return value;
    }
    return {};
}

std::optional<std::string> Request::param(std::string_view name) const {
    for (auto& [key, value] : params()) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Request::params() const { return readForm(query); }

std::vector<std::string> Request::segments() const {
    std::vector<std::string> out;
    std::string_view rest = path;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/'), rest.size());
        if (end > 0) out.push_back(percentDecode(rest.substr(0, end), false));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

}  // namespace concordat::simulators
