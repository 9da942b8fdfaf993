// SPDX-License-Identifier: Apache-2.0
#pragma once
// When an act counts: consent-rules section 2. A restriction at the latest moment it may have
// happened, a grant at the earliest. Pure; times are epoch milliseconds (UTC).

#include <optional>
#include <string>

#include "hub/consent/event.h"

namespace concordat::consent {

/// The last millisecond that a vendor's time may mean: the end of its precision; a date ends in its
/// zone, else at UTC-12; of an ambiguous local time the later one.
EpochMs latestMoment(const sdk::VendorTime& time);

/// The first millisecond that it may mean; a date starts in its zone, else at UTC+14.
EpochMs earliestMoment(const sdk::VendorTime& time);

/// How far apart two times must be before one is certainly the later: 0 on one clock whose measured
/// skew did not change, else at least 5 minutes.
std::int64_t margin(const EventTime& a, const EventTime& b);

/// True if `a` is later than `b` by more than their margin.
bool certainlyLater(const EventTime& a, const EventTime& b);

/// An act said to the hub itself (portal, API, inbox) by the clock of hub node `node`.
EventTime saidAt(EpochMs at, const std::string& node);

/// A slot's times around one sighting, from which the moment of an act is told.
struct SlotClock {
    std::string system;
    EpochMs observedAt = 0;
    std::int64_t skewMs = 0;  ///< of the system's clock, measured from its replies
    std::optional<sdk::VendorTime> slotTime;
    std::optional<sdk::VendorTime> modifiedAt;  ///< of the record
    std::optional<sdk::VendorTime> createdAt;
    bool timeEditable = false;         ///< users can type the slot's time
    bool recordTimeMoves = false;      ///< the record's time moves when the slot does
    bool firstSight = false;           ///< the slot was never seen before
    EpochMs lastNotRestrictiveAt = 0;  ///< asked_at; 0 = never
    EpochMs lastNotPermissiveAt = 0;
};

/// When a restriction seen in a slot counts. Never after `observedAt`, never disproved by an
/// earlier sighting.
EventTime restrictionTime(const SlotClock& clock);

/// When a second opt-out counts in a slot that showed deny already, at `shownBefore`, when it was
/// last seen at `seenAt`: the later of both slot times unless that sighting disproves it, else
/// `observedAt`.
EventTime repeatedRestrictionTime(const SlotClock& clock,
                                  const std::optional<sdk::VendorTime>& shownBefore,
                                  EpochMs seenAt);

/// When a grant counts: its capture time, rounded down; without one, for a trusted actor, the last
/// sighting that was not permissive. Nothing: it can never override a restriction.
std::optional<EventTime> grantTime(const SlotClock& clock,
                                   const std::optional<sdk::VendorTime>& capturedAt,
                                   bool trusted);

}  // namespace concordat::consent
