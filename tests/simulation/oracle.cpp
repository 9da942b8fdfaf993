// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/oracle.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace concordat::simulation {

namespace {

using consent::Decision;
using consent::EventTime;

constexpr std::int64_t kMinute = 60'000;
constexpr EpochMs kNever = std::numeric_limits<EpochMs>::min() / 2;

bool restricts(const Event& event) {
    return event.decision == Decision::Refused || event.decision == Decision::Withdrawn ||
           event.decision == Decision::Objected || event.decision == Decision::Erased;
}

std::string codeOf(const std::string& purpose) { return purpose.substr(0, purpose.find('@')); }

bool has(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool isMarketing(const consent::Policy& policy, const std::string& code) {
    const auto found = policy.purposes.find(code);
    return found != policy.purposes.end() && found->second.directMarketing;
}

/// `code` itself or one of its ancestors is `of`.
bool isBelow(const consent::Policy& policy, std::string code, const std::string& of) {
    while (!code.empty()) {
        if (code == of) return true;
        const auto found = policy.purposes.find(code);
        code = found == policy.purposes.end() ? "" : found->second.parent;
    }
    return false;
}

bool reachesScope(const consent::Policy& policy, const Event& event, const std::string& scope) {
    if (event.scope == scope || event.decision == Decision::Erased) return true;
    const auto from = policy.scopes.find(event.scope);
    const auto to = policy.scopes.find(scope);
    if (from == policy.scopes.end() || to == policy.scopes.end()) return false;
    return from->second.spread == consent::Spread::Group && !from->second.group.empty() &&
           from->second.group == to->second.group;
}

/// The restriction says this very key, and not only something wider.
bool namesExactly(const Event& event, const Key& key) {
    return has(event.channels, key.channel) &&
           std::any_of(event.purposes.begin(), event.purposes.end(),
                       [&](const auto& purpose) { return codeOf(purpose) == key.purpose; });
}

/// The restriction is wider than what the grant names of it.
bool isWider(const Event& restriction, const Event& grant, const Key& key) {
    if (!namesExactly(restriction, key)) return true;
    for (const auto& purpose : restriction.purposes)
        for (const auto& channel : restriction.channels)
            if (!namesExactly(grant, {key.scope, codeOf(purpose), channel})) return true;
    return false;
}

/// What an address or number is good for.
bool serves(const std::string& point, const std::string& channel) {
    if (point.rfind("e:", 0) == 0) return channel == "email";
    if (point.rfind("p:", 0) == 0)
        return channel == "sms" || channel == "phone" || channel == "fax" ||
               channel == "automated_call" || channel == "instant_message";
    return false;
}

EventTime timeOf(const Event& event) {
    return event.time ? *event.time : EventTime{event.observedAt, "", 0};
}

}  // namespace

std::string toString(Verdict verdict) {
    return verdict == Verdict::Permit ? "permit" : verdict == Verdict::Deny ? "deny" : "unknown";
}

bool isLaterForSure(const EventTime& a, const EventTime& b) {
    const bool sameClock = !a.clock.empty() && a.clock == b.clock && a.skewMs == b.skewMs;
    const auto margin = sameClock
                            ? 0
                            : std::max<std::int64_t>(
                                  5 * kMinute, std::abs(a.skewMs) + std::abs(b.skewMs) + kMinute);
    return a.at > b.at + margin;
}

std::set<Key> keysOf(const consent::Policy& policy,
                     const std::string& scope,
                     const std::vector<std::string>& purposes,
                     const std::vector<std::string>& channels) {
    std::set<Key> keys;
    for (const auto& [code, purpose] : policy.purposes) {
        const bool isMeant = std::any_of(purposes.begin(), purposes.end(), [&](const auto& named) {
            return named == "*" || codeOf(named) == code;
        });
        if (!isMeant) continue;
        if (purpose.channelNone) {
            if (has(channels, "none") || has(channels, "any")) keys.insert({scope, code, "none"});
            continue;
        }
        for (const auto& channel : policy.channels)
            if (has(channels, channel) || has(channels, "any")) keys.insert({scope, code, channel});
    }
    return keys;
}

bool reaches(const consent::Policy& policy, const Event& restriction, const Key& key) {
    if (!reachesScope(policy, restriction, key.scope)) return false;
    if (!has(restriction.channels, "any") && !has(restriction.channels, key.channel)) return false;
    for (const auto& purpose : restriction.purposes) {
        const auto code = codeOf(purpose);
        if (code == "*" || isBelow(policy, key.purpose, code)) return true;
        if (restriction.decision == Decision::Objected && isMarketing(policy, code) &&
            isMarketing(policy, key.purpose))
            return true;
    }
    return false;
}

const Event* Rules::partingOf(const std::string& one, const std::string& other) const {
    const auto found = ledger_.events.find(one);
    if (found == ledger_.events.end()) return nullptr;
    const Event* last = nullptr;
    for (const auto& event : found->second) {
        const bool joins =
            event.decision == Decision::Merged || event.decision == Decision::Unmerged;
        if (!joins || event.other != other) continue;
        if (!last || std::pair(last->observedAt, last->id) < std::pair(event.observedAt, event.id))
            last = &event;
    }
    return last && last->decision == Decision::Unmerged ? last : nullptr;
}

bool Rules::wasErased(const std::string& subject, EpochMs by) const {
    const auto found = ledger_.events.find(subject);
    return found != ledger_.events.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const auto& event) {
               return event.decision == Decision::Erased && event.observedAt <= by;
           });
}

