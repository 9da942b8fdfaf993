// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/times.h"

#include <array>
#include <charconv>
#include <chrono>

namespace concordat::sdk {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
    std::chrono::sys_days day;
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Parts partsOf(EpochMs at) {
    using namespace std::chrono;
    const auto second = floor<seconds>(sys_time<milliseconds>(milliseconds(at)));
    const auto day = floor<days>(second);
    return {day, year_month_day(day), hh_mm_ss(second - day)};
}

void put(std::string& text, std::size_t where, std::size_t length, long long value) {
    for (; length > 0; --length, value /= 10)
        text[where + length - 1] = static_cast<char>('0' + value % 10);
}

void putTime(std::string& text, std::size_t where, const Parts& parts) {
    put(text, where, 2, parts.time.hours().count());
    put(text, where + 3, 2, parts.time.minutes().count());
    put(text, where + 6, 2, parts.time.seconds().count());
}

}  // namespace

int digitsAt(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size()) return -1;
    int value = 0;
    const char* end = text.data() + at + length;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc() && stop == end && value >= 0 ? value : -1;
}

std::optional<EpochMs> dayOf(int year, int month, int day) {
    using namespace std::chrono;
    if (year < 1 || month < 1 || day < 1) return std::nullopt;
    const year_month_day date{std::chrono::year(year),
                              std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return milliseconds(sys_days(date).time_since_epoch()).count();
}

EpochMs timeOfDay(std::string_view text, std::size_t at) {
    if (at + 8 > text.size() || text[at + 2] != ':' || text[at + 5] != ':') return -1;
    const int hour = digitsAt(text, at, 2), minute = digitsAt(text, at + 3, 2),
              second = digitsAt(text, at + 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
    return ((hour * 60 + minute) * 60 + second) * EpochMs{1000};
}

std::optional<int> zoneMinutes(std::string_view zone) {
    if (zone == "Z" || zone == "z") return 0;
    if (zone.size() < 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
    const std::size_t minuteAt = zone[3] == ':' ? 4 : 3;
    const int hours = digitsAt(zone, 1, 2), minutes = digitsAt(zone, minuteAt, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || zone.size() != minuteAt + 2)
        return std::nullopt;
    return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<EpochMs> parseIsoTime(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T')
        return std::nullopt;
    const auto day = dayOf(digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2));
    const auto time = timeOfDay(text, 11);
    std::size_t zoneAt = 19;
    EpochMs thousandths = 0;
    if (text[zoneAt] == '.') {
        int weight = 100;
        for (++zoneAt; zoneAt < text.size() && text[zoneAt] >= '0' && text[zoneAt] <= '9';
             ++zoneAt) {
            thousandths += weight * (text[zoneAt] - '0');
            weight /= 10;
        }
    }
    const auto offset = zoneMinutes(text.substr(zoneAt));
    if (!day || time < 0 || !offset) return std::nullopt;
    return *day + time + thousandths - *offset * EpochMs{60'000};
}

std::string isoSeconds(EpochMs at) {
    const auto parts = partsOf(at);
    std::string text = "0000-00-00T00:00:00";
    put(text, 0, 4, static_cast<int>(parts.date.year()));
    put(text, 5, 2, static_cast<unsigned>(parts.date.month()));
    put(text, 8, 2, static_cast<unsigned>(parts.date.day()));
    putTime(text, 11, parts);
    return text;
}

std::optional<EpochMs> parseHttpDate(std::string_view text) {
    if (text.size() < 29) return std::nullopt;
    const auto time = timeOfDay(text, 17);
    for (std::size_t month = 0; month < kMonths.size() && time >= 0; ++month) {
        if (text.substr(8, 3) != kMonths[month]) continue;
        const auto day =
            dayOf(digitsAt(text, 12, 4), static_cast<int>(month) + 1, digitsAt(text, 5, 2));
        return day ? std::optional(*day + time) : std::nullopt;
    }
    return std::nullopt;
}

std::string httpDate(EpochMs at) {
    static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                              "Thu", "Fri", "Sat"};
    const auto parts = partsOf(at);
    std::string text = "Day, 00 Mon 0000 00:00:00 GMT";
    text.replace(0, 3, kDays[std::chrono::weekday(parts.day).c_encoding()]);
    put(text, 5, 2, static_cast<unsigned>(parts.date.day()));
    text.replace(8, 3, kMonths[static_cast<unsigned>(parts.date.month()) - 1]);
    put(text, 12, 4, static_cast<int>(parts.date.year()));
    putTime(text, 17, parts);
    return text;
}

}  // namespace concordat::sdk
