// SPDX-License-Identifier: Apache-2.0
// What the database and its suppression journal say of each other when the hub starts.
#include <set>

#include "hub/store/page_cursor.h"
#include "hub/store/write_session.h"

namespace concordat::store {

namespace {

/// Events by their id, tombstones by their hash.
const std::string& nameOf(const JournalEntry& entry) {
    return entry.event ? entry.event->id : entry.tombstone->hash;
}

JournalPosition positionFrom(const std::string& note) {
    const auto parts = splitCursor(note, 2);
    if (parts[0].empty()) return {};
    return {std::stoll(parts[0]), std::stoll(parts[1])};
}

}  // namespace

bool WriteSession::hasEntry(const JournalEntry& entry) {
    if (entry.event) return tables_.events.find(entry.event->subject, entry.event->id).has_value();
    const auto known = tables_.small.tombstone(entry.tombstone->hash);
    return known && known->at >= entry.tombstone->at;
}

JournalEntry WriteSession::entryOf(const Suppression& suppression) {
    JournalEntry entry{suppression.sequence, {}, {}};
    if (suppression.subject.empty()) {
        entry.tombstone = tables_.small.tombstone(suppression.id);
    } else {
        entry.event = tables_.events.find(suppression.subject, suppression.id);
    }
    return entry;
}

void WriteSession::reconcile() {
    // The journal up to the noted place was compared before; if it is another journal, all of it
    // must be.
    JournalPosition from = positionFrom(tables_.small.note("journal"));
    const bool sameJournal = journal_.holds(from);
    if (!sameJournal) from = {};
    std::vector<JournalEntry> missing;
    std::set<std::string> inJournal;
    journal_.read(from, [&](const JournalEntry& entry) {
        if (!hasEntry(entry)) missing.push_back(entry);
        if (!sameJournal) inJournal.insert(nameOf(entry));
    });
    const std::int64_t known = sameJournal ? journal_.last().sequence : 0;
    progress_.lastSuppression = std::max(progress_.lastSuppression, journal_.last().sequence);

    constexpr int kAtOnce = 1000;
    auto rows = tables_.events.suppressionsAfter(known, kAtOnce);
    while (!rows.empty()) {
        for (const auto& row : rows)
            if (!inJournal.contains(row.id)) unjournaled_.push_back(entryOf(row));
        flushJournal();
        rows = tables_.events.suppressionsAfter(rows.back().sequence, kAtOnce);
    }
    if (!missing.empty()) replay(missing);
}

void WriteSession::replay(const std::vector<JournalEntry>& missing) {
    begin();
    std::set<std::string> concerned;
    const auto holding = [&](const std::string& point) {
        for (auto& subject : tables_.subjects.holding(point)) concerned.insert(std::move(subject));
    };
    for (const auto& entry : missing) {
        if (entry.event) {
            concerned.insert(entry.event->subject);
            for (const auto& point : entry.event->points) holding(point);
            tables_.subjects.add(entry.event->subject, entry.event->observedAt);
            progress_.ids.notBelow(entry.event->id);
            writer_.append(*entry.event);
        } else {
            holding(entry.tombstone->hash);
            writer_.put(*entry.tombstone);
        }
    }
    for (const auto& subject : concerned) writer_.put(Document{kReplayedKind, subject, "{}", 0});
    recovery_.behindJournal = true;
    recovery_.replayed += static_cast<std::int64_t>(missing.size());
    tables_.small.putNote(kRecoveryNote, std::to_string(recovery_.replayed));
    commit();
}

}  // namespace concordat::store
