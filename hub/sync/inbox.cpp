// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/inbox.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/sync/people.h"
#include "hub/sync/standing.h"

namespace concordat::sync {

namespace {

store::InboxItem openItem(Core& core, const std::string& id) {
    std::optional<store::InboxItem> item;
    core.store.read([&](store::Reader& reader) { item = reader.inboxItem(id); });
    if (!item) throw RequestError("There is no inbox item '" + id + "'.", 404);
    if (item->closedAt > 0) throw RequestError("This inbox item is closed already.", 409);
    return *item;
}

store::InboxItem openItem(Core& core, const std::string& id, const std::string& kind) {
    auto item = openItem(core, id);
    if (item.kind != kind)
        throw RequestError("This inbox item is of the kind '" + item.kind + "', not '" + kind +
                           "'.");
    return item;
}

void close(store::Writer& unit, store::InboxItem item, EpochMs now, const std::string& outcome) {
    item.closedAt = now;
    item.outcome = outcome;
    unit.close(item);
}

Choice completed(const store::InboxItem& item, Choice choice) {
    const auto json = nlohmann::json::parse(item.document);
    choice.subject = item.subject;
    choice.decision = consent::Decision::Granted;
    choice.causation = "inbox/" + item.id;
    if (choice.scope.empty()) choice.scope = json.value("scope", "");
    if (choice.purposes.empty()) choice.purposes = json.value("purposes", choice.purposes);
    if (choice.channels.empty()) choice.channels = json.value("channels", choice.channels);
    return choice;
}

void accept(Unit& unit, const store::InboxItem& item) {
    const auto json = nlohmann::json::parse(item.document);
    if (item.kind == "cap") {
        const auto kind =
            json.value("direction", "") == "inferred" ? CapKind::Inferred : CapKind::Loosening;
        liftCap(unit.store(), item.system, kind, unit.now());
    } else if (item.kind == "unmerge" && item.ref) {
        giveBack(unit.store(), item.system, *item.ref, json.value("slot", ""));
        auto target = unit.store().target(item.subject, item.system);
        if (!target) throw RequestError("The record is not there any more.", 409);
        ++target->generation;
        target->dueAt = unit.now();
        unit.store().put(*target);
    }
}

}  // namespace

Answers forecastEvidence(Core& core, const std::string& item, Choice choice) {
    const auto completedChoice = completed(openItem(core, item, "candidate"), std::move(choice));
    return forecast(core, completedChoice.subject, completedChoice);
}

Said addEvidence(Core& core, const std::string& item, Choice choice) {
    const auto open = openItem(core, item, "candidate");
    auto said = say(core, completed(open, std::move(choice)));
    core.store.write([&](store::Writer& unit) {
        close(unit, open, core.time.now(), "evidence added: " + said.event);
    });
    return said;
}

void dismiss(Core& core,
             const std::string& item,
             const std::string& by,
             const std::string& reason) {
    const auto open = openItem(core, item);
    core.store.write([&](store::Writer& unit) {
        close(unit, open, core.time.now(), "dismissed by " + by + ": " + reason);
    });
}

void matchRecord(Core& core,
                 const std::string& item,
                 const std::string& subject,
                 const std::string& by) {
    const auto open = openItem(core, item, "ambiguous");
    inUnit(core, [&](Unit& unit) {
        auto record = unit.store().record(open.system, open.ref.value_or(sdk::RecordRef{}));
        if (!record) throw RequestError("The record is not there any more.", 409);
        const auto& candidates = record->candidates;
        if (std::count(candidates.begin(), candidates.end(), subject) == 0)
            throw RequestError("This person is no candidate for the record.", 409);
        record->candidates.clear();
        unit.put(*record);
        consent::Event event;
        event.decision = consent::Decision::Merged;
        event.confirmed = true;
        event.actor = by;
        event.causation = "inbox/" + open.id;
        event.time = consent::EventTime{unit.now(), "hub:" + core.plan.settings.node, 0};
        unit.merge(record->subject, subject, event);
        unit.raise(record->subject, open.system, unit.now());
        close(unit.store(), open, unit.now(), "matched by " + by);
    });
}

void accept(Core& core, const std::string& id, const std::string& by) {
    const auto item = openItem(core, id);
    if (item.kind == "merge") {
        confirmMerge(core, item.subject, nlohmann::json::parse(item.document).value("other", ""),
                     by);
    } else if (item.kind == "parked") {
        retry(core, item.subject, item.system);
    } else if (item.kind != "cap" && item.kind != "unmerge") {
        throw RequestError("An inbox item of the kind '" + item.kind +
                           "' needs more than consent; see its own actions.");
    }
    inUnit(core, [&](Unit& unit) {
        accept(unit, item);
        close(unit.store(), item, unit.now(), "accepted by " + by);
    });
    if (!core.wake) return;
    for (const auto& plan : core.plan.systems)
        if (item.kind == "cap" || plan.name == item.system) core.wake(plan.name);
}

}  // namespace concordat::sync
