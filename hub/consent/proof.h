// SPDX-License-Identifier: Apache-2.0
#pragma once
// What counts as proof of a grant: consent-rules section 3. Pure.

#include <optional>
#include <string>
#include <vector>

#include "hub/consent/event.h"
#include "hub/consent/policy.h"

namespace concordat::consent {

/// True if `grant` meets what `purpose` asks for: capture time and source, both times of a double
/// opt-in where asked; or a trusted actor or slot vouches for it. (`purpose` may be null: unknown.)
bool isProven(const Event& grant, const Purpose* purpose);

/// True if its evidence may stand against a restriction at all: held by the hub, trusted, or
/// declared with a known notice or capture source. Time is another question.
bool mayOverride(const Proof& proof);

/// True if there is anything in it that a system could offer as evidence.
bool saysSomething(const sdk::Evidence& evidence);

/// The name under which the same evidence is recognised: source, capture time, and the second time
/// of a double opt-in. Empty if it has none of them.
std::string evidenceHash(const sdk::Evidence& evidence);

/// Every name under which this proof may come back from a vendor that keeps seconds, minutes or
/// dates only: what SlotContext::knownEvidence is filled with.
std::vector<std::string> evidenceHashes(const Proof& proof);

}  // namespace concordat::consent
