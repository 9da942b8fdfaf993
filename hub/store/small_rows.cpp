// SPDX-License-Identifier: Apache-2.0
#include "hub/store/small_rows.h"

#include <algorithm>

#include "hub/store/sealed_row.h"

namespace concordat::store {

SmallRows::SmallRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      cursor_(connection, "SELECT sealed FROM cursors WHERE system = $1 AND lane = $2", "b"),
      putCursor_(connection,
                 "INSERT INTO cursors (system, lane, sealed) VALUES ($1, $2, $3) "
                 "ON CONFLICT (system, lane) DO UPDATE SET sealed = excluded.sealed"),
      tombstone_(connection, "SELECT hash, key_id, at FROM tombstones WHERE hash = $1", "ttn"),
      putTombstone_(connection,
                    "INSERT INTO tombstones (hash, key_id, at) VALUES ($1, $2, $3) "
                    "ON CONFLICT (hash) DO UPDATE SET key_id = excluded.key_id, at = excluded.at "
                    "WHERE tombstones.at < excluded.at"),
      document_(connection,
                "SELECT sealed FROM documents WHERE kind = $1 AND hash = $2 "
                "AND (expires_at = 0 OR expires_at > $3)",
                "b"),
      documents_(connection,
                 "SELECT hash, sealed FROM documents WHERE kind = $1 "
                 "AND (expires_at = 0 OR expires_at > $2)",
                 "tb"),
      putDocument_(connection,
                   "INSERT INTO documents (kind, hash, expires_at, sealed) "
                   "VALUES ($1, $2, $3, $4) ON CONFLICT (kind, hash) DO UPDATE SET "
                   "expires_at = excluded.expires_at, sealed = excluded.sealed"),
      removeDocument_(connection, "DELETE FROM documents WHERE kind = $1 AND hash = $2"),
      removeExpired_(connection, "DELETE FROM documents WHERE expires_at > 0 AND expires_at <= $1"),
      changes_(
          connection, "SELECT packed FROM changes WHERE last > $1 ORDER BY last LIMIT $2", "b"),
      lastChange_(connection, "SELECT COALESCE(MAX(last), 0) FROM changes", "n"),
      addChanges_(connection, "INSERT INTO changes (last, packed) VALUES ($1, $2)"),
      trimChanges_(connection, "DELETE FROM changes WHERE last <= $1"),
      note_(connection, "SELECT value FROM meta WHERE name = $1", "t"),
      putNote_(connection,
               "INSERT INTO meta (name, value) VALUES ($1, $2) "
               "ON CONFLICT (name) DO UPDATE SET value = excluded.value") {}

std::string SmallRows::cursor(const std::string& system, const std::string& lane) {
    if (cursor_.run(system, lane) == 0) return {};
    return vault_.unseal(cursor_.bytes(0, 0), rowContext({"cursors", system, lane}));
}

void SmallRows::putCursor(const std::string& system,
                          const std::string& lane,
                          const std::string& cursor) {
    const auto sealed = vault_.seal(cursor, rowContext({"cursors", system, lane}));
    putCursor_.run(system, lane, Blob{sealed});
}

std::optional<Tombstone> SmallRows::tombstone(const std::string& hash) {
    if (tombstone_.run(hash) == 0) return std::nullopt;
    return Tombstone{tombstone_.text(0, 0), tombstone_.text(0, 1), tombstone_.number(0, 2)};
}

bool SmallRows::put(const Tombstone& tombstone) {
    return putTombstone_.run(tombstone.hash, tombstone.keyId, tombstone.at) > 0;
}

std::string SmallRows::documentHash(const std::string& id) const {
    return vault_.hash("document", id);
}

std::optional<Document> SmallRows::document(const std::string& kind,
                                            const std::string& id,
                                            EpochMs now) {
    const auto hash = documentHash(id);
    if (document_.run(kind, hash, now) == 0) return std::nullopt;
    return openRow<Document>(vault_, rowContext({"documents", kind, hash}), document_.bytes(0, 0));
}

std::vector<Document> SmallRows::documents(const std::string& kind, EpochMs now) {
    std::vector<Document> documents;
    const auto rows = documents_.run(kind, now);
    for (std::size_t i = 0; i < rows; ++i)
        documents.push_back(
            openRow<Document>(vault_, rowContext({"documents", kind, documents_.text(i, 0)}),
                              documents_.bytes(i, 1)));
    std::sort(documents.begin(), documents.end(),
              [](const Document& a, const Document& b) { return a.id < b.id; });
    return documents;
}

void SmallRows::put(const Document& document) {
    const auto hash = documentHash(document.id);
    const auto sealed = sealRow(vault_, rowContext({"documents", document.kind, hash}), document);
    putDocument_.run(document.kind, hash, document.expiresAt, Blob{sealed});
}

void SmallRows::removeDocument(const std::string& kind, const std::string& id) {
    removeDocument_.run(kind, documentHash(id));
}

void SmallRows::removeExpired(EpochMs now) { removeExpired_.run(now); }

std::vector<Change> SmallRows::changesAfter(std::int64_t sequence, int limit) {
    std::vector<Change> changes;
    const auto rows = changes_.run(sequence, limit);
    for (std::size_t i = 0; i < rows; ++i)
        for (auto& change : fromBytes<Changes>(changes_.bytes(i, 0)).rows)
            if (change.sequence > sequence && static_cast<int>(changes.size()) < limit)
                changes.push_back(std::move(change));
    return changes;
}

std::int64_t SmallRows::lastChange() {
    lastChange_.run();
    return lastChange_.number(0, 0);
}

void SmallRows::add(const std::vector<Change>& changes) {
    const auto packed = toBytes(Changes{changes});
    addChanges_.run(changes.back().sequence, Blob{packed});
}

void SmallRows::removeChangesUpTo(std::int64_t sequence) { trimChanges_.run(sequence); }

std::string SmallRows::note(const std::string& name) {
    return note_.run(name) > 0 ? note_.text(0, 0) : std::string();
}

void SmallRows::putNote(const std::string& name, const std::string& value) {
    putNote_.run(name, value);
}

}  // namespace concordat::store
