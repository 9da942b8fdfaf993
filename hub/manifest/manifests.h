// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder of manifests, read, checked against each other, and turned into what the rules need.

#include <string>
#include <vector>

#include "hub/consent/policy.h"
#include "hub/manifest/company.h"
#include "hub/manifest/integration.h"
#include "hub/manifest/model.h"

namespace concordat::manifest {

/// All manifests of one hub, and everything that is wrong with them. Nothing starts while
/// `problems` is not empty.
struct Manifests {
    Vocabulary vocabulary;      ///< purposes and channels that consent can be asked for
    Vocabularies vocabularies;  ///< everything the map names codes of
    Company company;
    std::vector<Integration> integrations;  ///< the connected systems' wiring
    Model model;                            ///< the map's side of the same files
    std::vector<Problem> problems;
};

/// Reads `vocabularyFolder`/*.yaml and every *.yaml below `folder`: one company, any number of
/// integrations.
Manifests read(const std::string& vocabularyFolder, const std::string& folder);

/// The rules' view: purposes with parents, channels, scopes, notices. `version` is a hash of what
/// it is made of.
consent::Policy policyOf(const Manifests& manifests);

}  // namespace concordat::manifest
