// SPDX-License-Identifier: Apache-2.0
#include "tests/consent/pure_room.h"

#include <algorithm>
#include <set>

namespace concordat::tests {
namespace {

using namespace consent;

std::string place(const std::string& slot, const std::string& record) {
    return slot + " of " + record;
}

bool intersects(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& item) {
        return std::find(b.begin(), b.end(), item) != b.end();
    });
}

}  // namespace

std::string PureRoom::append(Event event) {
    if (event.id.empty()) event.id = "e" + std::to_string(ledger_.size() + 1);
    ledger_.push_back(event);
    return event.id;
}

void PureRoom::holds(const std::string& subject, const std::string& point) {
    auto& points = points_[subject];
    if (std::find(points.begin(), points.end(), point) == points.end()) points.push_back(point);
}

void PureRoom::see(Seen seen, const std::string& eventId) {
    const auto& slot = company_.slots.at(seen.slot);
    seen.record.system = slot.system;
    seen.record.subject = seen.subject;
    for (const auto& point : seen.record.points) holds(seen.subject, point);
    auto& kept = kept_[place(seen.slot, seen.record.observation.record.id)];
    kept.points = seen.record.points;
    became_ = {};
    const auto version = kept.shadow ? kept.shadow->version : 0;
    became_.freshness =
        freshness(version, kept.writeBegan, kept.writeEnded, seen.record.observation);
    if (became_.freshness != Freshness::Fresh && !seen.record.regression) return;
    const auto context =
        contextOf(slot.rules, answers(seen.subject, slot.rules, seen.record.observedAt),
                  history(seen.subject), company_.policy);
    became_.result =
        observeSlot(slot.rules, seen.record, kept.shadow, seen.reading, context, company_.policy);
    kept.shadow = became_.result.shadow;
    if (!became_.result.event) return;
    Event event = *became_.result.event;
    event.id = eventId;
    became_.eventId = append(std::move(event));
}

void PureRoom::write(const std::string& slot, const std::string& record, const Sent& sent) {
    auto& kept = kept_[place(slot, record)];
    kept.shadow = withWrite(kept.shadow.value_or(SlotShadow{}), sent);
    if (sent.finishedAt != 0)
        kept.shadow = withAcknowledgement(*kept.shadow, sent.finishedAt, sent.version);
    kept.writeBegan = sent.startedAt;
    kept.writeEnded = sent.finishedAt != 0 ? sent.finishedAt : sent.startedAt;
}

std::optional<SlotShadow> PureRoom::shadow(const std::string& slot,
                                           const std::string& record) const {
    const auto kept = kept_.find(place(slot, record));
    return kept == kept_.end() ? std::nullopt : kept->second.shadow;
}

History PureRoom::history(const std::string& subject) const {
    History history;
    history.subject = subject;
    if (const auto held = points_.find(subject); held != points_.end())
        history.points = held->second;
    std::set<std::string> joined{subject};
    for (std::size_t before = 0; before != joined.size();) {
        before = joined.size();
        for (const auto& event : ledger_) {
            if (event.decision != Decision::Merged && event.decision != Decision::Unmerged)
                continue;
            if (joined.count(event.subject)) joined.insert(event.other);
            if (joined.count(event.other)) joined.insert(event.subject);
        }
    }
    for (const auto& event : ledger_) {
        if (joined.count(event.subject) || joined.count(event.other))
            history.events.push_back(event);
        else if (event.decision == Decision::Voided ||
                 (isRestriction(event.decision) && intersects(event.points, history.points)))
            history.pointEvents.push_back(event);
    }
    for (const auto& [point, at] : tombstones_)
        if (intersects({point}, history.points)) {
            history.erased = true;
            history.erasedAt = std::max(history.erasedAt, at);
        }
    return history;
}

Effective PureRoom::answer(const std::string& subject, const Key& key, EpochMs now) const {
    return effective(history(subject), key, company_.policy, now);
}

std::vector<KeyAnswer> PureRoom::answers(const std::string& subject,
                                         const SlotRules& rules,
                                         EpochMs now) const {
    std::vector<KeyAnswer> result;
    for (const auto& key : coveredKeys(rules, company_.policy))
        result.push_back({key, answer(subject, key, now)});
    return result;
}

Desired PureRoom::desired(const std::string& subject,
                          const std::string& slot,
                          const std::string& record,
                          EpochMs now) const {
    const auto& own = company_.slots.at(slot);
    SlotPlace at;
    at.rules = own.rules;
    at.system = own.system;
    at.record = {"Contact", record};
    if (const auto kept = kept_.find(place(slot, record)); kept != kept_.end()) {
        at.shadow = kept->second.shadow;
        at.points = kept->second.points;
    }
    for (const auto& [name, other] : company_.slots)
        if (name != slot && other.system == own.system) at.others.push_back(other.rules);
    return consent::desired(at, answers(subject, own.rules, now), history(subject),
                            company_.policy);
}

}  // namespace concordat::tests
