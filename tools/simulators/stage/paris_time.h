// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Wall-clock time of Europe/Paris, which both vendors write. Seconds since 1970 (UTC) on our side.
/// The rules come from the C library's time zone data; the process's zone is set to Paris on first
/// use. Throws std::runtime_error when that data is not installed.
namespace concordat::simulators::paris {

/// A Paris clock reading; `offsetMinutes` is how far it runs ahead of UTC.
struct Local {
    int year = 1970, month = 1, day = 1;
    int hour = 0, minute = 0, second = 0;
    int offsetMinutes = 60;
};

/// What a Paris clock shows at `utcSeconds`. [any]
Local toLocal(std::int64_t utcSeconds);

/// The moment a Paris clock shows `local`; `offsetMinutes` is not read. In the repeated hour of
/// autumn the first one is meant, in the missing hour of spring the one after it. [any]
std::int64_t toUtc(const Local& local);

/// `2025-08-22T21:37:04+02:00`, whole seconds (Sellsy). [any]
std::string isoWithOffset(std::int64_t utcSeconds);

/// Seconds since 1970 *as a Paris clock would count them*: the moment plus its offset. A database
/// that keeps local times without an offset sorts and compares by this. [any]
std::int64_t wallSeconds(std::int64_t utcSeconds);

/// `2026/10/25 02:30:00`, no offset (Eudonet), from wall seconds. [any]
std::string slashed(std::int64_t wallSeconds);

/// Reads `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS` with an optional fraction and `Z`, `+HH:MM` or
/// nothing (then Paris). Nothing for any other text. [any]
std::optional<std::int64_t> parseIso(std::string_view text);

/// Reads `yyyy/MM/dd` or `yyyy/MM/dd HH:mm[:ss]` as wall seconds. Nothing for other text. [any]
std::optional<std::int64_t> parseSlashed(std::string_view text);

}  // namespace concordat::simulators::paris
