// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/shadow.h"

#include <algorithm>

namespace concordat::consent {

SlotShadow withWrite(SlotShadow shadow, Sent write) {
    const bool repeats =
        shadow.sent && !shadow.sent->settled && shadow.sent->permit == write.permit;
    if (!repeats) {
        if (shadow.sent && !shadow.sent->settled) shadow.earlier = shadow.sent;
        shadow.valueBeforeOurs = shadow.seen;
    }
    write.before = shadow.seen;
    shadow.sent = write;
    return shadow;
}

SlotShadow withAcknowledgement(SlotShadow shadow, EpochMs finishedAt, std::int64_t version) {
    if (!shadow.sent) return shadow;
    shadow.sent->finishedAt = finishedAt;
    shadow.sent->version = version;
    return shadow;
}

SlotShadow withoutSettled(SlotShadow shadow, EpochMs now, std::int64_t afterMs) {
    if (shadow.earlier &&
        now >= std::max(shadow.earlier->startedAt, shadow.earlier->finishedAt) + afterMs)
        shadow.earlier.reset();
    return shadow;
}

}  // namespace concordat::consent
