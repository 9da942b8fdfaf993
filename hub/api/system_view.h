// SPDX-License-Identifier: Apache-2.0
#pragma once
// How one system stands, for the API and the metrics.

#include <nlohmann/json_fwd.hpp>

#include "hub/api/routes.h"

namespace concordat::api {

/// The plan of a system; throws RequestError 404.
const sync::SystemPlan& known(const Rooms& rooms, const std::string& system);

/// How long the oldest due write or verification has waited.
std::int64_t lagMs(const Rooms& rooms, const sync::SystemStatus& status);

/// Records whose write a vendor refused.
std::int64_t parkedCount(const Rooms& rooms, const std::string& system);

/// SystemStatus of openapi.yaml.
nlohmann::json systemView(const Rooms& rooms, const std::string& system);
nlohmann::json slotsView(const Rooms& rooms, const std::string& system);

}  // namespace concordat::api
