// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must hold between the elements of a whole folder.

#include <vector>

#include "hub/manifest/document.h"
#include "hub/manifest/model.h"

namespace concordat::manifest {

/// Ids that stand twice, and names of systems, parties, controllers, activities that are nowhere.
void checkReferences(const Model& model, std::vector<Problem>& problems);
/// Sub-processors whose chain comes back to where it began.
void checkChains(const Model& model, std::vector<Problem>& problems);
/// Hosts that would let a stranger in (D23).
void checkHosts(const Model& model, std::vector<Problem>& problems);

/// All engagements, wherever they are written.
std::vector<const Engagement*> engagementsOf(const Model& model);
/// All flows that people wrote, with the hub's own.
std::vector<const Flow*> flowsOf(const Model& model);

}  // namespace concordat::manifest
