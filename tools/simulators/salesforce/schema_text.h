// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace concordat::simulators::salesforce {

/// One object as text: "Name*:type[flags]->Target/Target; …".
struct ObjectText {
    std::string_view name, prefix, fields;
};

extern const std::vector<ObjectText> kObjectTexts;

}  // namespace concordat::simulators::salesforce
