// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/party.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {

/// The JSON object or array in a request; throws Problem 400 for anything else. [any]
nlohmann::json jsonBody(const Request& request);

/// Checks what a client wants to write: known and writable fields only, types, lengths, enum
/// values; with `creating` also the required fields. Throws Problem 400 with `details`. [any]
void checkBody(Kind kind, const nlohmann::json& body, bool creating);

}  // namespace concordat::simulators::sellsy
