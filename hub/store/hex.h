// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace concordat::store {

/// Lower case.
std::string toHex(std::string_view bytes);
/// Empty if `hex` is not whole bytes of hex digits.
std::string fromHex(std::string_view hex);

}  // namespace concordat::store
