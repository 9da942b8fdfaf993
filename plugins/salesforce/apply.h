// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to write, and what became of it. Pure functions, any thread.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/salesforce/observe.h"
#include "plugins/salesforce/requests.h"
#include "plugins/salesforce/shape.h"
#include "sdk/concordat/messages.h"

namespace concordat::plugins::salesforce {

/// The wanted state of one record; of two items for one record the later wins, slot by slot.
struct Wish {
    const Kind* kind = nullptr;
    std::map<const Flag*, bool> permit;
    std::map<const PointType*, sdk::SlotWrite> consents;
    std::int64_t expectedVersion = 0;
    std::string creationKey;
};

/// What an item wants. Empty, with the reason, if it names no record or slot of ours.
struct ReadItem {
    std::optional<Wish> wish;
    std::string reason;
};
ReadItem wishOf(const sdk::ApplyItem& item, const Settings& settings);
void merge(Wish& into, const Wish& later);

/// The step for a record as it is now: what to write, or the outcome at once.
struct Step {
    std::optional<Patch> patch;
    bool loosens = false;
    sdk::Outcome outcome;  ///< final, unless something is written
};
/// `before`: a moment of the vendor's clock before `now` was read, 0 = unknown.
Step stepFor(const Wish& wish, const Row& now, const Shape& shape, sdk::EpochMs before);

/// A write that has been decided.
struct Writing {
    sdk::RecordRef record;
    Patch patch;
};

/// Outcomes by record.
using Outcomes = std::map<sdk::RecordRef, sdk::Outcome>;

/// What a record's answer means for its item.
sdk::Outcome outcomeOf(const Answer& answer, std::uint64_t random);
sdk::Outcome rejected(std::string words);

}  // namespace concordat::plugins::salesforce
