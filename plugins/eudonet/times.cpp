// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/times.h"

#include <array>
#include <charconv>
#include <chrono>

namespace concordat::plugins::eudonet {
namespace {

using namespace std::chrono;

constexpr sdk::EpochMs kHour = 3'600'000;

/// Reads `length` digits at `at`; -1 if there is anything else.
int digits(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size()) return -1;
    int value = 0;
    const char* end = text.data() + at + length;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc() && stop == end && value >= 0 ? value : -1;
}

/// 01:00 UTC on the last Sunday of a month.
sdk::EpochMs change(int year, unsigned month) {
    const sys_days day{std::chrono::year(year) / std::chrono::month(month) / Sunday[last]};
    return milliseconds(day.time_since_epoch()).count() + kHour;
}

int yearOf(sdk::EpochMs at) {
    const auto day = floor<days>(sys_time<milliseconds>(milliseconds(at)));
    return static_cast<int>(year_month_day(day).year());
}

struct Wall {
    sdk::EpochMs ms = 0;  ///< as if it were UTC
    bool dayOnly = false;
};

std::optional<sdk::EpochMs> dayOf(int year, int month, int day) {
    const year_month_day date{std::chrono::year(year),
                              std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1 || month < 1 || day < 1 || !date.ok()) return std::nullopt;
    return milliseconds(sys_days(date).time_since_epoch()).count();
}

/// "HH:mm:ss" at `at` as ms of the day; -1 if it is none.
sdk::EpochMs timeOfDay(std::string_view text, std::size_t at) {
    if (at + 8 > text.size() || text[at + 2] != ':' || text[at + 5] != ':') return -1;
    const int hour = digits(text, at, 2), minute = digits(text, at + 3, 2),
              second = digits(text, at + 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
    return ((hour * 60 + minute) * 60 + second) * sdk::EpochMs{1000};
}

std::optional<Wall> wallOf(std::string_view text) {
    if (text.size() < 10) return std::nullopt;
    const bool yearFirst = text[4] == text[7] && (text[4] == '/' || text[4] == '-');
    const bool dayFirst = text[2] == '/' && text[5] == '/';
    std::optional<sdk::EpochMs> day;
    if (yearFirst) day = dayOf(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
    if (dayFirst) day = dayOf(digits(text, 6, 4), digits(text, 3, 2), digits(text, 0, 2));
    if (!day) return std::nullopt;
    if (text.size() == 10) return Wall{*day, true};
    const auto time = text[10] == ' ' || text[10] == 'T' ? timeOfDay(text, 11) : -1;
    if (time < 0) return std::nullopt;
    return Wall{*day + time, time == 0};
}

/// What follows the seconds of a time.
struct Zone {
    bool valid = false;
    bool given = false;  ///< "Z" or "+02:00"; else the time is local
    int minutes = 0;
};

/// A fraction is dropped; then nothing, "Z", or "+02:00". Anything else is not valid.
Zone zoneOf(std::string_view rest) {
    if (!rest.empty() && rest[0] == '.') {
        const auto end = rest.find_first_not_of("0123456789", 1);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    }
    if (rest.empty()) return {true, false, 0};
    if (rest == "Z") return {true, true, 0};
    const int hours = digits(rest, 1, 2), minutes = digits(rest, 4, 2);
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || hours < 0 || minutes < 0)
        return {};
    return {true, true, (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes)};
}

/// True if an instant lies in the hour before the clock goes back, the first of the two with equal
/// texts.
bool inFirstOfTwo(sdk::EpochMs at) {
    const auto back = change(yearOf(at), 10);
    return at >= back - kHour && at < back;
}

}  // namespace

int parisOffsetMinutes(sdk::EpochMs at) {
    const int year = yearOf(at);
    return at >= change(year, 3) && at < change(year, 10) ? 120 : 60;
}

std::optional<sdk::VendorTime> parseLocalTime(std::string_view text) {
    const auto wall = wallOf(text);
    const auto zone = zoneOf(text.size() > 19 ? text.substr(19) : "");
    if (!wall || !zone.valid) return std::nullopt;
    sdk::VendorTime time;
    time.precision = sdk::Precision::Second;
    if (zone.given) {
        time.at = wall->ms - zone.minutes * sdk::EpochMs{60'000};
        return time;
    }
    const auto winter = wall->ms - kHour, summer = wall->ms - 2 * kHour;
    if (wall->dayOnly) {
        time.at = wall->ms;
        time.precision = sdk::Precision::Day;
        time.utcOffsetMinutes = parisOffsetMinutes(summer);
        return time;
    }
    const bool inSummer = parisOffsetMinutes(summer) == 120;
    time.at = inSummer ? summer : winter;
    if (inSummer && parisOffsetMinutes(winter) == 60) time.atLatest = winter;
    return time;
}

std::string localText(sdk::EpochMs at) {
    const sys_time<milliseconds> wall{milliseconds(at) + minutes(parisOffsetMinutes(at))};
    const auto day = floor<days>(wall);
    const year_month_day date(day);
    const hh_mm_ss time(floor<seconds>(wall - day));
    std::string text = "0000/00/00 00:00:00";
    const auto put = [&text](std::size_t where, std::size_t length, long long value) {
        for (; length > 0; --length, value /= 10)
            text[where + length - 1] = static_cast<char>('0' + value % 10);
    };
    put(0, 4, static_cast<int>(date.year()));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, time.hours().count());
    put(14, 2, time.minutes().count());
    put(17, 2, time.seconds().count());
    return text;
}

std::string searchFloor(sdk::EpochMs at) {
    return localText(inFirstOfTwo(at) ? change(yearOf(at), 10) - kHour : at);
}

std::int64_t versionOf(const sdk::VendorTime& modified) {
    return (modified.atLatest ? change(yearOf(modified.at), 10) - kHour : modified.at) / 1000;
}

std::optional<sdk::EpochMs> parseHttpDate(std::string_view text) {
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() < 29) return std::nullopt;
    const auto month = kMonths.find(text.substr(8, 3));
    const auto time = timeOfDay(text, 17);
    if (month == std::string_view::npos || month % 3 != 0 || time < 0) return std::nullopt;
    const auto day =
        dayOf(digits(text, 12, 4), static_cast<int>(month / 3) + 1, digits(text, 5, 2));
    if (!day) return std::nullopt;
    return *day + time;
}

}  // namespace concordat::plugins::eudonet
