// SPDX-License-Identifier: Apache-2.0
#pragma once
// An answer in words. Pure; English; no personal data: systems, decisions, dates and rules only.

#include <string>
#include <vector>

#include "hub/consent/effective.h"

namespace concordat::consent {

/// One sentence that a person can read: "Denied since 2026-03-02 10:00 UTC: withdrawn in sellsy
/// (rule 5: …)." `events` are those the answer was made from.
std::string explain(const Effective& effective, const Key& key, const std::vector<Event>& events);

/// "2026-03-02 10:00 UTC".
std::string dateText(EpochMs at);

}  // namespace concordat::consent
