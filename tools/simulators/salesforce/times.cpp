// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/times.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace concordat::simulators::salesforce {
namespace {

using namespace std::chrono;

constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
    int year = 0;
    unsigned month = 0, day = 0;
    long hour = 0, minute = 0, second = 0, milli = 0;
    unsigned weekday = 0;
};

Parts split(std::int64_t ms) {
    const sys_time<milliseconds> at{milliseconds(ms)};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss<milliseconds> time{at - day};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            time.hours().count(),
            time.minutes().count(),
            time.seconds().count(),
            time.subseconds().count(),
            weekday{day}.c_encoding()};
}

/// Takes digits and marks from the front of a text.
struct Reader {
    std::string_view rest;
    bool good = true;

    int number(std::size_t width) {
        int value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (rest.empty() || rest[0] < '0' || rest[0] > '9') return good = false, 0;
            value = value * 10 + (rest[0] - '0');
            rest.remove_prefix(1);
        }
        return value;
    }
    bool take(std::string_view mark) {
        if (rest.substr(0, mark.size()) != mark) return false;
        rest.remove_prefix(mark.size());
        return true;
    }
    void need(std::string_view mark) { good = take(mark) && good; }
};

std::optional<std::int64_t> join(const Parts& p) {
    const year_month_day date{year(p.year), month(p.month), day(p.day)};
    if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 59) return std::nullopt;
    const auto day = sys_days(date).time_since_epoch();
    return duration_cast<milliseconds>(day).count() +
           ((p.hour * 60 + p.minute) * 60 + p.second) * 1000 + p.milli;
}

long readFraction(Reader& in) {
    if (!in.take(".")) return 0;
    long value = 0;
    int width = 0;
    while (!in.rest.empty() && in.rest[0] >= '0' && in.rest[0] <= '9') {
        if (width++ < 3) value = value * 10 + (in.rest[0] - '0');
        in.rest.remove_prefix(1);
    }
    if (width == 0) in.good = false;
    for (; width < 3; ++width) value *= 10;
    return value;
}

std::int64_t readOffset(Reader& in) {
    if (in.take("Z")) return 0;
    const bool east = in.take("+");
    if (!east) in.need("-");
    const int hours = in.number(2);
    in.take(":");
    const std::int64_t ms = (hours * 60 + in.number(2)) * 60000LL;
    return east ? ms : -ms;
}

}  // namespace

std::string showTime(std::int64_t ms) {
    const auto p = split(ms);
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ld+0000", p.year,
                  p.month, p.day, p.hour, p.minute, p.second, p.milli);
    return out.data();
}

std::string showHttpTime(std::int64_t ms) {
    const auto p = split(ms);
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02ld:%02ld:%02ld GMT",
                  kDays[p.weekday], p.day, kMonths[p.month - 1], p.year, p.hour, p.minute,
                  p.second);
    return out.data();
}

std::optional<std::int64_t> readTime(std::string_view text) {
    Reader in{text};
    Parts p;
    p.year = in.number(4);
    in.need("-");
    p.month = static_cast<unsigned>(in.number(2));
    in.need("-");
    p.day = static_cast<unsigned>(in.number(2));
    in.need("T");
    p.hour = in.number(2);
    in.need(":");
    p.minute = in.number(2);
    in.need(":");
    p.second = in.number(2);
    p.milli = readFraction(in);
    const auto offset = readOffset(in);
    const auto at = join(p);
    if (!in.good || !in.rest.empty() || !at) return std::nullopt;
    return *at - offset;
}

std::optional<std::int64_t> readHttpTime(std::string_view text) {
    if (text.size() < 5) return std::nullopt;
    Reader in{text.substr(3)};
    Parts p;
    in.need(", ");
    p.day = static_cast<unsigned>(in.number(2));
    in.need(" ");
    for (unsigned m = 0; m < kMonths.size() && p.month == 0; ++m) {
        if (in.take(kMonths[m])) p.month = m + 1;
    }
    in.need(" ");
    p.year = in.number(4);
    in.need(" ");
    p.hour = in.number(2);
    in.need(":");
    p.minute = in.number(2);
    in.need(":");
    p.second = in.number(2);
    in.need(" GMT");
    return in.good && in.rest.empty() ? join(p) : std::nullopt;
}

bool isDate(std::string_view text) {
    Reader in{text};
    Parts p;
    p.year = in.number(4);
    in.need("-");
    p.month = static_cast<unsigned>(in.number(2));
    in.need("-");
    p.day = static_cast<unsigned>(in.number(2));
    return in.good && in.rest.empty() && join(p).has_value();
}

std::int64_t floorTo(std::int64_t ms, std::int64_t unit) {
    return ms - ((ms % unit) + unit) % unit;
}

}  // namespace concordat::simulators::salesforce
