// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/people.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/sync/link.h"
#include "hub/sync/wanted.h"

namespace concordat::sync {

namespace {

consent::Event byPerson(const Unit& unit,
                        const Core& core,
                        consent::Decision decision,
                        const std::string& by) {
    consent::Event event;
    event.decision = decision;
    event.time = consent::EventTime{unit.now(), "hub:" + core.plan.settings.node, 0};
    event.observedAt = unit.now();
    event.actor = by;
    return event;
}

void checkKnown(Unit& unit, const std::string& subject) {
    if (!unit.store().subjectExists(subject))
        throw RequestError("There is no subject '" + subject + "'.", 404);
}

void checkNotErased(Unit& unit, const std::string& subject) {
    checkKnown(unit, subject);
    for (const auto& event : unit.store().events(subject))
        if (event.decision == consent::Decision::Erased)
            throw RequestError("One of the two was erased; an erased person is never merged.", 409);
}

bool holdsOneOf(Unit& unit, const std::string& subject, const std::vector<std::string>& points) {
    const auto& held = unit.book(subject).history.points;
    return std::any_of(points.begin(), points.end(), [&](const auto& point) {
        return std::find(held.begin(), held.end(), point) != held.end();
    });
}

/// What was said under `from` and belongs to `to` once they part: its record is theirs, else the
/// identifier it named. `unclear`: both hold that identifier, or nobody does any more.
struct Followers {
    std::vector<std::string> sure;
    std::vector<std::string> unclear;
};

Followers followers(Unit& unit, const std::string& from, const std::string& to) {
    Followers result;
    for (const auto& event : unit.store().events(from)) {
        if (!consent::isRestriction(event.decision) && event.decision != consent::Decision::Granted)
            continue;
        if (event.record) {
            const auto record = unit.store().record(event.system, *event.record);
            if (record && record->subject == to) result.sure.push_back(event.id);
        } else if (!event.points.empty()) {
            const bool stays = holdsOneOf(unit, from, event.points);
            const bool goes = holdsOneOf(unit, to, event.points);
            if (goes != stays && goes) result.sure.push_back(event.id);
            if (goes == stays) result.unclear.push_back(event.id);
        }
    }
    return result;
}

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

/// Slots that a write of ours denied and that nothing asks to be denied any more.
void askForReview(Unit& unit, const std::string& subject) {
    const auto& book = unit.book(subject);
    const auto& policy = unit.core().plan.policy;
    for (const auto& record : book.records) {
        const auto* plan = unit.core().plan.system(record.system);
        if (!plan || record.closed || record.deleted) continue;
        const auto wished = wishes(*plan, record, book.answers, book.history, policy);
        auto wish = wished.begin();
        for (const auto& rules : plan->slots) {
            if (rules.slot.object != record.ref.object) continue;
            const auto isUntouched = (wish++)->wish == consent::Wish::Untouched;
            const auto* shadow = shadowOf(record, rules.slot.id);
            if (!isUntouched || !shadow || !shadow->valueBeforeOurs ||
                laxness(rules.slot, shadow->seen) != 0 ||
                laxness(rules.slot, *shadow->valueBeforeOurs) != 2)
                continue;
            store::InboxItem item;
            item.id = unit.store().newId();
            item.kind = "unmerge";
            item.subject = subject;
            item.system = record.system;
            item.ref = record.ref;
            item.dedupe =
                "unmerge/" + record.system + "/" + nameOf(record.ref) + "/" + rules.slot.id;
            item.createdAt = unit.now();
            item.document =
                nlohmann::json{
                    {"slot", rules.slot.id},
                    {"text", "This value was denied only because of a merge that has ended."}}
                    .dump();
            unit.store().add(item);
        }
    }
}

}  // namespace

void confirmMerge(Core& core,
                  const std::string& one,
                  const std::string& other,
                  const std::string& by) {
    inUnit(core, [&](Unit& unit) {
        checkNotErased(unit, std::min(one, other));
        checkNotErased(unit, std::max(one, other));
        auto event = byPerson(unit, core, consent::Decision::Merged, by);
        event.confirmed = true;
        unit.merge(one, other, event);
    });
}

void unmerge(Core& core,
             const std::string& one,
             const std::string& other,
             const std::string& by,
             const std::string& reason) {
    inUnit(core, [&](Unit& unit) {
        checkKnown(unit, one);
        checkKnown(unit, other);
        const auto toOther = followers(unit, one, other);
        const auto toOne = followers(unit, other, one);
        for (const auto& [from, to, sure] :
             {std::tie(one, other, toOther.sure), std::tie(other, one, toOne.sure)}) {
            auto event = byPerson(unit, core, consent::Decision::Unmerged, by);
            event.subject = from;
            event.other = to;
            event.names = sure;
            append(event.names, toOther.unclear);
            append(event.names, toOne.unclear);
            event.reason = reason;
            unit.append(std::move(event), unit.now());
        }
        askForReview(unit, one);
        askForReview(unit, other);
    });
}

void erase(Core& core, const std::string& subject, const std::string& by) {
    inUnit(core, [&](Unit& unit) {
        checkKnown(unit, subject);
        const auto records = unit.store().recordsOf(subject);
        auto points = unit.store().claims(subject);
        for (const auto& record : records)
            points.insert(points.end(), record.points.begin(), record.points.end());
        for (const auto& point : points) {
            if (!mayLink(point)) continue;
            unit.store().put(store::Tombstone{point.hash, core.keyId, unit.now()});
            for (const auto& holder : unit.store().subjectsHolding(point.hash))
                unit.touch(holder, unit.now());
        }
        auto event = byPerson(unit, core, consent::Decision::Erased, by);
        event.subject = subject;
        event.purposes = {"*"};
        event.channels = {"any"};
        unit.append(std::move(event), unit.now());
    });
}

void retry(Core& core, const std::string& subject, const std::string& system) {
    inUnit(core, [&](Unit& unit) {
        checkKnown(unit, subject);
        for (auto row : unit.store().targetRecords(subject, system)) {
            row.retryAt = 0;
            unit.store().put(row);
        }
        unit.raise(subject, system, unit.now());
    });
}

}  // namespace concordat::sync
