// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one slot of one record should show: consent-rules section 7, first point, and rule 12. Pure.

#include <optional>
#include <string>
#include <vector>

#include "hub/consent/effective.h"
#include "hub/consent/observe.h"

namespace concordat::consent {

enum class Wish { Deny, Permit, Untouched };

struct KeyAnswer {
    Key key;
    Effective effective;
};

/// One slot of one record, and what is around it in its system.
struct SlotPlace {
    SlotRules rules;
    std::string system;
    sdk::RecordRef record;
    std::optional<SlotShadow> shadow;  ///< empty: never seen
    std::vector<SlotRules> others;     ///< the other slots this person has in that system
    std::vector<std::string> points;   ///< hashes of the addresses this record holds
    bool wasLoosened = false;          ///< a permit of ours was written here before
};

/// The wish, and why in one sentence without personal data.
struct Desired {
    Wish wish = Wish::Untouched;
    bool stricterThanAsked = false;      ///< denies a covered key that the rules do not deny
    bool lostGround = false;             ///< takes back a permit of ours (rule 12)
    std::vector<std::string> because;    ///< event ids
    std::optional<std::string> grantId;  ///< of a permit: the grant whose evidence goes with it
    std::string reason;
};

/// `answers` are the effective answers of the keys that the slot covers (others may be among them;
/// one that is missing counts as unknown). `history` is what they were made from.
Desired desired(const SlotPlace& place,
                const std::vector<KeyAnswer>& answers,
                const History& history,
                const Policy& policy);

/// The keys a slot covers.
std::vector<Key> coveredKeys(const SlotRules& rules, const Policy& policy);

/// What observeSlot() wants to know of the answers: `knownEvidence` is filled from the subject's
/// grants in `history`.
SlotContext contextOf(const SlotRules& rules,
                      const std::vector<KeyAnswer>& answers,
                      const History& history,
                      const Policy& policy);

}  // namespace concordat::consent
