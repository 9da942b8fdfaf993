// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::simulators::salesforce {

using CsvRow = std::vector<std::string>;

/// Reads RFC 4180 text; none when a quote is not closed. Blanks are kept. [any]
std::optional<std::vector<CsvRow>> readCsv(std::string_view text, char delimiter);
/// Adds a row, each cell in quotes. [any]
void appendCsv(std::string& out, const CsvRow& row, char delimiter, std::string_view lineEnd);

}  // namespace concordat::simulators::salesforce
