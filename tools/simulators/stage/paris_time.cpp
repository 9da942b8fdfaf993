// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/paris_time.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace concordat::simulators::paris {
namespace {

constexpr std::time_t kSummerNoon = 1782907200;  // 2026-07-01T12:00:00Z

void useParis() {
    static const bool ready = [] {
        ::setenv("TZ", "Europe/Paris", 1);
        ::tzset();
        std::tm summer{};
        ::localtime_r(&kSummerNoon, &summer);
        if (summer.tm_gmtoff == 0) {
            throw std::runtime_error("no time zone data for Europe/Paris: install tzdata");
        }
        return true;
    }();
    static_cast<void>(ready);
}

/// Reads fixed-width numbers and single characters from the front of a text.
class Scanner {
 public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool number(std::size_t width, int& into) {
        if (rest_.size() < width) return false;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + width, into);
        if (error != std::errc{} || end != rest_.data() + width || into < 0) return false;
        rest_.remove_prefix(width);
        return true;
    }

    bool literal(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skipDigits() {
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            rest_.remove_prefix(1);
        }
    }

    bool done() const { return rest_.empty(); }

 private:
    std::string_view rest_;
};

bool readDate(Scanner& in, char separator, Local& out) {
    return in.number(4, out.year) && in.literal(separator) && in.number(2, out.month) &&
           in.literal(separator) && in.number(2, out.day);
}

bool inRange(const Local& at) {
    constexpr std::array<int, 12> kDays{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (at.month < 1 || at.month > 12 || at.day < 1) return false;
    return at.day <= kDays[static_cast<std::size_t>(at.month - 1)] && at.hour < 24 &&
           at.minute < 60 && at.second < 60;
}

std::int64_t utcOf(const Local& at) {
    std::tm parts{};
    parts.tm_year = at.year - 1900;
    parts.tm_mon = at.month - 1;
    parts.tm_mday = at.day;
    parts.tm_hour = at.hour;
    parts.tm_min = at.minute;
    parts.tm_sec = at.second;
    return ::timegm(&parts);
}

/// The seconds that an ISO offset at the end stands for; Paris when there is none.
std::optional<std::int64_t> applyOffset(Scanner& in, const Local& at) {
    if (in.done()) return toUtc(at);
    if (in.literal('Z')) return in.done() ? std::optional(utcOf(at)) : std::nullopt;
    const bool west = in.literal('-');
    if (!west && !in.literal('+')) return std::nullopt;
    int hours = 0;
    int minutes = 0;
    if (!in.number(2, hours)) return std::nullopt;
    static_cast<void>(in.literal(':'));
    if (!in.number(2, minutes) || !in.done()) return std::nullopt;
    const std::int64_t ahead = (hours * 60 + minutes) * 60;
    return utcOf(at) - (west ? -ahead : ahead);
}

}  // namespace

Local toLocal(std::int64_t utcSeconds) {
    useParis();
    const std::time_t moment = utcSeconds;
    std::tm parts{};
    ::localtime_r(&moment, &parts);
    return {parts.tm_year + 1900,
            parts.tm_mon + 1,
            parts.tm_mday,
            parts.tm_hour,
            parts.tm_min,
            parts.tm_sec,
            static_cast<int>(parts.tm_gmtoff / 60)};
}

std::int64_t toUtc(const Local& local) {
    // Paris is one or two hours ahead: the larger offset is the earlier moment, and it is meant
    // whenever the clock really shows that reading.
    const std::int64_t asUtc = utcOf(local);
    const std::int64_t summer = asUtc - 7200;
    return toLocal(summer).offsetMinutes == 120 ? summer : asUtc - 3600;
}

std::string isoWithOffset(std::int64_t utcSeconds) {
    const Local at = toLocal(utcSeconds);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d+%02d:%02d", at.year,
                  at.month, at.day, at.hour, at.minute, at.second, at.offsetMinutes / 60,
                  at.offsetMinutes % 60);
    return text.data();
}

std::int64_t wallSeconds(std::int64_t utcSeconds) {
    return utcSeconds + std::int64_t{toLocal(utcSeconds).offsetMinutes} * 60;
}

std::string slashed(std::int64_t wallSeconds) {
    const std::time_t moment = wallSeconds;
    std::tm at{};
    ::gmtime_r(&moment, &at);
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d/%02d/%02d %02d:%02d:%02d", at.tm_year + 1900,
                  at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
    return text.data();
}

std::optional<std::int64_t> parseIso(std::string_view text) {
    Scanner in(text);
    Local at;
    if (!readDate(in, '-', at)) return std::nullopt;
    if (in.done()) return inRange(at) ? std::optional(toUtc(at)) : std::nullopt;
    if (!in.literal('T') && !in.literal(' ')) return std::nullopt;
    if (!in.number(2, at.hour) || !in.literal(':') || !in.number(2, at.minute)) return {};
    if (in.literal(':') && !in.number(2, at.second)) return std::nullopt;
    if (in.literal('.')) in.skipDigits();
    return inRange(at) ? applyOffset(in, at) : std::nullopt;
}

std::optional<std::int64_t> parseSlashed(std::string_view text) {
    Scanner in(text);
    Local at;
    if (!readDate(in, '/', at)) return std::nullopt;
    if (in.literal(' ')) {
        if (!in.number(2, at.hour) || !in.literal(':') || !in.number(2, at.minute)) return {};
        if (in.literal(':') && !in.number(2, at.second)) return std::nullopt;
    }
    return in.done() && inRange(at) ? std::optional(utcOf(at)) : std::nullopt;
}

}  // namespace concordat::simulators::paris
