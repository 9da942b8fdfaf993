// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sdk/abi/concordat_abi.h"

namespace concordat::host {

/// Loads the library at `path` for good and gives its table; `origin` names it in messages. Runs
/// its constructors. Throws PluginError: not loadable, no symbol, another ABI, too small a table.
const concordat_connector_table& loadTable(const std::string& path, const std::string& origin);

/// Throws PluginError with both sides' numbers if this hub cannot use the table. Looks at no field
/// beyond its size.
void checkTable(const concordat_connector_table& table, const std::string& origin);

}  // namespace concordat::host
