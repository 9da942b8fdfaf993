// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/value.h"

#include <charconv>
#include <cstdio>

namespace concordat::manifest {

namespace {

/// Exactly the digits of `text`, or -1.
int digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() ||
        text.front() == '-')
        return -1;
    return value;
}

bool addPart(char unit, bool time, std::int32_t count, Period& period) {
    if (time && unit == 'H') return (period.hours += count) >= 0;
    if (time) return false;
    if (unit == 'Y') return (period.months += 12 * count) >= 0;
    if (unit == 'M') return (period.months += count) >= 0;
    if (unit == 'W') return (period.days += 7 * count) >= 0;
    return unit == 'D' && (period.days += count) >= 0;
}

}  // namespace

double Period::approximateDays() const { return months * 30.4375 + days + hours / 24.0; }

const std::string& Localised::in(std::string_view language) const {
    const std::string& wanted = language == "fr" ? fr : language == "it" ? it : en;
    if (!wanted.empty()) return wanted;
    return !en.empty() ? en : !fr.empty() ? fr : it;
}

bool dayFrom(std::string_view text, Day& day) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const int year = digits(text.substr(0, 4));
    const int month = digits(text.substr(5, 2));
    const int ofMonth = digits(text.substr(8, 2));
    if (year < 1 || month < 1 || ofMonth < 1) return false;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(ofMonth)}};
    if (!date.ok()) return false;
    day = date;
    return true;
}

std::string toString(Day day) {
    const std::chrono::year_month_day date{day};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

bool periodFrom(std::string_view text, Period& period) {
    if (text.size() < 3 || text[0] != 'P') return false;
    period = {};
    bool time = false;
    std::size_t at = 1;
    while (at < text.size()) {
        if (text[at] == 'T' && !time) {
            time = true;
            if (++at == text.size()) return false;
        }
        const std::size_t end = text.find_first_not_of("0123456789", at);
        if (end == std::string_view::npos || end == at || end - at > 5) return false;
        if (!addPart(text[end], time, digits(text.substr(at, end - at)), period)) return false;
        at = end + 1;
    }
    return true;
}

std::string toString(const Period& period) {
    std::string text = "P";
    if (period.months >= 12) text += std::to_string(period.months / 12) + "Y";
    if (period.months % 12 != 0) text += std::to_string(period.months % 12) + "M";
    if (period.days != 0) text += std::to_string(period.days) + "D";
    if (period.hours != 0) text += "T" + std::to_string(period.hours) + "H";
    return text == "P" ? "P0D" : text;
}

}  // namespace concordat::manifest
