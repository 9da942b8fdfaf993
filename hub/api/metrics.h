// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hub/api/routes.h"

namespace concordat::api {

/// Everything the hub counts, as Prometheus text.
std::string metricsText(const Rooms& rooms, const Gauges& gauges);

}  // namespace concordat::api
