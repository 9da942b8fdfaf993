// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/link.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace concordat::sync {

namespace {

bool sameKind(const Book& book, bool organisation) {
    return std::all_of(book.records.begin(), book.records.end(),
                       [&](const auto& record) { return record.organisation == organisation; });
}

void askWho(Unit& unit, const store::Record& record) {
    store::InboxItem item;
    item.id = unit.store().newId();
    item.kind = "ambiguous";
    item.subject = record.subject;
    item.system = record.system;
    item.ref = record.ref;
    item.dedupe = "ambiguous/" + record.system + "/" + nameOf(record.ref);
    item.createdAt = unit.now();
    item.document = nlohmann::json{{"candidates", record.candidates},
                                   {"text", "Several people hold an identifier of this record."}}
                        .dump();
    unit.store().add(item);
}

void reportReturn(Unit& unit, const store::Record& record) {
    for (const auto& point : record.points) {
        if (!mayLink(point) || !unit.store().tombstone(point.hash)) continue;
        const auto name = record.system + "/" + nameOf(record.ref);
        unit.store().add(store::Incident{
            unit.store().newId(), "erased_returned", record.system, record.subject, unit.now(), 0,
            "A record of an erased person appeared in " + record.system + "; it is written deny.",
            "erased/" + name});
        return;
    }
}

}  // namespace

std::vector<consent::Point> pointsOf(const Core& core,
                                     const std::string& region,
                                     const std::vector<sdk::Identifier>& identifiers) {
    std::vector<consent::Point> points;
    for (const auto& identifier : identifiers) {
        auto point = consent::normalise(identifier, region);
        if (!point) continue;
        point->hash = core.pointHash(*point);
        if (std::none_of(points.begin(), points.end(),
                         [&](const auto& known) { return known.hash == point->hash; }))
            points.push_back(std::move(*point));
    }
    return points;
}

bool isErased(const Book& book) {
    return std::any_of(
        book.history.events.begin(), book.history.events.end(),
        [](const auto& event) { return event.decision == consent::Decision::Erased; });
}

bool mayLink(const consent::Point& point) {
    return point.kind == sdk::IdentifierKind::External ||
           (point.kind == sdk::IdentifierKind::Email && !point.role);
}

std::vector<std::string> matches(Unit& unit,
                                 const std::vector<consent::Point>& points,
                                 bool organisation,
                                 const std::string& except) {
    std::vector<std::string> found;
    for (const auto& point : points) {
        if (!mayLink(point)) continue;
        for (const auto& subject : unit.store().subjectsHolding(point.hash)) {
            if (subject == except) continue;
            const auto& book = unit.book(subject);
            const bool isKnown =
                std::any_of(found.begin(), found.end(),
                            [&](const std::string& other) { return book.group.contains(other); });
            if (!isKnown && !isErased(book) && sameKind(book, organisation))
                found.push_back(subject);
        }
    }
    return found;
}

void link(Unit& unit, store::Record& record) {
    const auto person =
        record.person ? unit.store().record(record.system, *record.person) : std::nullopt;
    const auto found = person ? std::vector{person->subject}
                              : matches(unit, record.points, record.organisation, "");
    record.candidates.clear();
    record.subject = found.size() == 1 ? found.front() : unit.newSubject();
    if (found.size() > 1) {
        record.candidates = found;
        askWho(unit, record);
    }
    reportReturn(unit, record);
}

void linkAgain(Unit& unit, store::Record& record) {
    if (record.person || !record.candidates.empty()) return;
    const auto found = matches(unit, record.points, record.organisation, record.subject);
    if (found.empty()) return;
    const auto& own = unit.book(record.subject);
    if (own.group.contains(found.front())) return;
    const bool hasHistory = !own.history.events.empty() || own.records.size() > 1;
    if (!hasHistory && found.size() == 1) {
        record.subject = found.front();
        return;
    }
    for (const auto& other : found) suggestMerge(unit, record.subject, other, record);
}

void suggestMerge(Unit& unit,
                  const std::string& one,
                  const std::string& other,
                  const store::Record& record) {
    store::InboxItem item;
    item.id = unit.store().newId();
    item.kind = "merge";
    item.subject = one;
    item.system = record.system;
    item.ref = record.ref;
    item.dedupe = "merge/" + std::min(one, other) + "/" + std::max(one, other);
    item.createdAt = unit.now();
    item.document =
        nlohmann::json{{"other", other}, {"text", "Two people share an identifier; are they one?"}}
            .dump();
    unit.store().add(item);
}

}  // namespace concordat::sync
