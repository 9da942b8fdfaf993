// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/values.h"

#include <algorithm>
#include <charconv>

#include "tools/simulators/stage/paris_time.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::eudonet {
namespace {

constexpr std::size_t kDateLength = 10;  // "yyyy/MM/dd"

/// Calls `use` with each part of `text` between semicolons.
template <typename Use>
void eachPart(std::string_view text, Use use) {
    while (true) {
        const std::size_t end = text.find(';');
        use(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

const CatalogValue* catalogValue(const Catalog& catalog, std::string_view dbValue) {
    int id = 0;
    const auto [end, error] = std::from_chars(dbValue.data(), dbValue.data() + dbValue.size(), id);
    if (error != std::errc{} || end != dbValue.data() + dbValue.size()) return nullptr;
    const auto found = std::find_if(catalog.values.begin(), catalog.values.end(),
                                    [&](const CatalogValue& one) { return one.dbValue == id; });
    return found == catalog.values.end() ? nullptr : &*found;
}

std::optional<std::string> storedFlag(std::string_view input) {
    if (input == "1" || sameText(input, "true")) return "1";
    if (input == "0" || sameText(input, "false")) return "0";
    return std::nullopt;
}

std::optional<std::string> storedDate(std::string_view input) {
    if (const auto wall = paris::parseSlashed(input)) return paris::slashed(*wall);
    return std::nullopt;
}

std::optional<std::string> storedNumber(std::string_view input) {
    std::string text(input);
    std::replace(text.begin(), text.end(), ',', '.');
    double parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

std::optional<std::string> storedChoice(const Schema& schema,
                                        const Field& field,
                                        std::string_view input) {
    const Catalog* catalog = schema.catalog(field.descId);
    if (!catalog || (!field.multiple && input.find(';') != std::string_view::npos)) return {};
    bool known = true;
    eachPart(input, [&](std::string_view part) { known = known && catalogValue(*catalog, part); });
    return known ? std::optional(std::string(input)) : std::nullopt;
}

bool isFileId(std::string_view text) {
    return !text.empty() && text.size() < 10 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string shownDate(std::string_view stored) {
    if (stored.size() < kDateLength) return std::string(stored);
    std::string text;
    text.append(stored.substr(8, 2)).append("/").append(stored.substr(5, 2)).append("/");
    text.append(stored.substr(0, 4));
    const std::string_view time = stored.substr(kDateLength);
    if (time != " 00:00:00") text.append(time);
    return text;
}

std::string shownChoice(const Catalog& catalog, std::string_view stored) {
    std::string text;
    eachPart(stored, [&](std::string_view part) {
        const CatalogValue* value = catalogValue(catalog, part);
        if (!text.empty()) text += ';';
        text += value ? value->label : std::string(part);
    });
    return text;
}

}  // namespace

std::optional<std::string> storedFrom(const Schema& schema,
                                      const Field& field,
                                      std::string_view input) {
    if (input.empty()) return std::string();
    // Rows keep their values in one text with this separator, and no form ever sends it.
    if (input.find('\x1f') != std::string_view::npos) return std::nullopt;
    switch (field.kind) {
        case FieldKind::Flag:
            return storedFlag(input);
        case FieldKind::Date:
            return storedDate(input);
        case FieldKind::Number:
            return storedNumber(input);
        case FieldKind::Catalog:
            return storedChoice(schema, field, input);
        case FieldKind::Link:
            return isFileId(input) ? std::optional(std::string(input)) : std::nullopt;
        default:
            break;
    }
    const bool fits =
        field.kind == FieldKind::Memo || input.size() <= static_cast<std::size_t>(field.length) * 4;
    return fits ? std::optional(std::string(input)) : std::nullopt;
}

std::string shown(const Schema& schema, const Field& field, std::string_view stored) {
    if (stored.empty()) return {};
    if (field.kind == FieldKind::Date) return shownDate(stored);
    if (field.kind == FieldKind::Catalog) {
        if (const Catalog* catalog = schema.catalog(field.descId)) {
            return shownChoice(*catalog, stored);
        }
    }
    return std::string(stored);
}

std::string withHtmlEntities(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#039;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string folded(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto byte = static_cast<unsigned char>(out[i]);
        if (byte >= 'A' && byte <= 'Z') {
            out[i] = static_cast<char>(byte + 32);
        } else if (byte == 0xC3 && i + 1 < out.size()) {
            const auto next = static_cast<unsigned char>(out[i + 1]);
            if (next >= 0x80 && next <= 0x9E && next != 0x97) {
                out[i + 1] = static_cast<char>(next + 32);
            }
            ++i;
        }
    }
    return out;
}

}  // namespace concordat::simulators::eudonet
