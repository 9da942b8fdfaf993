// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace concordat::simulators::salesforce {

/// A point in time, UTC milliseconds.
struct Instant {
    std::int64_t ms = 0;
    friend bool operator==(const Instant&, const Instant&) = default;
};

/// The value of one field of one record. Ids, dates and picklist values are texts.
using Value = std::variant<std::monostate, bool, double, Instant, std::string>;

inline bool isNull(const Value& value) { return value.index() == 0; }
/// Adds the value as JSON text. [any]
void appendJson(std::string& out, const Value& value);
/// The value as JSON text. [any]
std::string showJson(const Value& value);
/// The value as a CSV cell without quotes; null is "". [any]
std::string showPlain(const Value& value);
/// Adds a text as a JSON string with quotes. [any]
void appendQuoted(std::string& out, std::string_view text);
/// Lower case of ASCII and the Latin-1 letters in UTF-8: how the vendor compares texts. [any]
std::string fold(std::string_view text);
/// -1, 0, 1 as the vendor orders two values of one type; null comes first, texts regardless of
/// case.
int compare(const Value& left, const Value& right);

}  // namespace concordat::simulators::salesforce
