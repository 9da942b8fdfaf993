// SPDX-License-Identifier: Apache-2.0
#pragma once
// Salesforce's times in replies, queries and HTTP headers. Pure, any thread.

#include <optional>
#include <string>
#include <string_view>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::salesforce {

/// "2026-03-01T10:11:12.000+0000", also with "Z" or "+00:00". Without an offset, or malformed:
/// empty.
std::optional<sdk::EpochMs> parseTime(std::string_view text);

/// A literal for SOQL, in UTC: "2026-03-01T10:11:12Z"; with milliseconds only if there are any.
std::string soqlTime(sdk::EpochMs at);

/// "Mon, 23 Nov 2026 18:22:59 GMT". Malformed: empty.
std::optional<sdk::EpochMs> parseHttpDate(std::string_view text);
/// Cut to the second.
std::string httpDate(sdk::EpochMs at);

}  // namespace concordat::plugins::salesforce
