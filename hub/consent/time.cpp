// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/time.h"

#include <algorithm>

namespace concordat::consent {
namespace {

constexpr int kEarliestZone = 14 * 60;  ///< UTC+14: where a date starts first
constexpr int kLatestZone = -12 * 60;   ///< UTC-12: where a date ends last
constexpr std::int64_t kLeastMargin = 5 * kMinuteMs;

std::int64_t span(sdk::Precision precision) {
    switch (precision) {
        case sdk::Precision::Millisecond:
            return 1;
        case sdk::Precision::Second:
            return 1000;
        case sdk::Precision::Minute:
            return kMinuteMs;
        case sdk::Precision::Hour:
            return kHourMs;
        case sdk::Precision::Day:
            return kDayMs;
    }
    return kDayMs;
}

/// Down to the start of its precision, whatever digits the vendor left behind it.
EpochMs floorTo(EpochMs at, std::int64_t unit) {
    const auto rest = at % unit;
    return at - (rest < 0 ? rest + unit : rest);
}

EventTime unknownClock(const SlotClock& clock) { return {clock.observedAt, "", clock.skewMs}; }

EventTime capped(EpochMs at, const std::string& whose, const SlotClock& clock) {
    if (at > clock.observedAt) return unknownClock(clock);
    return {at, whose, clock.skewMs};
}

std::string systemClock(const SlotClock& clock) { return "system:" + clock.system; }

bool changedAfter(const SlotClock& clock, EpochMs at) {
    return (clock.modifiedAt && latestMoment(*clock.modifiedAt) > at) ||
           (clock.createdAt && latestMoment(*clock.createdAt) > at);
}

/// What the slot and its record say, before sightings are asked.
std::optional<EventTime> statedTime(const SlotClock& clock) {
    const bool ownTime = clock.slotTime.has_value();
    if (ownTime && !(clock.timeEditable && clock.firstSight &&
                     changedAfter(clock, latestMoment(*clock.slotTime))))
        return capped(latestMoment(*clock.slotTime),
                      clock.timeEditable ? std::string() : systemClock(clock), clock);
    if (clock.modifiedAt && (ownTime || clock.recordTimeMoves))
        return capped(latestMoment(*clock.modifiedAt), systemClock(clock), clock);
    return std::nullopt;
}

/// A sighting at `seenAt` shows that the act came after it.
bool isDisproved(const EventTime& time, EpochMs seenAt) {
    return seenAt != 0 && certainlyLater(EventTime{seenAt, "hub", 0}, time);
}

}  // namespace

EpochMs latestMoment(const sdk::VendorTime& time) {
    const auto unit = span(time.precision);
    auto at = std::max(time.at, time.atLatest.value_or(time.at));
    if (time.precision != sdk::Precision::Day) return floorTo(at, unit) + unit - 1;
    return at - time.utcOffsetMinutes.value_or(kLatestZone) * kMinuteMs + unit - 1;
}

EpochMs earliestMoment(const sdk::VendorTime& time) {
    if (time.precision != sdk::Precision::Day) return floorTo(time.at, span(time.precision));
    return time.at - time.utcOffsetMinutes.value_or(kEarliestZone) * kMinuteMs;
}

std::int64_t margin(const EventTime& a, const EventTime& b) {
    if (!a.clock.empty() && a.skewMs == b.skewMs && a.clock == b.clock) return 0;
    return std::max(kLeastMargin, std::abs(a.skewMs) + std::abs(b.skewMs) + kMinuteMs);
}

bool certainlyLater(const EventTime& a, const EventTime& b) { return a.at > b.at + margin(a, b); }

EventTime saidAt(EpochMs at, const std::string& node) { return {at, "hub:" + node, 0}; }

EventTime restrictionTime(const SlotClock& clock) {
    const auto stated = statedTime(clock);
    if (!stated || isDisproved(*stated, clock.lastNotRestrictiveAt)) return unknownClock(clock);
    return *stated;
}

EventTime repeatedRestrictionTime(const SlotClock& clock,
                                  const std::optional<sdk::VendorTime>& shownBefore,
                                  EpochMs seenAt) {
    if (!clock.slotTime || !shownBefore ||
        latestMoment(*clock.slotTime) <= latestMoment(*shownBefore))
        return unknownClock(clock);
    const auto stated = restrictionTime(clock);
    return isDisproved(stated, seenAt) ? unknownClock(clock) : stated;
}

std::optional<EventTime> grantTime(const SlotClock& clock,
                                   const std::optional<sdk::VendorTime>& capturedAt,
                                   bool trusted) {
    if (capturedAt) {
        const EventTime captured{earliestMoment(*capturedAt),
                                 clock.timeEditable ? std::string() : systemClock(clock),
                                 clock.skewMs};
        if (certainlyLater(captured, EventTime{clock.observedAt, "hub", 0})) return std::nullopt;
        return captured;
    }
    if (trusted && clock.lastNotPermissiveAt != 0)
        return EventTime{clock.lastNotPermissiveAt, "hub", 0};
    return std::nullopt;
}

}  // namespace concordat::consent
