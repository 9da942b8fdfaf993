// SPDX-License-Identifier: Apache-2.0
#pragma once
// Eudonet's times are local to Paris and say so nowhere. Pure, any thread.
//
// A connector has no files, hence no zone data; the rule of the European Union since 1996
// (directive 2000/84/EC: summer time from the last Sunday of March to the last Sunday of October,
// both at 01:00 UTC) stands here instead. Earlier times are up to an hour off, which no consent
// since then can notice.

#include <optional>
#include <string>
#include <string_view>

#include "sdk/concordat/times.h"

namespace concordat::plugins::eudonet {

/// Minutes east of Greenwich in Paris at an instant: 60 or 120.
int parisOffsetMinutes(sdk::EpochMs at);

/// "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd", "dd/MM/yyyy[ HH:mm:ss]" or ISO 8601, local to Paris unless
/// it names a zone. A bare date, or one at midnight to the second, has the precision of a day. Of
/// the hour that comes twice `at` is the first instant and `atLatest` the second; a time in the
/// hour that is left out is taken in winter time.
std::optional<sdk::VendorTime> parseLocalTime(std::string_view text);

/// An instant as Eudonet writes it: "2026/11/23 19:22:59".
std::string localText(sdk::EpochMs at);

/// A local text such that whatever changes after `at` bears a later or equal one: in the first of
/// the two equal hours their beginning, for the second will go through the same texts again.
std::string searchFloor(sdk::EpochMs at);

/// A number that grows with the record's change time; all times of the hour that comes twice give
/// the same one.
std::int64_t versionOf(const sdk::VendorTime& modified);

}  // namespace concordat::plugins::eudonet
