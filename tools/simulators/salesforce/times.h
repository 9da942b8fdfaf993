// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace concordat::simulators::salesforce {

/// "2026-03-01T10:11:12.000+0000" for UTC milliseconds, as every dateTime is given out. [any]
std::string showTime(std::int64_t ms);
/// "Tue, 10 Mar 2026 00:00:00 GMT". [any]
std::string showHttpTime(std::int64_t ms);
/// Reads "2026-03-01T10:11:12[.345](Z|+01:00|+0100)"; none when it is anything else. [any]
std::optional<std::int64_t> readTime(std::string_view text);
/// Reads an HTTP date in its preferred form; none when it is anything else. [any]
std::optional<std::int64_t> readHttpTime(std::string_view text);
/// True for "2026-03-01" when that day exists. [any]
bool isDate(std::string_view text);
/// Cut down to the whole second, or minute. [any]
std::int64_t floorTo(std::int64_t ms, std::int64_t unit);

}  // namespace concordat::simulators::salesforce
