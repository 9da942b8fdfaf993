// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace concordat::simulators::salesforce {

/// The 18-character id of row `number` of the object with this key prefix. Ids ascend with their
/// numbers in the order 0-9 A-Z a-z. [any]
std::string makeId(std::string_view prefix, std::uint64_t number);
/// The row number of a well-formed id of 15 or 18 characters with this prefix; none otherwise, also
/// when the last three characters are not the checksum of the first fifteen. [any]
std::optional<std::uint64_t> readId(std::string_view prefix, std::string_view id);
/// The id with 18 characters; none when it is no id at all. [any]
std::optional<std::string> fullId(std::string_view id);

}  // namespace concordat::simulators::salesforce
