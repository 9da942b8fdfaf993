// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/csv.h"

namespace concordat::simulators::salesforce {
namespace {

/// Takes a quoted cell whose first quote is at `at`; false when it is never closed.
bool readQuoted(std::string_view text, std::size_t& at, std::string& cell) {
    for (++at; at < text.size(); ++at) {
        if (text[at] != '"') {
            cell += text[at];
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
            cell += text[++at];
        } else {
            return ++at, true;
        }
    }
    return false;
}

}  // namespace

std::optional<std::vector<CsvRow>> readCsv(std::string_view text, char delimiter) {
    std::vector<CsvRow> rows;
    CsvRow row;
    std::string cell;
    std::size_t at = 0;
    const auto endRow = [&] {
        row.push_back(std::move(cell));
        cell.clear();
        if (row.size() > 1 || !row[0].empty()) rows.push_back(std::move(row));
        row.clear();
    };
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"' && cell.empty()) {
            if (!readQuoted(text, at, cell)) return std::nullopt;
            continue;
        }
        ++at;
        if (c == delimiter) {
            row.push_back(std::move(cell));
            cell.clear();
        } else if (c == '\n') {
            endRow();
        } else if (c != '\r' || at >= text.size() || text[at] != '\n') {
            cell += c;
        }
    }
    if (!cell.empty() || !row.empty()) endRow();
    return rows;
}

void appendCsv(std::string& out, const CsvRow& row, char delimiter, std::string_view lineEnd) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += delimiter;
        out += '"';
        for (const char c : row[i]) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    out += lineEnd;
}

}  // namespace concordat::simulators::salesforce
