// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which keys an event speaks of: rule 7 and the reach of scopes. Pure.

#include <string>
#include <vector>

#include "hub/consent/event.h"
#include "hub/consent/policy.h"

namespace concordat::consent {

/// How a restriction comes to cover a key.
enum class Reach {
    No,
    Named,   ///< its purpose and channel name the key
    Widened  ///< by `any`, `*`, a parent purpose, or an objection to direct marketing
};

/// Scope included: a restriction may be spread to the other scopes of its group.
Reach reachOf(const Event& restriction, const Key& key, const Policy& policy);

/// True if it names nothing but this key, or nothing that `grant` does not name as well: then any
/// proven grant may answer it, else only a direct one.
bool isNarrowFor(const Event& restriction, const Event& grant);

/// How a grant stands to a key. `Outdated`: it names the key in a version, or for points, that do
/// not count now; it may have counted once.
enum class Coverage { No, Outdated, Covers };

/// `points`: the addresses and numbers the subject holds now; empty = unknown.
Coverage coverageOf(const Event& grant,
                    const Key& key,
                    const Policy& policy,
                    const std::vector<std::string>& points);

/// The keys of a cover (purposes x channels) in `scope`, `any` spelled out. Channel "none" goes
/// with the purposes that have no other, and with no other purpose.
std::vector<Key> keysOf(const std::string& scope,
                        const std::vector<std::string>& purposes,
                        const std::vector<std::string>& channels,
                        const Policy& policy);

/// True for the channels whose address or number a restriction binds by itself (rule 10).
bool bindsPoint(const std::string& channel);

/// The points of `mine` that `theirs` names too and that serve `channel`.
std::vector<std::string> sharedPoints(const std::vector<std::string>& mine,
                                      const std::vector<std::string>& theirs,
                                      const std::string& channel);

}  // namespace concordat::consent
