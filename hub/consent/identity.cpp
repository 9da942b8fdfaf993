// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/identity.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <phonenumbers/phonenumberutil.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>

namespace concordat::consent {
namespace {

constexpr std::size_t kLongestEmail = 254;  ///< RFC 5321, 4.5.3.1
constexpr std::size_t kLongestLocal = 64;

bool isSpace(unsigned char c) { return c <= ' ' || c == 0x7F; }

std::string_view trimmed(std::string_view text) {
    static constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
    for (;;) {
        if (!text.empty() && isSpace(static_cast<unsigned char>(text.front())))
            text.remove_prefix(1);
        else if (!text.empty() && isSpace(static_cast<unsigned char>(text.back())))
            text.remove_suffix(1);
        else if (text.starts_with(kNoBreakSpace))
            text.remove_prefix(kNoBreakSpace.size());
        else if (text.ends_with(kNoBreakSpace))
            text.remove_suffix(kNoBreakSpace.size());
        else
            return text;
    }
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void lowerAscii(std::string& text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
}

bool isHostCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/// At least two labels of 1 to 63 letters, digits and inner hyphens.
bool isHost(std::string_view host) {
    if (!std::all_of(host.begin(), host.end(), isHostCharacter)) return false;
    std::size_t labels = 0;
    while (!host.empty()) {
        const auto dot = std::min(host.find('.'), host.size());
        const auto label = host.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
        ++labels;
        if (dot == host.size()) return labels > 1;
        host.remove_prefix(dot + 1);
    }
    return false;
}

bool isLocalPart(std::string_view local) {
    return !local.empty() && local.size() <= kLongestLocal &&
           std::none_of(local.begin(), local.end(), [](char c) {
               return isSpace(static_cast<unsigned char>(c)) || c == '<' || c == '>' || c == ',' ||
                      c == ';' || c == '(' || c == ')' || c == '@';
           });
}

struct IdnaCloser {
    void operator()(UIDNA* idna) const { uidna_close(idna); }
};

const UIDNA* idna() {
    static const auto kIdna = [] {
        UErrorCode error = U_ZERO_ERROR;
        constexpr auto kOptions = UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI |
                                  UIDNA_CHECK_CONTEXTJ | UIDNA_USE_STD3_RULES;
        return std::unique_ptr<UIDNA, IdnaCloser>(uidna_openUTS46(kOptions, &error));
    }();
    return kIdna.get();
}

std::optional<std::string> asciiHost(std::string_view host) {
    std::array<char, 512> buffer{};
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const auto length =
        uidna_nameToASCII_UTF8(idna(), host.data(), static_cast<int32_t>(host.size()),
                               buffer.data(), static_cast<int32_t>(buffer.size()), &info, &error);
    if (U_FAILURE(error) || info.errors != 0) return std::nullopt;
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

std::optional<std::string> lowerUnicode(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(error);
    if (U_FAILURE(error)) return std::nullopt;
    auto unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    if (unicode.indexOf(static_cast<UChar>(0xFFFD)) >= 0) return std::nullopt;  // not UTF-8
    unicode = form->normalize(unicode.toLower(icu::Locale::getRoot()), error);
    if (U_FAILURE(error)) return std::nullopt;
    std::string result;
    return unicode.toUTF8String(result);
}

std::optional<std::string> normalEmail(std::string_view text) {
    text = trimmed(text);
    if (text.ends_with('.')) text.remove_suffix(1);  // the root of the DNS
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > kLongestEmail) return std::nullopt;
    if (isAscii(text)) {
        std::string email(text);
        lowerAscii(email);
        const std::string_view whole = email;
        if (!isLocalPart(whole.substr(0, at)) || !isHost(whole.substr(at + 1))) return std::nullopt;
        return email;
    }
    const auto local = lowerUnicode(text.substr(0, at));
    const auto host = asciiHost(text.substr(at + 1));
    if (!local || !host || !isLocalPart(*local) || !isHost(*host)) return std::nullopt;
    auto email = *local + '@' + *host;
    if (email.size() > kLongestEmail) return std::nullopt;  // an international host grew
    return email;
}

std::optional<std::string> normalPhone(std::string_view text, const std::string& region) {
    using i18n::phonenumbers::PhoneNumber;
    using i18n::phonenumbers::PhoneNumberUtil;
    const auto& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const std::string written(trimmed(text));
    const auto error = util.Parse(written, region.empty() ? "ZZ" : region, &number);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR || !util.IsPossibleNumber(number))
        return std::nullopt;
    std::string result;
    util.Format(number, PhoneNumberUtil::E164, &result);
    // What reads in another way the next time (zeros in front outside of Italy, a trunk digit that
    // is no longer one) is no number: it would have two normal forms, one person two hashes.
    std::string again;
    if (util.Parse(result, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
    util.Format(number, PhoneNumberUtil::E164, &again);
    if (again != result) return std::nullopt;
    return result;
}

}  // namespace

std::optional<Point> normalise(const sdk::Identifier& identifier, const std::string& region) {
    std::optional<std::string> value;
    switch (identifier.kind) {
        case sdk::IdentifierKind::Email:
            value = normalEmail(identifier.value);
            break;
        case sdk::IdentifierKind::Phone:
            value = normalPhone(identifier.value, region);
            break;
        case sdk::IdentifierKind::External:
            value = std::string(trimmed(identifier.value));
            break;
    }
    if (!value || value->empty()) return std::nullopt;
    Point point;
    point.kind = identifier.kind;
    if (identifier.kind == sdk::IdentifierKind::External) point.name = identifier.name;
    point.role = identifier.kind == sdk::IdentifierKind::Email && isRoleMailbox(*value);
    point.value = std::move(*value);
    return point;
}

std::string pointPrefix(sdk::IdentifierKind kind) {
    switch (kind) {
        case sdk::IdentifierKind::Email:
            return "e:";
        case sdk::IdentifierKind::Phone:
            return "p:";
        case sdk::IdentifierKind::External:
            return "x:";
    }
    return {};
}

bool pointServes(const std::string& hash, const std::string& channel) {
    if (hash.size() < 2 || hash[1] != ':') return true;
    switch (hash[0]) {
        case 'e':
            return channel == "email";
        case 'p':
            return channel == "sms" || channel == "phone" || channel == "fax" ||
                   channel == "automated_call" || channel == "instant_message";
        case 'x':
            return false;
        default:
            return true;
    }
}

}  // namespace concordat::consent
