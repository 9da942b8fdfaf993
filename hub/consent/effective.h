// SPDX-License-Identifier: Apache-2.0
#pragma once
// What follows from all events of one key. Pure: any order, any repetition gives the same answer.

#include <string>
#include <vector>

#include "hub/consent/event.h"
#include "hub/consent/policy.h"

namespace concordat::consent {

enum class Answer { Permit, Deny, Unknown };

/// The answer for one key, with the number of the rule in consent-rules section 4 that gave it.
struct Effective {
    Answer answer = Answer::Unknown;
    int rule = 6;
    std::vector<std::string> deciding;   ///< event ids that gave the answer
    std::vector<std::string> contested;  ///< grants that lose only by margin or for want of a time
    EpochMs since = 0;                   ///< observed_at of the event that brought the answer about
    std::optional<EpochMs> nextChange;   ///< when time alone may change it (validity, maximum age)
    std::string reason;                  ///< one sentence, no personal data
    bool operator==(const Effective&) const = default;
};

/// Everything the answer may depend on, for one subject.
struct History {
    std::string subject;
    std::vector<Event>
        events;  ///< of the subject and of every subject joined to it by merge events
    std::vector<Event> pointEvents;  ///< restrictions of other subjects that bind an address this
                                     ///< one holds (rule 10), and the voided events that name them
    std::vector<std::string>
        points;            ///< keyed hashes of the addresses and numbers this subject holds
    bool erased = false;   ///< a tombstone matches (rule 11)
    EpochMs erasedAt = 0;  ///< of the latest matching tombstone; 0 = unknown: no grant is later
};

/// The answer for `key` at `now`. Grants whose validity or maximum age ended give `nextChange` and
/// rule 8; events that bind one slot only (`slotOnly`) are for desired(), not for this. [any]
Effective effective(const History& history, const Key& key, const Policy& policy, EpochMs now);

}  // namespace concordat::consent
