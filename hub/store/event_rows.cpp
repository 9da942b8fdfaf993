// SPDX-License-Identifier: Apache-2.0
#include "hub/store/event_rows.h"

#include <algorithm>
namespace concordat::store {

bool canTighten(consent::Decision decision) {
    return consent::isRestriction(decision) || decision == consent::Decision::Invalidated ||
           decision == consent::Decision::Merged;
}

namespace {

Place eventPlace(const std::string& id) { return {Part::Event, "", "", id}; }
Place effectivePlace() { return {Part::Effective, "", "", ""}; }

std::string eventContext(const std::string& subject, const std::string& id) {
    return rowContext({"events", subject, id});
}

}  // namespace

EventRows::EventRows(Connection& connection, const Vault& vault, People& people)
    : vault_(vault),
      people_(people),
      byId_(connection, "SELECT subject, id, body FROM people WHERE part = 2 AND id = $1", "ttb"),
      binding_(connection,
               "SELECT e.subject, e.id, e.body FROM bindings b JOIN people e "
               "ON e.shard = b.shard AND e.subject = b.subject AND e.part = 2 "
               "AND e.system = '' AND e.object = '' AND e.id = b.id "
               "WHERE b.hash = $1 ORDER BY b.observed_at, b.id",
               "ttb"),
      bind_(connection,
            "INSERT INTO bindings (hash, observed_at, id, shard, subject) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"),
      toReconsider_(connection,
                    "SELECT subject FROM people WHERE part = 3 AND at > 0 AND at <= $1 "
                    "ORDER BY at LIMIT $2",
                    "t"),
      suppress_(connection, "INSERT INTO suppressions (sequence, subject, id) VALUES ($1, $2, $3)"),
      lastSuppression_(connection, "SELECT COALESCE(MAX(sequence), 0) FROM suppressions", "n"),
      suppressionsAfter_(connection,
                         "SELECT sequence, subject, id FROM suppressions WHERE sequence > $1 "
                         "ORDER BY sequence LIMIT $2",
                         "ntt") {}

std::vector<consent::Event> EventRows::opened(Statement& statement, std::size_t rows) {
    std::vector<consent::Event> events;
    events.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i)
        events.push_back(openRow<consent::Event>(
            vault_, eventContext(statement.text(i, 0), statement.text(i, 1)),
            statement.bytes(i, 2)));
    return events;
}

std::vector<consent::Event> EventRows::of(const std::string& subject) {
    std::vector<consent::Event> events;
    for (const auto& row : people_.of(subject))
        if (row.place.part == Part::Event)
            events.push_back(
                openRow<consent::Event>(vault_, eventContext(subject, row.place.id), row));
    // The engine would set up a sorter each time; they mostly are in order.
    std::stable_sort(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.observedAt < b.observedAt; });
    return events;
}

std::optional<consent::Event> EventRows::byId(const std::string& id) {
    auto events = opened(byId_, byId_.run(id));
    if (events.empty()) return std::nullopt;
    return std::move(events.front());
}

std::optional<consent::Event> EventRows::find(const std::string& subject, const std::string& id) {
    const auto* row = people_.find(subject, eventPlace(id));
    if (!row) return std::nullopt;
    return openRow<consent::Event>(vault_, eventContext(subject, id), *row);
}

std::vector<consent::Event> EventRows::binding(const std::string& hash) {
    return opened(binding_, binding_.run(hash));
}

bool EventRows::append(const consent::Event& event) {
    auto row =
        sealedRow(vault_, eventContext(event.subject, event.id), eventPlace(event.id), event);
    row.at = event.observedAt;
    row.mark = consent::toString(event.decision);
    const bool isNew = people_.add(event.subject, std::move(row));
    if (isNew && consent::isRestriction(event.decision)) bind(event, event);
    if (isNew && event.decision == consent::Decision::Voided) bindVoiding(event);
    return isNew;
}

void EventRows::bind(const consent::Event& event, const consent::Event& restriction) {
    // An absence that is kept speaks of one slot of one record, never of an address.
    if (restriction.slotOnly) return;
    for (const auto& hash : restriction.points)
        bind_.run(hash, event.observedAt, event.id, shardOf(event.subject), event.subject);
}

void EventRows::bindVoiding(const consent::Event& voiding) {
    for (const auto& name : voiding.names)
        if (const auto named = byId(name); named && consent::isRestriction(named->decision))
            bind(voiding, *named);
}

std::vector<EffectiveRow> EventRows::effective(const std::string& subject) {
    const auto* row = people_.find(subject, effectivePlace());
    if (!row) return {};
    return openRow<Effectives>(vault_, rowContext({"effective", subject}), *row).rows;
}

void EventRows::putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows) {
    auto row =
        sealedRow(vault_, rowContext({"effective", subject}), effectivePlace(), Effectives{rows});
    for (const auto& one : rows) {
        const EpochMs change = one.effective.nextChange.value_or(0);
        if (change > 0 && (row.at == 0 || change < row.at)) row.at = change;
    }
    people_.put(subject, std::move(row));
}

std::vector<std::string> EventRows::toReconsider(EpochMs now, int limit) {
    std::vector<std::string> subjects;
    const auto rows = toReconsider_.run(now, limit);
    for (std::size_t i = 0; i < rows; ++i) subjects.push_back(toReconsider_.text(i, 0));
    return subjects;
}

void EventRows::suppress(const Suppression& suppression) {
    suppress_.run(suppression.sequence, suppression.subject, suppression.id);
}

std::int64_t EventRows::lastSuppression() {
    lastSuppression_.run();
    return lastSuppression_.number(0, 0);
}

std::vector<Suppression> EventRows::suppressionsAfter(std::int64_t sequence, int limit) {
    std::vector<Suppression> suppressions;
    const auto rows = suppressionsAfter_.run(sequence, limit);
    for (std::size_t i = 0; i < rows; ++i)
        suppressions.push_back({suppressionsAfter_.number(i, 0), suppressionsAfter_.text(i, 1),
                                suppressionsAfter_.text(i, 2)});
    return suppressions;
}

}  // namespace concordat::store
