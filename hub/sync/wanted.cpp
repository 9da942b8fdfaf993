// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/wanted.h"

#include <algorithm>

namespace concordat::sync {

namespace {

bool isOf(const store::Record& record, const consent::SlotRules& rules) {
    return rules.slot.object == record.ref.object;
}

bool shareOne(const std::vector<std::string>& some, const std::vector<std::string>& others) {
    return std::any_of(some.begin(), some.end(), [&](const auto& one) {
        return std::find(others.begin(), others.end(), one) != others.end();
    });
}

/// False if no key is covered by both; most slots of a system have a channel to themselves.
bool mayOverlap(const consent::SlotRules& one, const consent::SlotRules& other) {
    static const std::vector<std::string> kAny{"any"};
    return shareOne(one.channels, other.channels) || shareOne(one.channels, kAny) ||
           shareOne(other.channels, kAny);
}

consent::SlotPlace placeOf(const SystemPlan& plan,
                           const store::Record& record,
                           const consent::SlotRules& rules) {
    consent::SlotPlace place;
    place.rules = rules;
    place.system = plan.name;
    place.record = record.ref;
    if (const auto* shadow = shadowOf(record, rules.slot.id)) place.shadow = *shadow;
    for (const auto& other : plan.slots)
        if (other.slot.id != rules.slot.id && mayOverlap(other, rules))
            place.others.push_back(other);
    for (const auto& point : record.points) place.points.push_back(point.hash);
    return place;
}

/// True if nothing has to be written: the slot shows it, or a write of it is on its way.
bool isThere(const store::Record& record,
             const consent::SlotRules& rules,
             const consent::SlotShadow& shadow,
             bool permit) {
    const bool isSent = shadow.sent && !shadow.sent->settled;
    // A tightening write whose outcome nobody knows is repeated; a permit never is.
    const bool isLost = isSent && !shadow.sent->permit && shadow.sent->finishedAt == 0 &&
                        record.writeEnded >= record.writeBegan;
    if (isSent && !isLost) return shadow.sent->permit == permit;
    return laxness(rules.slot, shadow.seen) == (permit ? 2 : 0);
}

}  // namespace

std::vector<consent::Desired> wishes(const SystemPlan& plan,
                                     const store::Record& record,
                                     const Answers& answers,
                                     const consent::History& history,
                                     const consent::Policy& policy) {
    std::vector<consent::Desired> result;
    for (const auto& rules : plan.slots) {
        if (!isOf(record, rules)) continue;
        const bool isSeen = shadowOf(record, rules.slot.id) != nullptr;
        result.push_back(
            isSeen ? consent::desired(placeOf(plan, record, rules), answers, history, policy)
                   : consent::Desired{});
    }
    return result;
}

std::vector<Need> needsOf(const SystemPlan& plan,
                          const store::Record& record,
                          const Book& book,
                          const consent::Policy& policy) {
    std::vector<Need> needs;
    if (record.closed || record.deleted) return needs;
    const auto wished = wishes(plan, record, book.answers, book.history, policy);
    auto wish = wished.begin();
    for (const auto& rules : plan.slots) {
        if (!isOf(record, rules)) continue;
        const auto& desired = *wish++;
        if (desired.wish == consent::Wish::Untouched) continue;
        const bool permit = desired.wish == consent::Wish::Permit;
        if (!isThere(record, rules, *shadowOf(record, rules.slot.id), permit))
            needs.push_back({&rules, permit, desired.grantId.value_or("")});
    }
    return needs;
}

int laxness(const sdk::SlotDescription& slot, sdk::Shown shown) {
    if (shown == slot.showsDeny || shown == sdk::Shown::Deny) return 0;
    return shown == slot.showsPermit || shown == sdk::Shown::Permit ? 2 : 1;
}

const consent::SlotShadow* shadowOf(const store::Record& record, const std::string& slot) {
    const auto found = std::find_if(record.slots.begin(), record.slots.end(),
                                    [&](const auto& shadow) { return shadow.slot == slot; });
    return found == record.slots.end() ? nullptr : &*found;
}

consent::SlotShadow* shadowOf(store::Record& record, const std::string& slot) {
    return const_cast<consent::SlotShadow*>(
        shadowOf(static_cast<const store::Record&>(record), slot));
}

bool hasUnsettledWrite(const store::Record& record) {
    return std::any_of(record.slots.begin(), record.slots.end(),
                       [](const auto& shadow) { return shadow.sent && !shadow.sent->settled; });
}

}  // namespace concordat::sync
