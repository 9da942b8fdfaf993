// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sdk/concordat/times.h"

namespace concordat::plugins::sellsy {

/// An instant as Sellsy's filters take it, in UTC and cut to the second:
/// "2025-08-22T19:37:04+00:00".
inline std::string isoTime(sdk::EpochMs at) { return sdk::isoSeconds(at) + "+00:00"; }

}  // namespace concordat::plugins::sellsy
