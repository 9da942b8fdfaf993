// SPDX-License-Identifier: Apache-2.0
#pragma once
// A connector inside the hub's own process (`isolation: inproc`): for development and for tests.

#include <memory>

#include "hub/host/host_calls.h"
#include "hub/host/library.h"
#include "sdk/abi/concordat_abi.h"

namespace concordat::host {

/// Loads the library into this process and makes an instance. A crash takes the hub with it, and a
/// hang can only be reported: both is logged as a warning here. Throws PluginError.
std::unique_ptr<Connector> inProcessConnector(std::string system,
                                              const Library& library,
                                              const std::string& settingsJson,
                                              Services services);

/// The same for a table that is linked in.
std::unique_ptr<Connector> inProcessConnector(std::string system,
                                              const concordat_connector_table& table,
                                              const std::string& settingsJson,
                                              Services services);

}  // namespace concordat::host
