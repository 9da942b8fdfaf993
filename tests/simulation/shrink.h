// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes a failing scenario as short as it can be while it fails in the same way.

#include <functional>

#include "tests/simulation/simulation.h"

namespace concordat::simulation {

using Run = std::function<Result(const Scenario&)>;

/// `budget`: runs at most. `failure`: what the scenario came to.
Scenario shrink(Scenario scenario, const Violation& failure, const Run& run, int budget);

}  // namespace concordat::simulation
