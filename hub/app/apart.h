// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/host/library.h"
#include "sdk/conformance/kit.h"

namespace concordat::app {

/// The conformance kit's way to an instance in a process of its own. The calls throw PluginError.
sdk::conformance::Apart apartOf(const host::Library& library);

}  // namespace concordat::app
