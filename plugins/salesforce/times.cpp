// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/times.h"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace concordat::plugins::salesforce {
namespace {

/// Reads `length` digits at `at`; -1 if there is anything else.
int digits(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size()) return -1;
    int value = 0;
    const char* end = text.data() + at + length;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc() && stop == end && value >= 0 ? value : -1;
}

std::optional<sdk::EpochMs> instant(int year, int month, int day, int secondOfDay) {
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(year),
                              std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1 || month < 1 || day < 1 || !date.ok() || secondOfDay < 0) return std::nullopt;
    return milliseconds(sys_days(date).time_since_epoch() + seconds(secondOfDay)).count();
}

/// "hh:mm:ss" at `at` as a second of the day; -1 if it is none.
int secondOfDay(std::string_view text, std::size_t at) {
    const int hour = digits(text, at, 2), minute = digits(text, at + 3, 2),
              second = digits(text, at + 6, 2);
    if (at + 8 > text.size() || text[at + 2] != ':' || text[at + 5] != ':') return -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
    return hour * 3600 + minute * 60 + second;
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

using Clock = std::chrono::hh_mm_ss<std::chrono::milliseconds>;

std::pair<std::chrono::year_month_day, Clock> partsOf(sdk::EpochMs at) {
    using namespace std::chrono;
    const sys_time<milliseconds> instantAt{milliseconds(at)};
    const auto day = floor<days>(instantAt);
    return {year_month_day(day), Clock(instantAt - day)};
}

void put(std::string& text, std::size_t where, std::size_t length, long long value) {
    for (; length > 0; --length, value /= 10)
        text[where + length - 1] = static_cast<char>('0' + value % 10);
}

void putTime(std::string& text, std::size_t where, const Clock& time) {
    put(text, where, 2, time.hours().count());
    put(text, where + 3, 2, time.minutes().count());
    put(text, where + 6, 2, time.seconds().count());
}

/// "Z", "+02:00" or "+0200" as seconds east of Greenwich.
std::optional<int> offsetSeconds(std::string_view zone) {
    if (zone == "Z" || zone == "z") return 0;
    if (zone.size() < 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
    const std::size_t minuteAt = zone[3] == ':' ? 4 : 3;
    const int hours = digits(zone, 1, 2), minutes = digits(zone, minuteAt, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || zone.size() != minuteAt + 2)
        return std::nullopt;
    return (zone[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace

std::optional<sdk::EpochMs> parseTime(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T')
        return std::nullopt;
    const auto at =
        instant(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), secondOfDay(text, 11));
    std::size_t zoneAt = 19;
    int thousandths = 0;
    if (text[zoneAt] == '.') {
        int weight = 100;
        for (++zoneAt; zoneAt < text.size() && text[zoneAt] >= '0' && text[zoneAt] <= '9';
             ++zoneAt) {
            thousandths += weight * (text[zoneAt] - '0');
            weight /= 10;
        }
    }
    const auto offset = offsetSeconds(text.substr(zoneAt));
    if (!at || !offset) return std::nullopt;
    return *at + thousandths - static_cast<sdk::EpochMs>(*offset) * 1000;
}

std::string soqlTime(sdk::EpochMs at) {
    const auto [date, time] = partsOf(at);
    std::string text = "0000-00-00T00:00:00";
    put(text, 0, 4, static_cast<int>(date.year()));
    put(text, 5, 2, static_cast<unsigned>(date.month()));
    put(text, 8, 2, static_cast<unsigned>(date.day()));
    putTime(text, 11, time);
    const auto thousandths = time.subseconds().count();
    if (thousandths != 0) {
        text += ".000";
        put(text, 20, 3, thousandths);
    }
    return text + "Z";
}

std::string httpDate(sdk::EpochMs at) {
    static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                              "Thu", "Fri", "Sat"};
    const auto [date, time] = partsOf(at);
    std::string text = "Day, 00 Mon 0000 00:00:00 GMT";
    text.replace(0, 3, kDays[std::chrono::weekday(date).c_encoding()]);
    put(text, 5, 2, static_cast<unsigned>(date.day()));
    text.replace(8, 3, kMonths[static_cast<unsigned>(date.month()) - 1]);
    put(text, 12, 4, static_cast<int>(date.year()));
    putTime(text, 17, time);
    return text;
}

std::optional<sdk::EpochMs> parseHttpDate(std::string_view text) {
    if (text.size() < 29) return std::nullopt;
    for (std::size_t month = 0; month < kMonths.size(); ++month)
        if (text.substr(8, 3) == kMonths[month])
            return instant(digits(text, 12, 4), static_cast<int>(month) + 1, digits(text, 5, 2),
                           secondOfDay(text, 17));
    return std::nullopt;
}

}  // namespace concordat::plugins::salesforce
