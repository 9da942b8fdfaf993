// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the org lets our user see of an object. Pure, any thread.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugins/salesforce/vocabulary.h"

namespace concordat::plugins::salesforce {

struct FieldShape {
    std::string label;
    std::string type;
    bool updateable = false;
    std::vector<std::string> values;  ///< of a picklist
};

struct Shape {
    std::map<std::string, FieldShape, std::less<>> fields;
    bool createable = false;
    bool replicateable = false;
    sdk::EpochMs readAt = 0;  ///< by the hub's clock

    bool has(std::string_view field) const { return fields.contains(field); }
};

/// From a describe reply. No fields: it was none.
Shape shapeOf(const nlohmann::json& body, sdk::EpochMs readAt);

/// The fields to ask for: those we know of that the org shows. Never one that it hides, as that
/// would fail the whole request.
std::vector<std::string> fieldsOf(const Kind& kind, const Shape& shape, const Settings& settings);

}  // namespace concordat::plugins::salesforce
