// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/times.h"

#include <chrono>

namespace concordat::plugins::eudonet {
namespace {

using namespace std::chrono;
using sdk::dayOf;
using sdk::digitsAt;
using sdk::timeOfDay;

constexpr sdk::EpochMs kHour = 3'600'000;

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

std::optional<Wall> wallOf(std::string_view text) {
    if (text.size() < 10) return std::nullopt;
    const bool yearFirst = text[4] == text[7] && (text[4] == '/' || text[4] == '-');
    const bool dayFirst = text[2] == '/' && text[5] == '/';
    std::optional<sdk::EpochMs> day;
    if (yearFirst) day = dayOf(digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2));
    if (dayFirst) day = dayOf(digitsAt(text, 6, 4), digitsAt(text, 3, 2), digitsAt(text, 0, 2));
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
    const auto minutes = sdk::zoneMinutes(rest);
    return {minutes.has_value(), minutes.has_value(), minutes.value_or(0)};
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
    std::string text = sdk::isoSeconds(at + parisOffsetMinutes(at) * sdk::EpochMs{60'000});
    text[4] = text[7] = '/';
    text[10] = ' ';
    return text;
}

std::string searchFloor(sdk::EpochMs at) {
    return localText(inFirstOfTwo(at) ? change(yearOf(at), 10) - kHour : at);
}

std::int64_t versionOf(const sdk::VendorTime& modified) {
    return (modified.atLatest ? change(yearOf(modified.at), 10) - kHour : modified.at) / 1000;
}

}  // namespace concordat::plugins::eudonet
