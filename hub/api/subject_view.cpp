// SPDX-License-Identifier: Apache-2.0
#include "hub/api/subject_view.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "hub/api/views.h"
#include "hub/sync/wanted.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

std::string kindName(sdk::IdentifierKind kind) {
    return kind == sdk::IdentifierKind::Email   ? "email"
           : kind == sdk::IdentifierKind::Phone ? "phone"
                                                : "external";
}

std::string wishName(consent::Wish wish) {
    return wish == consent::Wish::Deny     ? "deny"
           : wish == consent::Wish::Permit ? "permit"
                                           : "untouched";
}

std::string stateOf(const store::Record& record) {
    if (record.mergedInto) return "merged";
    if (record.deleted) return "deleted";
    if (record.closed) return "closed";
    return record.candidates.empty() ? "open" : "ambiguous";
}

/// What the view of a person is made from, read at one moment.
struct Read {
    sync::Book book;
    std::vector<consent::Point> claims;
    std::vector<store::TargetRecord> targetRecords;
};

Read readAll(const Rooms& rooms, const std::string& id) {
    Read read;
    rooms.store.read([&](store::Reader& reader) {
        read.book = sync::readBook(reader, id);
        read.claims = reader.claims(id);
        for (const sync::SystemPlan& plan : rooms.core().plan.systems) {
            const auto rows = reader.targetRecords(id, plan.name);
            read.targetRecords.insert(read.targetRecords.end(), rows.begin(), rows.end());
        }
    });
    return read;
}

const store::TargetRecord* targetOf(const Read& read, const store::Record& record) {
    const auto found = std::find_if(
        read.targetRecords.begin(), read.targetRecords.end(),
        [&](const auto& row) { return row.system == record.system && row.ref == record.ref; });
    return found == read.targetRecords.end() ? nullptr : &*found;
}

/// True if the slot shows what is wanted, and no write of ours is on its way.
bool isVerified(const consent::SlotRules& rules,
                const consent::SlotShadow& shadow,
                consent::Wish wish) {
    if (shadow.sent && !shadow.sent->settled) return false;
    if (wish == consent::Wish::Untouched) return true;
    return sync::laxness(rules.slot, shadow.seen) == (wish == consent::Wish::Permit ? 2 : 0);
}

Json slotView(const consent::SlotRules& rules,
              const store::Record& record,
              const consent::Desired& desired,
              const store::TargetRecord* target) {
    const consent::SlotShadow* shadow = sync::shadowOf(record, rules.slot.id);
    const bool isParked = target != nullptr && target->parked;
    return {{"slot", rules.slot.id},
            {"shows", shadow ? Json(nameOf(shadow->seen)) : Json(nullptr)},
            {"wanted", wishName(desired.wish)},
            {"verified", shadow != nullptr && isVerified(rules, *shadow, desired.wish)},
            {"stricter_than_asked", desired.stricterThanAsked},
            {"seen_at", shadow ? shadow->seenAt : 0},
            {"reason", isParked ? "parked: " + target->reason : desired.reason}};
}

Json slotsOf(const Rooms& rooms, const Read& read, const store::Record& record) {
    Json slots = Json::array();
    const sync::SystemPlan* plan = rooms.core().plan.system(record.system);
    if (plan == nullptr) return slots;
    const auto wishes = sync::wishes(*plan, record, read.book.answers,
                                     read.book.history, rooms.policy());
    auto wish = wishes.begin();
    for (const consent::SlotRules& rules : plan->slots)
        if (rules.slot.object == record.ref.object)
            slots.push_back(slotView(rules, record, *wish++, targetOf(read, record)));
    return slots;
}

Json identifiersOf(const Read& read) {
    Json identifiers = Json::array();
    std::set<std::string> seen;
    const auto add = [&](const consent::Point& point) {
        if (!seen.insert(point.hash).second) return;
        identifiers.push_back({{"kind", kindName(point.kind)},
                               {"value", point.value},
                               {"name", point.name},
                               {"role", point.role}});
    };
    for (const store::Record& record : read.book.records)
        for (const consent::Point& point : record.points) add(point);
    for (const consent::Point& point : read.claims) add(point);
    return identifiers;
}

}  // namespace

Json subjectView(const Rooms& rooms, const std::string& id) {
    const sync::SubjectView view = rooms.sync.subject(id);
    const Read read = readAll(rooms, id);
    Json records = Json::array();
    for (const store::Record& record : read.book.records)
        records.push_back({{"system", record.system},
                           {"object", record.ref.object},
                           {"id", record.ref.id},
                           {"state", stateOf(record)},
                           {"slots", slotsOf(rooms, read, record)}});
    Json effective = Json::array();
    for (const sync::AnswerView& answer : view.answers)
        effective.push_back(viewOf(answer.key, answer.effective, answer.explanation));
    return {{"id", id},
            {"identifiers", identifiersOf(read)},
            {"records", records},
            {"effective", effective},
            {"merged_with", view.joined}};
}

Json historyView(const Rooms& rooms, const std::string& id) {
    const sync::SubjectView view = rooms.sync.subject(id);
    std::vector<Json> items;
    for (const consent::Event& event : view.events)
        items.push_back({{"at", event.observedAt},
                         {"kind", "event"},
                         {"system", event.system},
                         {"text", sentenceOf(event)},
                         {"event", viewOf(event)}});
    for (const store::Delivery& delivery : view.deliveries)
        items.push_back({{"at", delivery.at},
                         {"kind", "delivery"},
                         {"system", delivery.system},
                         {"text", sentenceOf(delivery)},
                         {"delivery", viewOf(delivery)}});
    for (const store::InboxItem& item : view.inbox) {
        const Json inbox = viewOf(item);
        items.push_back({{"at", item.createdAt},
                         {"kind", "inbox"},
                         {"system", item.system},
                         {"text", inbox.at("text")},
                         {"inbox", inbox}});
    }
    std::stable_sort(items.begin(), items.end(), [](const Json& one, const Json& other) {
        return one.at("at").get<std::int64_t>() < other.at("at").get<std::int64_t>();
    });
    return items;
}

}  // namespace concordat::api
