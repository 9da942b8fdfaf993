// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/party.h"

namespace concordat::simulators::sellsy {

/// The account's custom field definitions; fixed: 1 date, 2 simple-text, 3 radio, 4 boolean.
const nlohmann::json& customFieldDefinitions();
/// Checks `value` against definition `id`; throws Problem 400.
void checkCustomValue(std::int64_t id, const nlohmann::json& value);
/// The definition with the party's value, as `_embed.custom_fields` shows it; null for an id that
/// is not defined.
nlohmann::json embeddedCustomField(const Party& party, std::int64_t id);

}  // namespace concordat::simulators::sellsy
