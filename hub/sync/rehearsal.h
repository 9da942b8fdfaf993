// SPDX-License-Identifier: Apache-2.0
#pragma once
// What opening a system would write, before anything is written.

#include <string>
#include <vector>

#include "hub/sync/core.h"

namespace concordat::sync {

struct SystemFigures {
    std::string system;
    std::int64_t records = 0;
    std::int64_t untouched = 0;     ///< records that would be left as they are
    std::int64_t subjects = 0;      ///< with at least one write
    std::int64_t tightening = 0;    ///< slots that would be denied
    std::int64_t loosening = 0;     ///< slots that would be permitted
    std::int64_t irreversible = 0;  ///< of these, writes that the hub cannot take back
    bool operator==(const SystemFigures&) const = default;
};

struct Rehearsal {
    std::string id;
    EpochMs at = 0;
    std::int64_t subjects = 0;  ///< with at least one write in any of the systems
    std::vector<SystemFigures> systems;
};

/// Counts what opening these systems together would write, and remembers the figures for an
/// approval. Throws RequestError while one of them is not fully read.
Rehearsal rehearse(Core& core, const std::vector<std::string>& systems);

/// Opens the systems of a rehearsal. Throws RequestError (409) if the figures have changed by more
/// than the settings allow; then a new rehearsal is needed.
void approve(Core& core, const std::string& rehearsal, const std::string& by);

}  // namespace concordat::sync
