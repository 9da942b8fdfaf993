// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/csv.h"

#include <algorithm>
#include <string>

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;
using Cells = std::vector<std::string>;

/// Takes the next line off `rest`, quoted line ends included; empty if a quote stays open.
std::optional<Cells> takeLine(std::string_view& rest) {
    Cells cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const char c = rest[i];
        const bool doubled = quoted && c == '"' && i + 1 < rest.size() && rest[i + 1] == '"';
        if (doubled) {
            cells.back() += rest[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
            cells.back() += c;
        } else if (c == ',') {
            cells.emplace_back();
        } else if (c == '\n') {
            rest.remove_prefix(i + 1);
            return cells;
        }
    }
    rest = {};
    return quoted ? std::nullopt : std::optional(cells);
}

json valueOf(const std::string& cell, const std::string& name, const Shape& shape) {
    if (cell.empty()) return nullptr;
    const auto field = shape.fields.find(name);
    if (field != shape.fields.end() && field->second.type == "boolean") return cell == "true";
    return cell;
}

}  // namespace

std::optional<std::vector<json>> rowsOfCsv(std::string_view text, const Shape& shape) {
    const auto header = takeLine(text);
    // A page for people is one long cell; it must not pass for a table without rows.
    if (!header || std::find(header->begin(), header->end(), "Id") == header->end())
        return std::nullopt;
    std::vector<json> rows;
    while (!text.empty()) {
        const auto cells = takeLine(text);
        if (!cells || cells->size() != header->size()) return std::nullopt;
        json row = json::object();
        for (std::size_t i = 0; i < header->size(); ++i) {
            const auto& name = (*header)[i];
            const auto dot = name.find('.');
            if (dot == std::string::npos)
                row[name] = valueOf((*cells)[i], name, shape);
            else if (!(*cells)[i].empty())
                row[name.substr(0, dot)][name.substr(dot + 1)] = (*cells)[i];
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace concordat::plugins::salesforce
