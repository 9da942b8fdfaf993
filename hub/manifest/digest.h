// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of texts and of what manifests say.

#include <string>

namespace concordat::manifest {

/// SHA-256 of the bytes, in lower-case hex.
std::string sha256Hex(const std::string& bytes);

struct Party;
/// Everything a party's manifest says, in a form that can be compared.
std::string factsOf(const Party& party);

}  // namespace concordat::manifest
