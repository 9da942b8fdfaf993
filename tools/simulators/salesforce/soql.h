// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulators/salesforce/org.h"

namespace concordat::simulators::salesforce {

/// A field, reached over zero or more parents: {IndividualId}, HasOptedOutSolicit.
struct Path {
    std::vector<FieldIndex> parents;
    std::vector<std::string> names;  ///< relationship names as the reply spells them
    int object = 0;                  ///< where the last field is
    FieldIndex field = 0;

    const Field& last() const { return schema()[static_cast<std::size_t>(object)].fields()[field]; }
};

enum class Comparison { equal, unequal, less, lessEqual, greater, greaterEqual, like, in, notIn };

/// A WHERE tree: either one comparison or and/or/not over parts.
struct Condition {
    enum class Join { leaf, all, any, none } join = Join::leaf;
    std::vector<Condition> parts;
    Path path;
    Comparison comparison = Comparison::equal;
    std::vector<Value> values;
};

struct Ordering {
    Path path;
    bool descending = false;
    bool nullsLast = false;
};

/// A parsed and checked SELECT.
struct Select {
    int object = 0;
    bool count = false;  ///< SELECT COUNT()
    std::vector<Path> fields;
    std::optional<Condition> where;
    std::vector<Ordering> order;
    std::optional<std::uint64_t> limit;
    std::uint64_t offset = 0;
};

/// Parses a statement against the schema as the integration user sees it. Throws ApiError
/// (MALFORMED_QUERY, INVALID_FIELD, INVALID_TYPE, INVALID_QUERY_FILTER_OPERATOR …). Needs
/// Org::mutex.
Select parseSoql(const Org& org, std::string_view text);

/// Rows that match, ordered and limited. `all` includes deleted ones (queryAll).
std::vector<RowIndex> runSelect(const Database& database, const Select& select, bool all);
/// True when the row meets the condition.
bool meets(const RowView& view, const Condition& condition);
/// The value at the end of a path; null when a parent is null.
Value valueAt(const RowView& view, const Path& path);
/// Adds one record as JSON with its attributes.
void appendRecord(std::string& out, const RowView& view, const Select& select);

}  // namespace concordat::simulators::salesforce
