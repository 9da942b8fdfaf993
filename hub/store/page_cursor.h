// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace concordat::store {

/// Several texts as one: each with its length before it.
std::string joinCursor(const std::vector<std::string>& parts);
/// Exactly `count` texts, all empty for an empty cursor. Throws RequestError for a cursor that
/// joinCursor did not make.
std::vector<std::string> splitCursor(const std::string& cursor, std::size_t count);

}  // namespace concordat::store
