// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/text.h"

#include <algorithm>
#include <utility>

namespace concordat::sdk {
namespace {

bool isUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// Digits of a number; `national` if it does not say its country.
struct Number {
    std::string digits;
    bool national = true;
};

Number numberOf(std::string text) {
    Number number;
    // "+33 (0)6 …": the zero is for callers from inside.
    if (const auto at = text.find("(0)"); at != std::string::npos) text.erase(at, 3);
    for (const char c : text)
        if (c >= '0' && c <= '9') number.digits += c;
    number.national = !lowered(text).starts_with("+") && !number.digits.starts_with("00");
    if (number.digits.starts_with("00")) number.digits.erase(0, 2);
    return number;
}

}  // namespace

std::string percentEncode(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (isUnreserved(c))
            encoded += c;
        else
            (encoded += '%', encoded += kHex[byte >> 4], encoded += kHex[byte & 15]);
    }
    return encoded;
}

std::string shortened(std::string text, std::size_t length) {
    if (text.size() <= length) return text;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
    text.resize(length);
    return text + "…";
}

std::string lowered(std::string_view text) {
    constexpr std::string_view kWhite = " \t\r\n";
    const auto begin = text.find_first_not_of(kWhite);
    if (begin == std::string_view::npos) return "";
    std::string low(text.substr(begin, text.find_last_not_of(kWhite) - begin + 1));
    for (char& c : low)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return low;
}

bool sameNumber(const std::string& one, const std::string& two) {
    Number a = numberOf(one), b = numberOf(two);
    if (a.digits == b.digits) return !a.digits.empty();
    if (a.national == b.national) return false;
    if (!a.national) std::swap(a, b);
    if (a.digits.starts_with("0")) a.digits.erase(0, 1);
    return a.digits.size() >= 9 && b.digits.size() > a.digits.size() &&
           b.digits.size() - a.digits.size() <= 3 && b.digits.ends_with(a.digits);
}

bool holds(const Observation& seen, const Identifier& identifier) {
    const auto same = [&identifier](const Identifier& other) {
        if (other.kind != identifier.kind) return false;
        if (other.kind == IdentifierKind::Phone) return sameNumber(other.value, identifier.value);
        if (other.kind == IdentifierKind::Email)
            return lowered(other.value) == lowered(identifier.value);
        return other.name == identifier.name && other.value == identifier.value;
    };
    return std::any_of(seen.identifiers.begin(), seen.identifiers.end(), same);
}

}  // namespace concordat::sdk
