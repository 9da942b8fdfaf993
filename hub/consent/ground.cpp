// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/ground.h"

#include <algorithm>

#include "hub/consent/proof.h"
#include "hub/consent/time.h"

namespace concordat::consent {
namespace {

bool names(const Event& event, const std::string& id) {
    return std::find(event.names.begin(), event.names.end(), id) != event.names.end();
}

/// What a person said directly is never voided, nor is an objection or an erasure (rule 13).
bool canBeVoided(const Event& event) {
    return event.decision != Decision::Objected && event.decision != Decision::Erased &&
           !event.system.empty() && !(event.proof && event.proof->direct);
}

/// Collects for one key; borrows everything.
class Gatherer {
 public:
    Gatherer(const History& history, const Key& key, const Policy& policy, const Sides& sides)
        : history_(history), key_(key), policy_(policy), sides_(sides) {
        for (const auto* list : {&history.events, &history.pointEvents})
            for (const auto& event : *list) {
                if (event.decision == Decision::Voided) voids_.push_back(&event);
                if (event.decision == Decision::Invalidated) invalidations_.push_back(&event);
            }
    }

    Ground gather() {
        ground_.restrictions.reserve(history_.events.size() + history_.pointEvents.size() + 1);
        ground_.grants.reserve(history_.events.size());
        addTombstone();
        for (const auto& event : history_.events) {
            if (event.decision == Decision::Granted)
                addGrant(event);
            else if (isRestriction(event.decision) && !event.slotOnly)
                addRestriction(event);
        }
        for (const auto& event : history_.pointEvents)
            if (isRestriction(event.decision) && !event.slotOnly && !isOurs(event))
                addStranger(event);
        return std::move(ground_);
    }

 private:
    void addTombstone() {
        if (!history_.erased) return;
        Restriction restriction;
        restriction.bond = Bond::Erasure;
        restriction.stated.at =
            history_.erasedAt != 0 ? history_.erasedAt : std::numeric_limits<EpochMs>::max() / 2;
        ground_.restrictions.push_back(std::move(restriction));
    }

    bool isVoided(const Event& event) const {
        return canBeVoided(event) &&
               std::any_of(voids_.begin(), voids_.end(),
                           [&](const Event* voided) { return names(*voided, event.id); });
    }

    /// Lookups by address also find the subject's own events; those are in `events`.
    bool isOurs(const Event& event) const {
        if (history_.subject.empty()) return false;
        return event.subject == history_.subject || (!sides_.isSimple() && sides_.isOwn(event));
    }

    std::vector<std::string> boundBy(const Event& event) const {
        if (!bindsPoint(key_.channel) || event.points.empty()) return {};
        return sharedPoints(history_.points.empty() ? event.points : history_.points, event.points,
                            key_.channel);
    }

    void addRestriction(const Event& event) {
        const auto reach = reachOf(event, key_, policy_);
        if (reach == Reach::No || isVoided(event)) return;
        if (!sides_.counts(event)) {
            // Parted, or never joined: an address both hold binds like any stranger's.
            const bool mayShare = !history_.points.empty() && event.decision != Decision::Erased;
            if (mayShare) addStranger(event);
            return;
        }
        Restriction& added = add(event, reach);
        if (event.decision == Decision::Erased) {
            added.bond = Bond::Erasure;
        } else if (sides_.isOwn(event)) {
            added.bond = reach == Reach::Named ? Bond::Own : Bond::OwnWide;
        } else {
            added.bond = Bond::OtherSide;
            // Until a person confirms the merge, an address both hold binds as it did before.
            if (!history_.points.empty()) added.bound = boundBy(event);
        }
    }

    void addStranger(const Event& event) {
        const auto reach = reachOf(event, key_, policy_);
        if (reach == Reach::No || isVoided(event)) return;
        auto bound = boundBy(event);
        if (bound.empty() && event.decision != Decision::Erased) return;
        Restriction& added = add(event, reach);
        added.bond = event.decision == Decision::Erased ? Bond::Erasure : Bond::Point;
        added.bound = std::move(bound);
        added.stranger = true;
    }

