// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::simulators::salesforce {

/// One piece of a SOQL statement.
struct Word {
    enum class Kind { name, string, number, time, mark, end } kind = Kind::end;
    std::string text;  ///< unescaped, without quotes
    std::string raw;   ///< strings only: as text, but \_ and \% keep their backslash, for LIKE
    std::size_t column = 0;
};

/// Cuts a statement into words; the last one is `end`. Throws ApiError (MALFORMED_QUERY).
std::vector<Word> readWords(std::string_view text);

}  // namespace concordat::simulators::salesforce
