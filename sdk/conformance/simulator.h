// SPDX-License-Identifier: Apache-2.0
#pragma once
// A simulator's admin endpoint as the vendor's side of the checks (tools/simulators/README.md says
// what it understands).

#include "sdk/conformance/kit.h"

namespace concordat::sdk::conformance {

/// Sends a request to the admin endpoint and gives the body of the answer: method, what stands
/// behind "/_admin/", body. Throws std::runtime_error if it is not understood.
using Admin = std::function<std::string(
    const std::string& method, const std::string& what, const std::string& body)>;

/// `now`: the machine's clock, epoch milliseconds; time that passes is added to it on both sides.
Stage stageOf(const Admin& admin, const std::function<EpochMs()>& now);

}  // namespace concordat::sdk::conformance
