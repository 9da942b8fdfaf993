// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times in vendors' texts. Pure, any thread. A connector has no zone data, so a local time is the
// vendor's own business; dayOf() and timeOfDay() read its parts.

#include <optional>
#include <string>
#include <string_view>

#include "sdk/concordat/messages.h"

namespace concordat::sdk {

/// `length` digits at `at` as a number; -1 if there is anything else.
int digitsAt(std::string_view text, std::size_t at, std::size_t length);
/// Midnight of that day as if in UTC; no such day: empty.
std::optional<EpochMs> dayOf(int year, int month, int day);
/// "hh:mm:ss" at `at` as ms of the day, a leap second included; -1 if it is none.
EpochMs timeOfDay(std::string_view text, std::size_t at);
/// "Z", "+02:00" or "+0200" as minutes east of Greenwich; anything else: empty.
std::optional<int> zoneMinutes(std::string_view zone);

/// "2026-03-01T10:11:12.5+02:00". Without an offset, or malformed: empty.
std::optional<EpochMs> parseIsoTime(std::string_view text);
/// "2026-03-01T10:11:12" in UTC, cut to the second; the zone is for the caller to add.
std::string isoSeconds(EpochMs at);

/// "Mon, 23 Nov 2026 18:22:59 GMT". Malformed: empty.
std::optional<EpochMs> parseHttpDate(std::string_view text);
/// Cut to the second.
std::string httpDate(EpochMs at);

}  // namespace concordat::sdk
