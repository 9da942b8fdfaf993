// SPDX-License-Identifier: Apache-2.0
#pragma once
// The JSON Schema (2020-12) of each kind of manifest, from the same description the reader uses.

#include <string>
#include <vector>

#include "hub/manifest/codes.h"

namespace concordat::manifest {

/// organisation, activity, party, integration, hub, connector, inventory.
const std::vector<std::string>& manifestKinds();

/// The schema as JSON text with a line break at its end; ManifestError if there is no such kind.
std::string schemaOf(const std::string& kind, const CodeBook& codes);

/// Every path of a kind, such as "flows[].terms[].basis", and whether it counts for a signature.
struct SchemaPath {
    std::string path;
    bool recordedOnly = false;
};
std::vector<SchemaPath> pathsOf(const std::string& kind);

}  // namespace concordat::manifest
