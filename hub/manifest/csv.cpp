// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/csv.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace concordat::manifest {

namespace {

/// Reads cell after cell; quotes may hold commas, line breaks and doubled quotes.
class Cells {
 public:
    explicit Cells(const std::string& text) : text_(text) {}

    bool atEnd() const { return at_ >= text_.size(); }
    int line() const { return line_; }

    std::vector<std::string> row() {
        std::vector<std::string> cells{""};
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\n') ++line_;
            if (inQuotes_) {
                quotedCharacter(c, cells.back());
            } else if (c == '"') {
                inQuotes_ = true;
            } else if (c == ',') {
                cells.emplace_back();
            } else if (c == '\n') {
                ++at_;
                return cells;
            } else if (c != '\r') {
                cells.back() += c;
            }
        }
        return cells;
    }
    bool openQuote() const { return inQuotes_; }

 private:
    void quotedCharacter(char c, std::string& cell) {
        if (c != '"') {
            cell += c;
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
            cell += '"';
            ++at_;
        } else {
            inQuotes_ = false;
        }
    }

    const std::string& text_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool inQuotes_ = false;
};

}  // namespace

const std::string& Table::cell(std::size_t row, const std::string& column) const {
    static const std::string kEmpty;
    const auto found = std::find(header.begin(), header.end(), column);
    return found == header.end() ? kEmpty
                                 : rows[row][static_cast<std::size_t>(found - header.begin())];
}

std::vector<std::string> parts(const std::string& cell) {
    std::vector<std::string> all;
    std::istringstream input(cell);
    for (std::string one; std::getline(input, one, ';');) {
        const auto first = one.find_first_not_of(' ');
        if (first != std::string::npos)
            all.push_back(one.substr(first, one.find_last_not_of(' ') - first + 1));
    }
    return all;
}

Table parseTable(const std::string& file, const std::string& text, std::vector<Problem>& problems) {
    Table table;
    table.file = file;
    table.text = text;
    Cells cells(table.text);
    table.header = cells.row();
    std::set<std::string> codes;
    while (!cells.atEnd()) {
        const int line = cells.line();
        auto row = cells.row();
        if (row.size() != table.header.size()) {
            problems.push_back({file, line, 1,
                                std::to_string(row.size()) + " cells where the header has " +
                                    std::to_string(table.header.size()) +
                                    ": quote cells that hold commas"});
            continue;
        }
        if (!codes.insert(row[0]).second)
            problems.push_back(
                {file, line, 1, "the code '" + row[0] + "' stands twice: keep one row"});
        table.rows.push_back(std::move(row));
        table.lines.push_back(line);
    }
    if (cells.openQuote())
        problems.push_back({file, cells.line(), 1, "a quote is open at the end: close it"});
    return table;
}

Table readTable(const std::string& path, std::vector<Problem>& problems) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        problems.push_back({path, 0, 0, "no such vocabulary: tools/vocabularies makes it"});
        return {};
    }
    if (std::filesystem::file_size(path, error) > kLargestDocument) {
        problems.push_back({path, 0, 0, "larger than 4 MiB: not a vocabulary of this hub"});
        return {};
    }
    std::ifstream input(path, std::ios::binary);
    std::ostringstream text;
    text << input.rdbuf();
    return parseTable(path, text.str(), problems);
}

}  // namespace concordat::manifest
