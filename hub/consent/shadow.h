// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the hub remembers of one slot: what it showed, and a write of ours that has not settled.

#include <optional>
#include <string>

#include "hub/consent/event.h"

namespace concordat::consent {

/// A write of ours into one slot that is not yet known to have settled.
struct Sent {
    bool permit = false;
    std::int64_t generation = 0;
    EpochMs startedAt = 0;
    EpochMs finishedAt = 0;    ///< 0: still under way, or its outcome is unknown
    std::int64_t version = 0;  ///< the record's version the vendor acknowledged; 0 = unknown
    sdk::Shown before = sdk::Shown::None;
    bool settled = false;
    bool operator==(const Sent&) const = default;
};

/// What the hub last saw in one slot of one record. Times 0: never.
struct SlotShadow {
    std::string slot;
    sdk::Shown seen = sdk::Shown::None;
    std::optional<sdk::VendorTime> time;
    std::string evidenceHash;
    std::int64_t version = 0;          ///< the record's version at the last sighting; 0 = none
    EpochMs seenAt = 0;                ///< asked_at of the last sighting
    EpochMs lastNotRestrictiveAt = 0;  ///< asked_at of the last sighting that did not show deny
    EpochMs lastNotPermissiveAt = 0;   ///< asked_at of the last sighting that did not show permit
    std::optional<Sent> sent;
    /// Older writes of ours that may still commit late, as one: the last permit if there is one.
    /// `startedAt`: when the last of them may have started.
    std::optional<Sent> earlier;
    std::optional<sdk::Shown>
        valueBeforeOurs;  ///< before our last write, kept after it settled (rule 12)
    bool operator==(const SlotShadow&) const = default;
};

/// `shadow` with a write of ours that starts now: what the slot shows is kept as the value before
/// it, and an unsettled write of the other value, or one whose end is not known, stays known as
/// `earlier`. Call before sending, and only when no older write can be started any more.
SlotShadow withWrite(SlotShadow shadow, Sent write);

/// `shadow` with `late` among its earlier writes: not yet started at `startedBefore`, it never is.
SlotShadow withEarlier(SlotShadow shadow, Sent late, EpochMs startedBefore);

/// `shadow` after the vendor acknowledged the write (`version` 0 = it named none).
SlotShadow withAcknowledgement(SlotShadow shadow, EpochMs finishedAt, std::int64_t version);

/// `shadow` without the earlier write if `afterMs` (settle time + commit delay) had gone by since
/// it was started when the last sighting was asked for, at `askedAt`. Call after that sighting was
/// judged: it may have shown the write.
SlotShadow withoutSettled(SlotShadow shadow, EpochMs askedAt, std::int64_t afterMs);

}  // namespace concordat::consent
