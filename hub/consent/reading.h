// SPDX-License-Identifier: Apache-2.0
#pragma once
// From one slot's reading to the event it may become. Pure.

#include <optional>
#include <string>

#include "hub/consent/event.h"
#include "hub/consent/observe.h"
#include "hub/consent/time.h"

namespace concordat::consent {

/// One reading with everything it is judged by. Borrows; lives for one call.
struct Sighting {
    const SlotRules& rules;
    const RecordView& record;
    const std::optional<SlotShadow>& shadow;
    const sdk::SlotReading& reading;
    const SlotContext& context;
    const Policy& policy;
};

SlotClock clockOf(const Sighting& sighting);

/// `decision` with the whole cover of the slot.
Event restrictionFrom(const Sighting& sighting, Decision decision, const EventTime& time);

/// Absence kept: binds the slot of its record and nothing else.
Event slotOnlyFrom(const Sighting& sighting);

/// A grant of the keys that the evidence names and the slot covers. Evidence that names none of
/// them, no evidence (`withEvidence` false), or `grants: never`: unproven for each key of the
/// cover, unless `trusted`.
Event grantFrom(const Sighting& sighting, bool withEvidence, bool trusted);

/// What the slot shows when a write of ours is in it.
sdk::Shown shownFor(const sdk::SlotDescription& slot, bool permit);

/// True if `shown` keeps messages away: deny, or what this slot shows instead.
bool showsDeny(const sdk::SlotDescription& slot, sdk::Shown shown);

/// "permit", "deny", "none", "absent".
std::string toString(sdk::Shown shown);

}  // namespace concordat::consent
