// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/wanted.h"

#include <algorithm>
#include <set>

namespace concordat::sync {

namespace {

using consent::Answer;
using consent::Key;

constexpr std::int64_t kLeastMarginMs = 5 * 60'000;

std::set<Key> coverOf(const consent::SlotRules& rules, const consent::Policy& policy) {
    std::set<Key> keys;
    for (const auto& purpose : rules.purposes)
        for (const auto& channel : rules.channels) {
            if (channel != "any") {
                keys.insert({rules.scope, purpose, channel});
                continue;
            }
            for (const auto& key : policy.keys(rules.scope))
                if (key.purpose == purpose) keys.insert(key);
        }
    return keys;
}

bool hasNarrowerSlot(const SystemPlan& plan,
                     const consent::SlotRules& rules,
                     const std::set<Key>& cover,
                     const Key& key,
                     const consent::Policy& policy) {
    return std::any_of(plan.slots.begin(), plan.slots.end(), [&](const auto& other) {
        if (other.slot.id == rules.slot.id || !other.slot.writable) return false;
        const auto narrower = coverOf(other, policy);
        return narrower.contains(key) && narrower.size() < cover.size() &&
               std::includes(cover.begin(), cover.end(), narrower.begin(), narrower.end());
    });
}

bool isLater(const consent::EventTime& grant, const consent::EventTime& restriction) {
    const bool sameClock = !grant.clock.empty() && grant.clock == restriction.clock &&
                           grant.skewMs == restriction.skewMs;
    const auto margin =
        sameClock ? 0
                  : std::max(kLeastMarginMs,
                             std::abs(grant.skewMs) + std::abs(restriction.skewMs) + 60'000);
    return grant.at > restriction.at + margin;
}

/// True if an absence that binds this very slot is not overridden by a later grant of each key.
bool isBoundByAbsence(const store::Record& record,
                      const consent::SlotRules& rules,
                      const Book& book,
                      const std::set<Key>& cover) {
    const auto& events = book.history.events;
    const auto decidedLater = [&](const Key& key, const consent::EventTime& absence) {
        for (const auto& row : book.answers) {
            if (row.key != key) continue;
            for (const auto& event : events)
                if (event.decision == consent::Decision::Granted && event.time &&
                    isLater(*event.time, absence) &&
                    std::count(row.effective.deciding.begin(),
                               row.effective.deciding.end(),
                               event.id) > 0)
                    return true;
        }
        return false;
    };
    return std::any_of(events.begin(), events.end(), [&](const consent::Event& event) {
        if (!event.slotOnly || event.slot != rules.slot.id || event.record != record.ref)
            return false;
        const auto absence = event.time.value_or(consent::EventTime{event.observedAt, "", 0});
        return !std::all_of(cover.begin(), cover.end(), [&](const Key& key) {
            return decidedLater(key, absence);
        });
    });
}

bool mustBeTakenBack(const consent::SlotRules& rules, const consent::SlotShadow& shadow) {
    return shadow.valueBeforeOurs && laxness(rules.slot, shadow.seen) == 2 &&
           laxness(rules.slot, *shadow.valueBeforeOurs) < 2;
}

}  // namespace

std::optional<bool> wantedValue(const SystemPlan& plan,
                                const consent::SlotRules& rules,
                                const Answers& answers,
                                const consent::Policy& policy) {
    if (answers.empty()) return std::nullopt;
    const auto cover = coverOf(rules, policy);
    std::size_t permits = 0;
    std::vector<Key> denied;
    for (const auto& key : cover) {
        const auto answer = answerOf(answers, key);
        if (answer == Answer::Permit) ++permits;
        if (answer == Answer::Deny) denied.push_back(key);
    }
    if (cover.empty()) return std::nullopt;
    if (permits == cover.size()) return true;
    if (denied.size() == cover.size()) return false;
    for (const auto& key : denied)
        if (!hasNarrowerSlot(plan, rules, cover, key, policy)) return false;
    return std::nullopt;
}

int laxness(const sdk::SlotDescription& slot, sdk::Shown shown) {
    if (shown == slot.showsDeny || shown == sdk::Shown::Deny) return 0;
    if (shown == slot.showsPermit || shown == sdk::Shown::Permit) return 2;
    return 1;
}

bool holds(const sdk::SlotDescription& slot, sdk::Shown shown, bool permit) {
    return laxness(slot, shown) == (permit ? 2 : 0);
}

std::vector<Need> needsOf(const SystemPlan& plan,
                          const store::Record& record,
                          const Book& book,
                          const consent::Policy& policy) {
    std::vector<Need> needs;
    if (record.closed || record.deleted) return needs;
    for (const auto& rules : plan.slots) {
        if (rules.slot.object != record.ref.object) continue;
        const auto* shadow = shadowOf(record, rules.slot.id);
        if (!shadow) continue;
        Need need{&rules, false, false};
        if (const auto wanted = wantedValue(plan, rules, book.answers, policy)) {
            need.permit = *wanted;
        } else if (mustBeTakenBack(rules, *shadow)) {
            need.takenBack = true;
        } else {
            continue;
        }
        const bool isSent = shadow->sent && !shadow->sent->settled;
        // A tightening write whose outcome nobody knows is repeated; a permit never is.
        const bool isLost = isSent && !shadow->sent->permit && shadow->sent->finishedAt == 0 &&
                            record.writeEnded > 0;
        const bool isThere = isSent && !isLost ? shadow->sent->permit == need.permit
                                               : holds(rules.slot, shadow->seen, need.permit);
        if (isThere) continue;
        if (need.permit && isBoundByAbsence(record, rules, book, coverOf(rules, policy))) continue;
        needs.push_back(need);
    }
    return needs;
}

const consent::SlotShadow* shadowOf(const store::Record& record, const std::string& slot) {
    const auto found =
        std::find_if(record.slots.begin(), record.slots.end(), [&](const consent::SlotShadow& shadow) {
            return shadow.slot == slot;
        });
    return found == record.slots.end() ? nullptr : &*found;
}

consent::SlotShadow* shadowOf(store::Record& record, const std::string& slot) {
    return const_cast<consent::SlotShadow*>(
        shadowOf(static_cast<const store::Record&>(record), slot));
}

bool hasUnsettledWrite(const store::Record& record) {
    return std::any_of(record.slots.begin(), record.slots.end(), [](const auto& shadow) {
        return shadow.sent && !shadow.sent->settled;
    });
}

}  // namespace concordat::sync
