// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sellsy's times, and the Date header. Pure, any thread.

#include <optional>
#include <string>
#include <string_view>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::sellsy {

/// "2025-08-22T21:37:04+02:00" as an instant. Without an offset, or malformed: empty.
std::optional<sdk::EpochMs> parseIsoTime(std::string_view text);

/// An instant as Sellsy's filters take it, in UTC and cut to the second:
/// "2025-08-22T19:37:04+00:00".
std::string isoTime(sdk::EpochMs at);

/// "Mon, 23 Nov 2026 18:22:59 GMT". Malformed: empty.
std::optional<sdk::EpochMs> parseHttpDate(std::string_view text);

}  // namespace concordat::plugins::sellsy
