// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/shadow.h"

#include <algorithm>

namespace concordat::consent {

SlotShadow withWrite(SlotShadow shadow, Sent write) {
    const auto last = shadow.sent && !shadow.sent->settled ? shadow.sent : std::nullopt;
    const bool repeats = last && last->permit == write.permit;
    if (last && (!repeats || last->finishedAt == 0))
        shadow = withEarlier(std::move(shadow), *last, write.startedAt);
    if (!repeats) shadow.valueBeforeOurs = shadow.seen;
    write.before = shadow.seen;
    shadow.sent = write;
    return shadow;
}

SlotShadow withEarlier(SlotShadow shadow, Sent late, EpochMs startedBefore) {
    // Without an answer nobody knows when in its lease it was started.
    if (late.finishedAt == 0) late.startedAt = std::max(late.startedAt, startedBefore);
    if (shadow.earlier && shadow.earlier->permit && !late.permit) {
        shadow.earlier->startedAt =
            std::max({shadow.earlier->startedAt, late.startedAt, late.finishedAt});
    } else {
        shadow.earlier = late;
    }
    return shadow;
}

SlotShadow withAcknowledgement(SlotShadow shadow, EpochMs finishedAt, std::int64_t version) {
    if (!shadow.sent) return shadow;
    shadow.sent->finishedAt = finishedAt;
    shadow.sent->version = version;
    return shadow;
}

SlotShadow withoutSettled(SlotShadow shadow, EpochMs askedAt, std::int64_t afterMs) {
    if (shadow.earlier &&
        askedAt >= std::max(shadow.earlier->startedAt, shadow.earlier->finishedAt) + afterMs)
        shadow.earlier.reset();
    return shadow;
}

}  // namespace concordat::consent
