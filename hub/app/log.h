// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/app/settings.h"

namespace concordat::app {

/// Sets up Poco's loggers as log.level and log.file say: one line an event, UTC, rotated at 20 MiB.
/// [main]
void startLog(const Settings& settings);

}  // namespace concordat::app
