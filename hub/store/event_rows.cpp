// SPDX-License-Identifier: Apache-2.0
#include "hub/store/event_rows.h"

#include <algorithm>

#include "hub/store/sealed_row.h"

namespace concordat::store {

bool canTighten(consent::Decision decision) {
    return consent::isRestriction(decision) || decision == consent::Decision::Invalidated ||
           decision == consent::Decision::Merged;
}

EventRows::EventRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      of_(connection,
          "SELECT subject, id, sealed FROM events WHERE shard = $1 AND subject = $2 ORDER BY id",
          "ttb"),
      byId_(connection, "SELECT subject, id, sealed FROM events WHERE id = $1", "ttb"),
      find_(connection,
            "SELECT subject, id, sealed FROM events WHERE shard = $1 AND subject = $2 AND id = $3",
            "ttb"),
      binding_(connection,
               "SELECT e.subject, e.id, e.sealed FROM bindings b JOIN events e "
               "ON e.shard = b.shard AND e.subject = b.subject AND e.id = b.id "
               "WHERE b.hash = $1 ORDER BY b.observed_at, b.id",
               "ttb"),
      append_(connection,
              "INSERT INTO events (shard, subject, id, observed_at, decision, sealed) "
              "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"),
      bind_(connection,
            "INSERT INTO bindings (hash, observed_at, id, shard, subject) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"),
      effective_(connection, "SELECT sealed FROM effective WHERE shard = $1 AND subject = $2", "b"),
      putEffective_(connection,
                    "INSERT INTO effective (shard, subject, next_change, sealed) "
                    "VALUES ($1, $2, $3, $4) ON CONFLICT (shard, subject) DO UPDATE "
                    "SET next_change = excluded.next_change, sealed = excluded.sealed"),
      toReconsider_(connection,
                    "SELECT subject FROM effective WHERE next_change > 0 AND next_change <= $1 "
                    "ORDER BY next_change LIMIT $2",
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
            vault_, rowContext({"events", statement.text(i, 0), statement.text(i, 1)}),
            statement.bytes(i, 2)));
    return events;
}

std::vector<consent::Event> EventRows::of(const std::string& subject) {
    auto events = opened(of_, of_.run(shardOf(subject), subject));
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
    auto events = opened(find_, find_.run(shardOf(subject), subject, id));
    if (events.empty()) return std::nullopt;
    return std::move(events.front());
}

std::vector<consent::Event> EventRows::binding(const std::string& hash) {
    return opened(binding_, binding_.run(hash));
}

bool EventRows::append(const consent::Event& event) {
    const auto sealed = sealRow(vault_, rowContext({"events", event.subject, event.id}), event);
    const bool isNew =
        append_.run(shardOf(event.subject), event.subject, event.id, event.observedAt,
                    consent::toString(event.decision), Blob{sealed}) > 0;
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
    if (effective_.run(shardOf(subject), subject) == 0) return {};
    return openRow<Effectives>(vault_, rowContext({"effective", subject}), effective_.bytes(0, 0))
        .rows;
}

void EventRows::putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows) {
    EpochMs nextChange = 0;
    for (const auto& row : rows) {
        const EpochMs change = row.effective.nextChange.value_or(0);
        if (change > 0 && (nextChange == 0 || change < nextChange)) nextChange = change;
    }
    const auto sealed = sealRow(vault_, rowContext({"effective", subject}), Effectives{rows});
    putEffective_.run(shardOf(subject), subject, nextChange, Blob{sealed});
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
