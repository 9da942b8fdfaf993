// SPDX-License-Identifier: Apache-2.0
#pragma once
// What speaks for and against one key: the restrictions that apply and the grants that name it.
// Borrows the history it was made from. Pure.

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hub/consent/covers.h"
#include "hub/consent/effective.h"
#include "hub/consent/sides.h"

namespace concordat::consent {

/// How near a restriction is to the key asked for; the nearest one is named in the answer.
enum class Bond { Erasure, Own, OwnWide, OtherSide, Point };

/// One restriction that applies. `event` is null for a tombstone.
struct Restriction {
    const Event* event = nullptr;
    EventTime stated;  ///< used where the event has no time of its own
    Bond bond = Bond::Own;
    Reach reach = Reach::Named;
    std::vector<std::string> bound;  ///< the subject's addresses that it binds as such (rule 10)
    bool stranger = false;           ///< of a subject that no merge joins to this one

    const EventTime& time() const { return event && event->time ? *event->time : stated; }
};

/// One grant that names the key. It is live from `from` until `to`.
struct Grant {
    const Event* event = nullptr;
    bool proven = false;
    bool covers = false;  ///< in a version and for points that count now
    bool own = true;      ///< of the subject's side
    EpochMs from = std::numeric_limits<EpochMs>::min();
    EpochMs to = std::numeric_limits<EpochMs>::max();
    std::optional<EpochMs> invalidatedAt;

    bool isLive(EpochMs now) const { return !invalidatedAt && from <= now && now < to; }
    bool counts(EpochMs now) const { return proven && covers && isLive(now); }
    /// Was proven and live at some moment (rule 8).
    bool hadCounted(EpochMs now) const { return proven && from <= now && from < to; }
};

struct Ground {
    std::vector<Restriction> restrictions;
    std::vector<Grant> grants;
};

Ground groundOf(const History& history, const Key& key, const Policy& policy, const Sides& sides);

/// How one grant stands against one restriction.
enum class Verdict {
    Overrides,
    TooClose,  ///< would override, but for the margin or for want of a time: contested
    Loses
};

Verdict judge(const Grant& grant, const Restriction& restriction, const Sides& sides);

}  // namespace concordat::consent
