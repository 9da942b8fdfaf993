// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/salesforce/org.h"

namespace concordat::simulators::salesforce {

/// One field of a write request, checked.
struct Assignment {
    FieldIndex field = 0;
    Value value;
};

/// Reads the fields of a record that is to be inserted or updated; "attributes" and `skip` (the id
/// or external id key) are left out. Throws ApiError in the vendor's words.
std::vector<Assignment> readFields(const Org& org,
                                   const ObjectType& type,
                                   const nlohmann::json& record,
                                   bool creating,
                                   std::string_view skip = {});
/// Reads one value for a field. Throws ApiError.
Value readFieldValue(const Field& field, const nlohmann::json& json);
/// Turns a CSV cell into the JSON a field wants, so that readFieldValue can check it.
nlohmann::json cellToJson(const Field& field, const std::string& cell);

}  // namespace concordat::simulators::salesforce
