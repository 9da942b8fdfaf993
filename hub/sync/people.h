// SPDX-License-Identifier: Apache-2.0
#pragma once
// Acts of a person upon people: merges, partings, erasure, voiding, retries.

#include <string>
#include <vector>

#include "hub/sync/choice.h"

namespace concordat::sync {

/// Throws RequestError (409) if one of the two was erased.
void confirmMerge(Core& core,
                  const std::string& one,
                  const std::string& other,
                  const std::string& by);

/// Ends a merge. Slots that the hub had denied only because of the other side go to the inbox for
/// review ("unmerge").
void unmerge(Core& core,
             const std::string& one,
             const std::string& other,
             const std::string& by,
             const std::string& reason);

/// Leaves tombstones of what identifies the person; every system that still has them is written
/// deny.
void erase(Core& core, const std::string& subject, const std::string& by);

/// The generation of the target rises, parked records are tried again.
void retry(Core& core, const std::string& subject, const std::string& system);

/// Restrictions that a broken page or import brought in, from one system and interval.
struct VoidRequest {
    std::string system;
    EpochMs from = 0;
    EpochMs to = 0;
    std::string causation;  ///< empty: any
    std::string reason;
};

struct VoidFigures {
    std::string proposal;
    std::int64_t subjects = 0;
    std::int64_t events = 0;
    std::int64_t permits = 0;  ///< keys that would be permitted again
};

/// What voiding would come to, kept as a proposal of the first person.
VoidFigures proposeVoid(Core& core, const VoidRequest& request, const std::string& by);
/// Voids, as the second person. Throws RequestError (409) if it is the first one again, or if the
/// figures have changed.
VoidFigures confirmVoid(Core& core, const std::string& proposal, const std::string& by);

}  // namespace concordat::sync