    Restriction& add(const Event& event, Reach reach) {
        Restriction& added = ground_.restrictions.emplace_back();
        added.event = &event;
        added.reach = reach;
        if (!event.time) added.stated.at = event.observedAt;
        return added;
    }

    void addGrant(const Event& event) {
        const auto coverage = coverageOf(event, key_, policy_, history_.points);
        if (coverage == Coverage::No || !sides_.counts(event)) return;
        if (!purpose_) purpose_ = policy_.purpose(key_.purpose);
        Grant grant;
        grant.event = &event;
        grant.covers = coverage == Coverage::Covers;
        grant.proven = isProven(event, purpose_);
        grant.own = sides_.isOwn(event);
        grant.from = event.validFrom.value_or(grant.from);
        grant.to = std::min(event.validTo.value_or(grant.to), endOfAge(event));
        for (const Event* invalidation : invalidations_)
            if (names(*invalidation, event.id))
                grant.invalidatedAt =
                    std::min(invalidation->observedAt, grant.invalidatedAt.value_or(grant.to));
        ground_.grants.push_back(grant);
    }

    /// When the purpose's maximum age ends, counted from the last active contact of the grant's
    /// side; the grant is the first one. A grant without a time or contact has no age to show.
    EpochMs endOfAge(const Event& grant) const {
        if (!purpose_ || !purpose_->maximumAgeMs) return std::numeric_limits<EpochMs>::max();
        std::optional<EpochMs> last;
        if (grant.time) last = grant.time->at;
        for (const auto& event : history_.events) {
            if (event.decision != Decision::Contact || !event.time || event.scope != key_.scope ||
                !sides_.areOne(event, grant))
                continue;
            const auto at = std::min(event.time->at, event.observedAt);
            last = std::max(at, last.value_or(at));
        }
        return last ? *last + *purpose_->maximumAgeMs : std::numeric_limits<EpochMs>::min();
    }

    const History& history_;
    const Key& key_;
    const Policy& policy_;
    const Sides& sides_;
    const Purpose* purpose_ = nullptr;
    std::vector<const Event*> voids_;
    std::vector<const Event*> invalidations_;
    Ground ground_;
};

/// Whether the grant's kind of proof may answer this restriction at all, times aside.
bool mayAnswer(const Grant& grant, const Restriction& restriction, const Sides& sides) {
    const Event& event = *grant.event;
    const Proof& proof = *event.proof;
    if (!mayOverride(proof)) return false;
    if (restriction.bond == Bond::Erasure)
        return proof.held && proof.direct && event.system.empty() && grant.own;
    const bool wide =
        restriction.reach == Reach::Widened || !isNarrowFor(*restriction.event, event);
    if (wide && !proof.direct) return false;
    if (!restriction.bound.empty() || restriction.stranger) {
        const bool namesAll = std::all_of(
            restriction.bound.begin(), restriction.bound.end(), [&](const std::string& point) {
                return std::find(event.points.begin(), event.points.end(), point) !=
                       event.points.end();
            });
        if (!proof.direct || !grant.own || !namesAll) return false;
    }
    return restriction.stranger || sides.mayAnswer(event, *restriction.event);
}

}  // namespace

Ground groundOf(const History& history, const Key& key, const Policy& policy, const Sides& sides) {
    return Gatherer(history, key, policy, sides).gather();
}

Verdict judge(const Grant& grant, const Restriction& restriction, const Sides& sides) {
    if (!mayAnswer(grant, restriction, sides)) return Verdict::Loses;
    if (!grant.event->time) return Verdict::TooClose;
    if (certainlyLater(*grant.event->time, restriction.time())) return Verdict::Overrides;
    return grant.event->time->at > restriction.time().at ? Verdict::TooClose : Verdict::Loses;
}

}  // namespace concordat::consent
