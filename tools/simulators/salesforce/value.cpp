// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/value.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

std::string showNumber(double number) {
    std::array<char, 32> out{};
    const bool whole = std::floor(number) == number;
    std::snprintf(out.data(), out.size(), whole ? "%.0f" : "%.10g", number);
    return out.data();
}

template <class T>
int order(const T& left, const T& right) {
    return left < right ? -1 : right < left ? 1 : 0;
}

}  // namespace

void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    std::array<char, 8> escape{};
                    std::snprintf(escape.data(), escape.size(), "\\u%04x", c);
                    out += escape.data();
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void appendJson(std::string& out, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return appendQuoted(out, *text);
    if (const auto* at = std::get_if<Instant>(&value)) return appendQuoted(out, showTime(at->ms));
    if (isNull(value)) {
        out += "null";
    } else {
        out += showPlain(value);
    }
}

std::string showJson(const Value& value) {
    std::string out;
    appendJson(out, value);
    return out;
}

std::string showPlain(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<double>(&value)) return showNumber(*number);
    if (const auto* at = std::get_if<Instant>(&value)) return showTime(at->ms);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return {};
}

std::string fold(std::string_view text) {
    std::string out(text);
    unsigned char before = 0;
    for (char& c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if (before == 0xC3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97) {
            c = static_cast<char>(byte + 32);
        }
        before = byte;
    }
    return out;
}

int compare(const Value& left, const Value& right) {
    if (left.index() != right.index()) return order(left.index(), right.index());
    if (const auto* flag = std::get_if<bool>(&left)) return order(*flag, std::get<bool>(right));
    if (const auto* number = std::get_if<double>(&left)) {
        return order(*number, std::get<double>(right));
    }
    if (const auto* at = std::get_if<Instant>(&left)) {
        return order(at->ms, std::get<Instant>(right).ms);
    }
    if (const auto* text = std::get_if<std::string>(&left)) {
        return order(fold(*text), fold(std::get<std::string>(right)));
    }
    return 0;
}

}  // namespace concordat::simulators::salesforce