std::vector<Rules::Edge> Rules::edges() const {
    std::map<std::pair<std::string, std::string>, Edge> open;
    for (const auto& [subject, events] : ledger_.events)
        for (const auto& event : events) {
            if (event.decision != Decision::Merged || event.other.empty()) continue;
            if (partingOf(subject, event.other)) continue;
            // A merge with an erased subject is refused.
            if (wasErased(subject, event.observedAt) || wasErased(event.other, event.observedAt))
                continue;
            const auto name = std::minmax(subject, event.other);
            auto& edge = open[{name.first, name.second}];
            const bool isNew = edge.one.empty();
            edge.one = name.first;
            edge.other = name.second;
            edge.confirmed = edge.confirmed || event.confirmed;
            const auto at = timeOf(event);
            if (isNew || at.at > edge.at.at) edge.at = at;
        }
    std::vector<Edge> result;
    for (auto& [name, edge] : open) result.push_back(std::move(edge));
    return result;
}

std::set<std::string> Rules::joined(const std::string& subject) const {
    std::set<std::string> group{subject};
    const auto all = edges();
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& edge : all)
            if (group.contains(edge.one) != group.contains(edge.other)) {
                group.insert(edge.one);
                group.insert(edge.other);
                grows = true;
            }
    }
    return group;
}

bool Rules::wasParted(const std::string& subject) const {
    const auto found = ledger_.events.find(subject);
    return found != ledger_.events.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [](const auto& event) { return event.decision == Decision::Unmerged; });
}

/// Rule 9: whose an event is once a merge has ended.
std::vector<std::string> Rules::sidesOf(const Event& event) const {
    std::set<std::string> others;
    for (const auto& other : ledger_.events.at(event.subject))
        if (other.decision == Decision::Unmerged && other.observedAt >= event.observedAt)
            if (partingOf(event.subject, other.other)) others.insert(other.other);
    if (others.empty()) return {event.subject};
    others.insert(event.subject);
    if (event.record) {
        const auto owner = ledger_.owner.find({event.system, *event.record});
        if (owner != ledger_.owner.end() && others.contains(owner->second)) return {owner->second};
        return {event.subject};
    }
    std::vector<std::string> holders;
    for (const auto& other : others) {
        const auto held = ledger_.points.find(other);
        if (held == ledger_.points.end()) continue;
        if (std::any_of(event.points.begin(), event.points.end(),
                        [&](const auto& point) { return held->second.contains(point); }))
            holders.push_back(other);
    }
    if (!holders.empty() && (holders.size() == 1 || restricts(event))) return holders;
    if (restricts(event)) return {others.begin(), others.end()};
    return {};
}

