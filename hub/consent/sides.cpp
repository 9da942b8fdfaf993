// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/sides.h"

#include <algorithm>
#include <map>

#include "hub/consent/time.h"

namespace concordat::consent {
namespace {

bool contains(const std::vector<std::string_view>& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// A merge counts from when the hub learned of it, whatever the system says of its time.
EventTime learned(const Event& merge) {
    if (!merge.time) return {merge.observedAt, "", 0};
    return {merge.observedAt, merge.time->clock, merge.time->skewMs};
}

/// Nothing says to which side it belongs once the sides part.
bool isUnanchored(const Event& event) { return !event.record && event.points.empty(); }

bool names(const Event& parting, const Event& event) {
    return std::find(parting.names.begin(), parting.names.end(), event.id) != parting.names.end();
}

}  // namespace

Sides::Sides(const std::string& subject, const std::vector<Event>& events) : subject_(subject) {
    std::vector<const Event*> merges;
    for (const auto& event : events)
        if (event.decision == Decision::Merged || event.decision == Decision::Unmerged)
            merges.push_back(&event);
    if (merges.empty()) return;

    std::vector<const Event*> erasures;
    for (const auto& event : events)
        if (event.decision == Decision::Erased) erasures.push_back(&event);
    std::sort(merges.begin(), merges.end(), [](const Event* a, const Event* b) {
        return a->observedAt != b->observedAt ? a->observedAt < b->observedAt : a->id < b->id;
    });
    // The same event twice would be an unmerge and its echo: the second changes nothing.
    merges.erase(std::unique(merges.begin(), merges.end(),
                             [](const Event* a, const Event* b) {
                                 return !a->id.empty() && a->id == b->id;
                             }),
                 merges.end());
    for (const Event* event : merges) apply(*event, erasures);
    joined_ = joinedTo(subject_, false);
    own_ = joinedTo(subject_, true);
}

void Sides::apply(const Event& event, const std::vector<const Event*>& erasures) {
    Link& between = link(event.subject, event.other);
    if (event.decision == Decision::Unmerged) {
        if (between.isJoined()) between.ended.push_back(event.observedAt);
        between.confirmed = false;
        between.open.clear();
        partings_.push_back(&event);
        return;
    }
    // A merge with somebody who was erased before is refused: it joins nobody.
    const bool refused = std::any_of(erasures.begin(), erasures.end(), [&](const Event* erased) {
        return between.touches(erased->subject) && erased->observedAt <= event.observedAt;
    });
    if (refused) return;
    if (event.confirmed) {
        between.confirmed = true;
        between.open.clear();
    } else if (!between.confirmed) {
        between.open.push_back(learned(event));
    }
}

Sides::Link& Sides::link(std::string_view a, std::string_view b) {
    for (auto& known : links_)
        if (known.touches(a) && known.across(a) == b) return known;
    Link fresh;
    fresh.a = a;
    fresh.b = b;
    return links_.emplace_back(std::move(fresh));
}

std::vector<std::string_view> Sides::joinedTo(std::string_view side, bool confirmedOnly) const {
    std::vector<std::string_view> found{side};
    for (std::size_t next = 0; next < found.size(); ++next)
        for (const auto& link : links_) {
            if (!link.touches(found[next]) || !(confirmedOnly ? link.confirmed : link.isJoined()))
                continue;
            const auto other = link.across(found[next]);
            if (!contains(found, other)) found.push_back(other);
        }
    return found;
}

std::string_view Sides::rivalOf(const Event& event) const {
    for (const Event* one : partings_)
        for (const Event* two : partings_)
            if (one->subject == event.subject && one->subject == two->other &&
                two->subject == one->other && names(*one, event) && names(*two, event))
                return one->other;
    return {};
}

std::vector<std::string_view> Sides::sidesOf(const Event& event) const {
    std::string_view own = event.subject.empty() ? subject_ : std::string_view(event.subject);
    if (const auto rival = rivalOf(event); !rival.empty()) {
        if (!isRestriction(event.decision)) return {};
        return {own, rival};
    }
    for (const Event* parting : partings_)
        if (parting->subject == own && names(*parting, event)) own = parting->other;
    std::vector<std::string_view> sides{own};
    if (!isUnanchored(event)) return sides;
    bool wasShared = false;
    for (const auto& link : links_) {
        if (!link.touches(own)) continue;
        for (const auto ended : link.ended)
            if (event.observedAt <= ended) {
                wasShared = true;
                if (isRestriction(event.decision)) sides.push_back(link.across(own));
            }
    }
    // A grant that named neither record nor identifier before the sides parted is nobody's.
    if (wasShared && !isRestriction(event.decision)) sides.clear();
    return sides;
}

bool Sides::counts(const Event& event) const {
    if (isSimple()) return true;
    const auto sides = sidesOf(event);
    return std::any_of(sides.begin(), sides.end(),
                       [&](std::string_view side) { return contains(joined_, side); });
}

bool Sides::isOwn(const Event& event) const {
    if (isSimple()) return true;
    const auto sides = sidesOf(event);
    return std::any_of(sides.begin(), sides.end(),
                       [&](std::string_view side) { return contains(own_, side); });
}

bool Sides::mayAnswer(const Event& grant, const Event& other) const {
    if (isSimple()) return true;
    const auto from = sidesOf(grant);
    const auto to = sidesOf(other);
    if (from.empty()) return false;
    // A restriction that stayed on both sides is answered on each of them or not at all.
    return std::all_of(to.begin(), to.end(), [&](std::string_view side) {
        return !contains(joined_, side) || bridges(grant, from.front(), side);
    });
}

bool Sides::mayAnswerOwn(const Event& grant) const {
    if (isSimple()) return true;
    const auto from = sidesOf(grant);
    return !from.empty() && bridges(grant, from.front(), subject_);
}

bool Sides::areOne(const Event& a, const Event& b) const {
    if (isSimple()) return true;
    const auto first = sidesOf(a);
    const auto second = sidesOf(b);
    if (first.empty() || second.empty()) return false;
    return contains(joinedTo(first.front(), true), second.front());
}

bool Sides::bridges(const Event& grant, std::string_view from, std::string_view to) const {
    const auto one = joinedTo(from, true);
    if (contains(one, to)) return true;
    // Leaves that hang off the way between the two sides do not join them; what remains does.
    std::map<std::string_view, bool> gone;
    const auto joins = [&](const Link& link) {
        return link.isJoined() && !gone[link.a] && !gone[link.b];
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto side : joinedTo(from, false)) {
            const auto degree = std::count_if(links_.begin(), links_.end(), [&](const Link& link) {
                return link.touches(side) && joins(link);
            });
            if (side == from || side == to || gone[side] || degree > 1) continue;
            gone[side] = changed = true;
        }
    }
    const auto reachable = joinedTo(from, false);
    if (!contains(reachable, to) || !grant.time) return false;
    return std::all_of(links_.begin(), links_.end(), [&](const Link& link) {
        if (!joins(link) || link.confirmed || !contains(reachable, link.a)) return true;
        return std::all_of(link.open.begin(), link.open.end(), [&](const EventTime& merge) {
            return certainlyLater(*grant.time, merge);
        });
    });
}

}  // namespace concordat::consent
