// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/reading.h"

#include <algorithm>

#include "hub/consent/covers.h"
#include "hub/consent/identity.h"
#include "hub/consent/proof.h"

namespace concordat::consent {
namespace {

/// The points of `hashes` that messages by these channels go to.
std::vector<std::string> servedBy(const std::vector<std::string>& hashes,
                                  const std::vector<std::string>& channels) {
    std::vector<std::string> served;
    for (const auto& hash : hashes) {
        const bool serves =
            std::any_of(channels.begin(), channels.end(), [&](const std::string& channel) {
                return channel == "any"
                           ? !hash.starts_with(pointPrefix(sdk::IdentifierKind::External))
                           : pointServes(hash, channel);
            });
        if (serves) served.push_back(hash);
    }
    return served;
}

Event eventFrom(const Sighting& sighting) {
    const RecordView& record = sighting.record;
    Event event;
    event.subject = record.subject;
    event.scope = sighting.rules.scope;
    event.observedAt = record.observedAt;
    event.system = record.system;
    event.record = record.observation.record;
    event.connectorVersion = record.connectorVersion;
    event.actor = record.observation.actor;
    event.slot = sighting.rules.slot.id;
    event.causation = record.causation;
    return event;
}

/// A last day is valid to its end.
EpochMs endOf(const sdk::VendorTime& time) {
    return earliestMoment(time) + (time.precision == sdk::Precision::Day ? kDayMs : 0);
}

struct Cover {
    std::vector<std::string> purposes;
    std::vector<std::string> channels;
    bool isEmpty() const { return purposes.empty() || channels.empty(); }
};

void addOnce(std::vector<std::string>& list, const std::string& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

/// The slot's cover with channels spelled out, as a grant must name them.
Cover spelledOut(const Sighting& sighting) {
    Cover cover;
    const auto& rules = sighting.rules;
    for (const auto& key : keysOf(rules.scope, rules.purposes, rules.channels, sighting.policy))
        addOnce(cover.channels, key.channel);
    for (const auto& purpose : rules.purposes)
        addOnce(cover.purposes, versioned(purpose, sighting.policy));
    return cover;
}

std::string codeOf(const std::string& purpose) { return purpose.substr(0, purpose.find('@')); }

/// What both the evidence and the slot speak of: a flag cannot prove more than it shows.
Cover namedBy(const sdk::Evidence& evidence, const Sighting& sighting) {
    const Cover slot = spelledOut(sighting);
    Cover cover;
    for (const auto& purpose : slot.purposes) {
        if (evidence.purposes.empty()) cover.purposes.push_back(purpose);
        for (const auto& named : evidence.purposes)
            if (codeOf(named) == codeOf(purpose))
                addOnce(cover.purposes, versioned(named, sighting.policy));
    }
    for (const auto& channel : slot.channels)
        if (evidence.channels.empty() ||
            std::find(evidence.channels.begin(), evidence.channels.end(), channel) !=
                evidence.channels.end())
            cover.channels.push_back(channel);
    return cover;
}

Proof proofFrom(const sdk::Evidence& evidence, const Sighting& sighting, bool trusted) {
    const auto& rules = sighting.rules;
    Proof proof;
    proof.trusted = trusted;
    proof.direct = rules.directDoubleOptIn && evidence.method == "double_opt_in" &&
                   evidence.capturedAt && evidence.confirmedAt;
    proof.knownSource = sighting.policy.notices.count(evidence.noticeId) != 0 ||
                        rules.evidenceSources.count(evidence.source) != 0;
    if (evidence.capturedAt) proof.capturedAt = earliestMoment(*evidence.capturedAt);
    if (evidence.confirmedAt) proof.confirmedAt = earliestMoment(*evidence.confirmedAt);
    proof.source = evidence.source;
    proof.noticeId = evidence.noticeId;
    proof.method = evidence.method;
    proof.hash = evidenceHash(evidence);
    return proof;
}

void addEvidence(Event& event, const Cover& cover, const Sighting& sighting, bool trusted) {
    const sdk::Evidence& evidence = *sighting.reading.evidence;
    event.purposes = cover.purposes;
    event.channels = cover.channels;
    if (!evidence.controller.empty()) event.scope = evidence.controller;
    event.proof = proofFrom(evidence, sighting, trusted);
    event.time = grantTime(clockOf(sighting), evidence.capturedAt, trusted);
    if (evidence.validFrom) event.validFrom = earliestMoment(*evidence.validFrom);
    if (evidence.validTo) event.validTo = endOf(*evidence.validTo);
    event.points = evidence.contactPoints.empty() ? sighting.record.points : evidence.contactPoints;
}

}  // namespace

SlotClock clockOf(const Sighting& sighting) {
    const auto& slot = sighting.rules.slot;
    SlotClock clock;
    clock.system = sighting.record.system;
    clock.observedAt = sighting.record.observedAt;
    clock.skewMs = sighting.record.skewMs;
    clock.slotTime = sighting.reading.time;
    clock.modifiedAt = sighting.record.observation.modifiedAt;
    clock.createdAt = sighting.record.observation.createdAt;
    clock.timeEditable = slot.timeEditable;
    clock.recordTimeMoves = slot.recordTimeMoves;
    clock.firstSight = !sighting.shadow;
    if (!sighting.shadow) return clock;
    clock.lastNotRestrictiveAt = sighting.shadow->lastNotRestrictiveAt;
    clock.lastNotPermissiveAt = sighting.shadow->lastNotPermissiveAt;
    // What overwrote a permit of ours came after it: as good as a sighting.
    const auto& sent = sighting.shadow->sent;
    if (sent && !sent->settled && sent->permit)
        clock.lastNotRestrictiveAt = std::max(clock.lastNotRestrictiveAt, sent->startedAt);
    return clock;
}

Event restrictionFrom(const Sighting& sighting, Decision decision, const EventTime& time) {
    Event event = eventFrom(sighting);
    event.decision = decision;
    event.purposes = sighting.rules.purposes;
    event.channels = sighting.rules.channels;
    event.points = servedBy(sighting.record.points, event.channels);
    event.time = time;
    return event;
}

Event slotOnlyFrom(const Sighting& sighting) {
    Event event = restrictionFrom(sighting, Decision::Refused,
                                  {sighting.record.observedAt, "", sighting.record.skewMs});
    event.slotOnly = true;
    event.points.clear();
    event.reason = "not there at first sight; the setting absence is keep";
    return event;
}

Event grantFrom(const Sighting& sighting, bool withEvidence, bool trusted) {
    Event event = eventFrom(sighting);
    event.decision = Decision::Granted;
    const bool mayProve = sighting.rules.grants == Grants::Declared;
    if (withEvidence && mayProve) {
        const auto cover = namedBy(*sighting.reading.evidence, sighting);
        if (!cover.isEmpty()) addEvidence(event, cover, sighting, trusted);
    }
    if (!event.proof) {
        const auto cover = spelledOut(sighting);
        event.purposes = cover.purposes;
        event.channels = cover.channels;
        event.points = sighting.record.points;
        if (trusted && mayProve) {
            event.proof = proofFrom(sdk::Evidence{}, sighting, true);
            event.proof->source = "observed";
            event.time = grantTime(clockOf(sighting), std::nullopt, true);
        }
    }
    event.points = servedBy(event.points, event.channels);
    return event;
}

sdk::Shown shownFor(const sdk::SlotDescription& slot, bool permit) {
    return permit ? slot.showsPermit : slot.showsDeny;
}

bool showsDeny(const sdk::SlotDescription& slot, sdk::Shown shown) {
    return shown == sdk::Shown::Deny || shown == slot.showsDeny;
}

std::string toString(sdk::Shown shown) {
    switch (shown) {
        case sdk::Shown::Permit:
            return "permit";
        case sdk::Shown::Deny:
            return "deny";
        case sdk::Shown::None:
            return "none";
        case sdk::Shown::Absent:
            return "absent";
    }
    return {};
}

}  // namespace concordat::consent