/// Rule 13.
bool Rules::isVoided(const Event& event) const {
    if (event.system.empty() || event.decision == Decision::Objected) return false;
    const auto found = ledger_.events.find(event.subject);
    if (found == ledger_.events.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const auto& other) {
        return other.decision == Decision::Voided && has(other.names, event.id);
    });
}

bool Rules::names(const Event& grant, const Key& key) const {
    return grant.scope == key.scope && namesExactly(grant, key);
}

bool Rules::namesNow(const Event& grant, const Key& key) const {
    if (!names(grant, key)) return false;
    const auto known = policy_.purposes.find(key.purpose);
    return std::any_of(grant.purposes.begin(), grant.purposes.end(), [&](const auto& purpose) {
        if (codeOf(purpose) != key.purpose) return false;
        if (purpose.find('@') == std::string::npos || known == policy_.purposes.end()) return true;
        const auto version = purpose.substr(purpose.find('@') + 1);
        return version == known->second.version || known->second.accepts.contains(version);
    });
}

bool Rules::reachesSubject(const Case& all, const Event& grant, const Key& key) const {
    const auto held = ledger_.points.find(all.subject);
    if (held == ledger_.points.end()) return true;
    const auto isServed = [&](const std::string& point) { return serves(point, key.channel); };
    if (std::none_of(grant.points.begin(), grant.points.end(), isServed)) return true;
    if (std::none_of(held->second.begin(), held->second.end(), isServed)) return true;
    return std::any_of(grant.points.begin(), grant.points.end(), [&](const auto& point) {
        return isServed(point) && held->second.contains(point);
    });
}

bool Rules::counts(const Case& all, const Sided& grant, const Key& key, EpochMs now) const {
    return isProven(*grant.first, key) && namesNow(*grant.first, key) &&
           reachesSubject(all, *grant.first, key) &&
           isLive(all, *grant.first, grant.second, key, now);
}

bool Rules::isProven(const Event& grant, const Key& key) const {
    if (grant.decision != Decision::Granted || !grant.proof || !names(grant, key)) return false;
    const auto& proof = *grant.proof;
    if (proof.trusted) return true;
    if (!proof.capturedAt || proof.source.empty()) return false;
    const auto known = policy_.purposes.find(key.purpose);
    const bool isTwice = known != policy_.purposes.end() && known->second.doubleOptIn;
    return !isTwice || proof.confirmedAt.has_value();
}

Rules::Case Rules::caseOf(const std::string& subject) const {
    Case all;
    all.subject = subject;
    all.group = joined(subject);
    for (const auto& edge : edges())
        if (all.group.contains(edge.one)) all.edges.push_back(edge);
    const auto held = ledger_.points.find(subject);
    const std::set<std::string> none;
    const auto& points = held == ledger_.points.end() ? none : held->second;
    for (const auto& [other, events] : ledger_.events)
        for (const auto& event : events) {
            const bool isBar = restricts(event) && !event.slotOnly;
            if (!isBar && event.decision != Decision::Granted) continue;
            for (const auto& side : sidesOf(event))
                if (all.group.contains(side)) all.own.emplace_back(&event, side);
            const bool isShared =
                isBar && !all.group.contains(other) && event.decision != Decision::Erased &&
                std::any_of(event.points.begin(), event.points.end(),
                            [&](const auto& point) { return points.contains(point); });
            if (isShared && !isVoided(event)) all.foreign.push_back(&event);
        }
    for (const auto& point : points)
        if (const auto stone = ledger_.tombstones.find(point); stone != ledger_.tombstones.end())
            all.erasedAt = std::max(all.erasedAt, stone->second);
    return all;
}

