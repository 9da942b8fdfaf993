// SPDX-License-Identifier: Apache-2.0
#pragma once
// A vocabulary file: RFC 4180 text with a header row, rows by column name.

#include <map>
#include <string>
#include <vector>

#include "hub/manifest/document.h"

namespace concordat::manifest {

struct Table {
    std::string file;
    std::string text;  ///< as read, for the hash
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    std::vector<int> lines;  ///< where each row begins

    /// The cell of a column; empty if there is no such column.
    const std::string& cell(std::size_t row, const std::string& column) const;
};

/// Splits "a;b; c" into its parts, trimmed.
std::vector<std::string> parts(const std::string& cell);

Table parseTable(const std::string& file, const std::string& text, std::vector<Problem>& problems);
/// Reads a file of at most 4 MiB whose first column has no code twice.
Table readTable(const std::string& path, std::vector<Problem>& problems);

}  // namespace concordat::manifest
