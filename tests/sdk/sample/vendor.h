// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/conformance/kit.h"

namespace concordat::sample {

/// The sample's vendor with three contacts, as the conformance kit wants it.
sdk::conformance::Scenario scenario();

}  // namespace concordat::sample
