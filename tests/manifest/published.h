// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tree publishes of the readers: schemas and the table of rule inputs.

#include <map>
#include <string>

namespace concordat::tests {

/// Text by path below `root`: manifests/schemas/*.json and manifests/RULES.md.
std::map<std::string, std::string> published(const std::string& root);

}  // namespace concordat::tests
