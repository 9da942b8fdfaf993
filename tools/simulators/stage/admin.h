// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/simulators/stage/http.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators {

/// Answers /_admin/…, the same for all vendors (table in tools/simulators/README.md). Errors are
/// {"error": sentence} with status 400 or 404. [any]
Reply answerAdmin(Stage& stage, Vendor& vendor, const Request& request);

}  // namespace concordat::simulators
