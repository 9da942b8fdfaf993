// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finding records for the checks in a vendor that has them already: a simulator or a sandbox.

#include "sdk/conformance/kit.h"

namespace concordat::sdk::conformance {

/// Fills what of `known`, `slot`, `address`, `unknown` and `others` is empty, with what the
/// connector itself pulls, finds and reads. Throws std::runtime_error with one sentence if the
/// vendor has nothing suitable, or the connector cannot read.
void findExamples(Scenario& scenario);

}  // namespace concordat::sdk::conformance
