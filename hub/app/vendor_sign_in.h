// SPDX-License-Identifier: Apache-2.0
#pragma once
// The dialogue of `concordat connect` for a system that a person must let the hub into.

#include <string>

#include "hub/app/client.h"

namespace concordat::app {

/// Shows where to sign in at the vendor, then waits until the vendor has sent the browser back to
/// the hub, or a person has typed where it was sent. `quiet`: what is said goes to standard error.
/// [main] Throws RequestError if the vendor does not accept it, or nobody comes in ten minutes.
void signInAtVendor(const Client& hub, const std::string& system, bool quiet);

}  // namespace concordat::app
