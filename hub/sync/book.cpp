// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/book.h"

#include <algorithm>

namespace concordat::sync {

namespace {

bool saysNothing(const consent::Effective& effective) {
    return effective.answer == consent::Answer::Unknown && effective.deciding.empty() &&
           effective.contested.empty() && !effective.nextChange;
}

void readGroup(store::Reader& reader, Book& book) {
    std::vector<std::string> waiting{book.history.subject};
    while (!waiting.empty()) {
        const auto subject = waiting.back();
        waiting.pop_back();
        if (!book.group.insert(subject).second) continue;
        for (auto& event : reader.events(subject)) {
            if (event.decision == consent::Decision::Merged && !event.other.empty())
                waiting.push_back(event.other);
            book.history.events.push_back(std::move(event));
        }
    }
}

/// Its addresses are those of its person: the store says so of the same rows.
bool isOpen(const store::Record& record) { return !record.closed && !record.deleted; }

void readPoints(store::Reader& reader, Book& book) {
    auto points = book.claims;
    for (const auto& record : book.records)
        for (const auto& point : record.points)
            if (isOpen(record) && !point.hash.empty()) points.insert(point.hash);
    book.history.pointEvents.clear();
    book.history.erased = false;
    book.history.erasedAt = 0;
    for (const auto& point : points) {
        for (auto& event : reader.eventsBinding(point))
            if (!book.group.contains(event.subject))
                book.history.pointEvents.push_back(std::move(event));
        if (const auto tombstone = reader.tombstone(point)) {
            book.history.erased = true;
            book.history.erasedAt = std::max(book.history.erasedAt, tombstone->at);
        }
    }
    book.history.points.assign(points.begin(), points.end());
}

}  // namespace

consent::Answer answerOf(const Answers& answers, const consent::Key& key) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const auto& row) { return row.key == key; });
    return found == answers.end() ? consent::Answer::Unknown : found->effective.answer;
}

Book readBook(store::Reader& reader, const std::string& subject) {
    Book book;
    book.history.subject = subject;
    readGroup(reader, book);
    book.records = reader.recordsOf(subject);
    for (auto& point : reader.claims(subject)) book.claims.insert(std::move(point.hash));
    readPoints(reader, book);
    book.stored = reader.effective(subject);
    book.answers = book.stored;
    return book;
}

void take(store::Reader& reader, Book& book, const store::Record& record) {
    const auto found =
        std::find_if(book.records.begin(), book.records.end(), [&](const auto& known) {
            return known.system == record.system && known.ref == record.ref;
        });
    const bool isKnown = found != book.records.end();
    const bool samePoints =
        isKnown && found->points == record.points && isOpen(*found) == isOpen(record);
    if (isKnown) {
        *found = record;
    } else {
        book.records.push_back(record);
    }
    if (samePoints) return;
    // Everything that binds its contact points is read anew.
    readPoints(reader, book);
    book.dirty = true;
}

void recompute(Book& book, const consent::Policy& policy, consent::EpochMs now) {
    book.dirty = false;
    book.answers.clear();
    const auto& history = book.history;
    if (history.events.empty() && history.pointEvents.empty() && !history.erased) return;
    for (const auto& [name, scope] : policy.scopes)
        for (auto& key : policy.keys(name)) {
            auto effective = consent::effective(history, key, policy, now);
            if (!saysNothing(effective))
                book.answers.push_back({std::move(key), std::move(effective)});
        }
}

Answers answersOfPoint(store::Reader& reader,
                       const std::string& pointHash,
                       const consent::Policy& policy,
                       consent::EpochMs now) {
    Book book;
    book.history.points = {pointHash};
    book.history.pointEvents = reader.eventsBinding(pointHash);
    if (const auto tombstone = reader.tombstone(pointHash)) {
        book.history.erased = true;
        book.history.erasedAt = tombstone->at;
    }
    recompute(book, policy, now);
    return book.answers;
}

}  // namespace concordat::sync