void Rules::pick(Case& all, const Key& key) const {
    all.bars.clear();
    all.grants.clear();
    for (const auto& [event, side] : all.own) {
        if (event->decision == Decision::Granted) {
            if (names(*event, key)) all.grants.emplace_back(event, side);
        } else if (reaches(policy_, *event, key) && !isVoided(*event)) {
            all.bars.push_back({event, side});
        }
    }
    // Rule 10. A merge that nobody confirmed takes nothing from it.
    const auto shared = [&](const Event& event) {
        std::vector<std::string> points;
        const auto held = ledger_.points.find(all.subject);
        if (held == ledger_.points.end()) return points;
        for (const auto& point : event.points)
            if (held->second.contains(point) && serves(point, key.channel)) points.push_back(point);
        return points;
    };
    for (auto& bar : all.bars)
        if (!mayCross(all, bar.side, all.subject, std::nullopt)) bar.points = shared(*bar.event);
    for (const auto* event : all.foreign) {
        const auto points = shared(*event);
        if (reaches(policy_, *event, key) && !points.empty())
            all.bars.push_back({event, event->subject, true, points});
    }
}

/// Rule 9: whether what happened at `time` on one side may count against the other side.
bool Rules::mayCross(const Case& all,
                     const std::string& from,
                     const std::string& to,
                     const std::optional<EventTime>& time) const {
    std::set<std::string> reached{from};
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& edge : all.edges) {
            const bool isOpen = edge.confirmed || (time && isLaterForSure(*time, edge.at));
            if (!isOpen || reached.contains(edge.one) == reached.contains(edge.other)) continue;
            reached.insert(edge.one);
            reached.insert(edge.other);
            grows = true;
        }
    }
    return reached.contains(to);
}

bool Rules::overrides(const Case& all,
                      const Event& grant,
                      const std::string& side,
                      const Bar& bar,
                      const Key& key) const {
    if (!grant.time || !isLaterForSure(*grant.time, timeOf(*bar.event))) return false;
    const auto& proof = *grant.proof;
    if (!proof.held && !proof.trusted && !proof.knownSource) return false;
    if (isWider(*bar.event, grant, key) && !proof.direct) return false;
    // Only a direct grant of that record's own subject that names the point.
    const bool namesAll = std::all_of(bar.points.begin(), bar.points.end(),
                                      [&](const auto& point) { return has(grant.points, point); });
    const bool isPointLike = bar.byPoint || !bar.points.empty();
    if (isPointLike &&
        !(proof.direct && mayCross(all, side, all.subject, std::nullopt) && namesAll))
        return false;
    return bar.byPoint || mayCross(all, side, bar.side, grant.time);
}

bool Rules::isLive(const Case& all,
                   const Event& grant,
                   const std::string& side,
                   const Key& key,
                   EpochMs now) const {
    if (grant.validFrom && now < *grant.validFrom) return false;
    if (grant.validTo && now >= *grant.validTo) return false;
    for (const auto& member : all.group) {
        const auto found = ledger_.events.find(member);
        if (found == ledger_.events.end()) continue;
        for (const auto& event : found->second)
            if (event.decision == Decision::Invalidated && has(event.names, grant.id)) return false;
    }
    const auto known = policy_.purposes.find(key.purpose);
    if (known == policy_.purposes.end() || !known->second.maximumAgeMs) return true;
    return now < lastContact(all, grant, side, key) + *known->second.maximumAgeMs;
}

/// Rule 3: the grant is the first contact. One that nobody knows the time of has no age to show.
EpochMs Rules::lastContact(const Case& all,
                           const Event& grant,
                           const std::string& side,
                           const Key& key) const {
    auto contact = grant.time ? grant.time->at : kNever;
    for (const auto& member : all.group) {
        const auto found = ledger_.events.find(member);
        if (found == ledger_.events.end()) continue;
        for (const auto& event : found->second) {
            if (event.decision != Decision::Contact || event.scope != key.scope) continue;
            if (!mayCross(all, member, side, std::nullopt)) continue;
            contact = std::max(contact, std::min(timeOf(event).at, event.observedAt));
        }
    }
    return contact;
}

