// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plain values a manifest is made of: where a thing stands, what is said of it, days, periods.

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::manifest {

/// Where an element stands. `file` is an index into Model::files; line and column count from 1, and
/// 0 means nowhere.
struct Position {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Absent: the manifest is silent. Unknown: it says `unknown`, which is a finding and never a pass.
enum class Saying : std::uint8_t { Absent, Unknown, Known };

/// A value that a manifest may leave out or call unknown; `why` is what it says of an unknown.
template <typename T>
struct Stated {
    T value{};
    Saying saying = Saying::Absent;
    std::string why;
    Position at;

    bool isKnown() const { return saying == Saying::Known; }
    bool isUnknown() const { return saying == Saying::Unknown; }
    bool isAbsent() const { return saying == Saying::Absent; }
};

using Text = Stated<std::string>;
using Day = std::chrono::sys_days;
using Date = Stated<Day>;
using Flag = Stated<bool>;
using Number = Stated<std::int64_t>;

/// An ISO 8601 period such as P3Y or PT24H.
struct Period {
    std::int32_t months = 0;
    std::int32_t days = 0;
    std::int32_t hours = 0;

    /// For comparing two periods: a month counts 30.4375 days.
    double approximateDays() const;
    auto operator<=>(const Period&) const = default;
};
using Duration = Stated<Period>;

/// A text in the languages of the pages; one that is missing is empty.
struct Localised {
    std::string en;
    std::string fr;
    std::string it;

    /// In `language` (en, fr, it), else in English, else in whichever there is.
    const std::string& in(std::string_view language) const;
    bool empty() const { return en.empty() && fr.empty() && it.empty(); }
};

/// The words of an enumeration in manifests, in the order of its values.
using Words = std::vector<std::string>;

/// Where a fact comes from.
struct Source {
    std::string ref;         ///< a document, an address, a tag of sources.csv
    Date date;               ///< when it was seen
    std::string confidence;  ///< high, medium, low, or empty
};

/// "2026-11-23" as a day; false if it has another form or there is no such day.
bool dayFrom(std::string_view text, Day& day);
std::string toString(Day day);
/// "P3Y", "P1Y6M", "P2W", "PT24H"; false if it is not one.
bool periodFrom(std::string_view text, Period& period);
std::string toString(const Period& period);

}  // namespace concordat::manifest
