// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/conformance/kit.h"

namespace concordat::sample {

/// The sample's vendor with twelve contacts, as the conformance kit wants it, with the hub's
/// gateway before it.
sdk::conformance::Scenario scenario();

}  // namespace concordat::sample
