// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/eudonet/base.h"

namespace concordat::simulators::eudonet {

/// The vendor's operator numbers.
enum class Operator {
    equal,
    less,
    lessOrEqual,
    greater,
    greaterOrEqual,
    notEqual,
    beginsWith,
    endsWith,
    inList,
    contains,
    isEmpty,
    isTrue,
    isFalse,
    notBegins,
    notEnds,
    notInList,
    notContains,
    notEmpty
};

enum class InterOperator { none, conjunction, disjunction, except };

/// What a leaf looks at, as seen from the searched table.
struct Target {
    enum class Place { own, ownFileId, linkId, parentField };
    Place place = Place::own;
    std::size_t column = 0;  ///< own: the field; linkId and parentField: the link
    int parentTab = 0;       ///< parentField: where the field lies
    std::size_t parentColumn = 0;
    const Field* field = nullptr;  ///< null for file ids
};

/// One node of the search tree: a leaf when `members` is empty.
struct Condition {
    InterOperator inter = InterOperator::none;
    std::vector<Condition> members;
    Target target;
    Operator op = Operator::equal;
    std::string value;              ///< as compared: dates and flags as stored, text folded
    std::vector<std::string> list;  ///< with inList and notInList
};

/// Reads `WhereCustom` (keys in lower case) for a search in `tab`. Throws Refusal: no filter (an
/// empty one included), unknown field, a field two links away, a first member with an
/// InterOperator, a later one without, an unknown operator, a value of the wrong kind.
Condition readCondition(const Base& base, int tab, const nlohmann::json& where);

/// Whether `row` satisfies the tree. The caller holds the base's mutex.
bool matches(const Base& base, const Rows& rows, int fileId, const Condition& condition);

}  // namespace concordat::simulators::eudonet
