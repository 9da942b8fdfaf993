// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hub/api/routes.h"

namespace concordat::api {

/// Subject of openapi.yaml. Throws RequestError 404.
nlohmann::json subjectView(const Rooms& rooms, const std::string& id);
/// Everything that happened to it, oldest first.
nlohmann::json historyView(const Rooms& rooms, const std::string& id);

}  // namespace concordat::api