/// It was live at some moment, whether or not it still names what counts.
bool Rules::hadBegun(const Case& all, const Sided& grant, const Key& key, EpochMs now) const {
    const auto& event = *grant.first;
    const auto known = policy_.purposes.find(key.purpose);
    const bool ages = known != policy_.purposes.end() && known->second.maximumAgeMs;
    if (ages && lastContact(all, event, grant.second, key) == kNever) return false;
    if (!event.validFrom) return true;
    auto whole = event;
    whole.id.clear();  // what was invalidated had counted
    return *event.validFrom <= now && isLive(all, whole, grant.second, key, *event.validFrom);
}

Judgement Rules::withoutBars(const Case& all, const Key& key, EpochMs now) const {
    const Event* lapsed = nullptr;
    bool ownLapsed = false;
    bool ownAlive = false;
    std::vector<Sided> alive;
    for (const auto& grant : all.grants) {
        const bool isOwn = mayCross(all, grant.second, all.subject, std::nullopt);
        if (counts(all, grant, key, now)) {
            alive.push_back(grant);
            ownAlive = ownAlive || isOwn;
        } else if (isProven(*grant.first, key) && hadBegun(all, grant, key, now)) {
            lapsed = grant.first;
            ownLapsed = ownLapsed || isOwn;
        }
    }
    for (const auto& [grant, side] : alive)
        if (ownAlive || !ownLapsed || mayCross(all, side, all.subject, grant->time))
            return {Verdict::Permit, 4, grant->id, "a live proven grant and no restriction"};
    if (ownLapsed || lapsed)
        return {Verdict::Deny, 8, lapsed->id, "a grant had counted and is over"};
    return {Verdict::Unknown, 6, "",
            all.grants.empty() ? "nothing is known" : "unproven grants only"};
}

Judgement Rules::judge(Case& all, const Key& key, EpochMs now) const {
    pick(all, key);
    // Rule 11: the dead stay dead; who comes back holds an address with a tombstone.
    for (const auto& bar : all.bars)
        if (bar.event->decision == Decision::Erased)
            return {Verdict::Deny, 11, bar.event->id, "the person was erased"};
    if (all.bars.empty() && all.erasedAt < 0) return withoutBars(all, key, now);
    for (const auto& sided : all.grants) {
        if (!counts(all, sided, key, now)) continue;
        const auto& [grant, side] = sided;
        const auto& proof = *grant->proof;
        // Who was erased comes back by what they say themselves, and not by somebody merged.
        const bool survives =
            all.erasedAt < 0 || (proof.held && proof.direct && grant->time &&
                                 mayCross(all, side, all.subject, std::nullopt) &&
                                 isLaterForSure(*grant->time, {all.erasedAt, "", 0}));
        const bool beatsAll = std::all_of(all.bars.begin(), all.bars.end(),
                                          [&, one = grant, of = side](const auto& bar) {
                                              return overrides(all, *one, of, bar, key);
                                          });
        if (survives && beatsAll)
            return {Verdict::Permit, 4, grant->id, "a grant later than every restriction"};
    }
    if (all.bars.empty()) return {Verdict::Deny, 11, "", "the address is of an erased person"};
    return {Verdict::Deny, 5, all.bars.front().event->id, "a restriction stands"};
}

Judgement Rules::judge(const std::string& subject, const Key& key, EpochMs now) const {
    auto all = caseOf(subject);
    return judge(all, key, now);
}

std::map<Key, Judgement> Rules::judgeAll(const std::string& subject,
                                         const std::vector<Key>& keys,
                                         EpochMs now) const {
    std::map<Key, Judgement> result;
    auto all = caseOf(subject);
    for (const auto& key : keys) result[key] = judge(all, key, now);
    return result;
}

}  // namespace concordat::simulation
