// SPDX-License-Identifier: Apache-2.0
#include "hub/store/schema.h"

#include <string>
#include <string_view>
#include <vector>

#include "hub/consent/error.h"
#include "hub/store/connection.h"

namespace concordat::store {

namespace {

struct Migration {
    int number;
    const char* name;
    std::vector<const char*> statements;
};

// Tables found by subject begin their key with its shard, directories with what they are asked for
// (hash, record, id): on a distributed engine each has its own way to the node. No constraint
// crosses subjects. `sealed` columns open with the key file only.
const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all = {
        {1,
         "first schema",
         {
             "CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name))",
             "CREATE TABLE counters (name TEXT NOT NULL, shard SMALLINT NOT NULL, "
             "value BIGINT NOT NULL, PRIMARY KEY (name, shard))",
             "CREATE TABLE subjects (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "created_at BIGINT NOT NULL, touched BIGINT NOT NULL, PRIMARY KEY (shard, subject))",
             // Who holds an address, number or id: through a record, or by a claim (system '').
             "CREATE TABLE points (hash TEXT NOT NULL, subject TEXT NOT NULL, system TEXT NOT NULL,"
             " object TEXT NOT NULL, id TEXT NOT NULL, "
             "PRIMARY KEY (hash, subject, system, object, id))",
             "CREATE TABLE claims (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "hash TEXT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (shard, subject, hash))",
             "CREATE TABLE events (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "id TEXT NOT NULL, observed_at BIGINT NOT NULL, decision TEXT NOT NULL, "
             "sealed BYTEA NOT NULL, PRIMARY KEY (shard, subject, id))",
             "CREATE INDEX events_by_id ON events (id)",
             "CREATE TABLE bindings (hash TEXT NOT NULL, observed_at BIGINT NOT NULL, "
             "id TEXT NOT NULL, shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "PRIMARY KEY (hash, observed_at, id))",
             // Tightening events and tombstones in the order in which the journal has them.
             "CREATE TABLE suppressions (sequence BIGINT NOT NULL, subject TEXT NOT NULL, "
             "id TEXT NOT NULL, PRIMARY KEY (sequence))",
             "CREATE TABLE effective (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "next_change BIGINT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (shard, subject))",
             "CREATE INDEX effective_by_change ON effective (next_change) WHERE next_change > 0",
             "CREATE TABLE owners (system TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, "
             "shard SMALLINT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (system, object, id))",
             // `mark` stands for what the row says to the other tables: owner, openness, points.
             "CREATE TABLE records (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "system TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, mark TEXT NOT NULL, "
             "sealed BYTEA NOT NULL, PRIMARY KEY (shard, subject, system, object, id))",
             // `wake_at`: when it may be claimed, the later of due_at and the end of its lease.
             "CREATE TABLE targets (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "system TEXT NOT NULL, generation BIGINT NOT NULL, tightening SMALLINT NOT NULL, "
             "due_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, lease_owner TEXT NOT NULL, "
             "fence BIGINT NOT NULL, lease_until BIGINT NOT NULL, wake_at BIGINT NOT NULL, "
             "PRIMARY KEY (shard, subject, system))",
             "CREATE INDEX targets_awake ON targets (system, tightening, wake_at, subject) "
             "WHERE wake_at > 0",
             // `look_at`: the earlier of retry and verification.
             "CREATE TABLE target_records (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "system TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, "
             "look_at BIGINT NOT NULL, parked SMALLINT NOT NULL, sealed BYTEA NOT NULL, "
             "PRIMARY KEY (shard, subject, system, object, id))",
             "CREATE INDEX target_records_to_look ON target_records (system, look_at) "
             "WHERE look_at > 0",
             "CREATE INDEX target_records_parked ON target_records (system, subject, object, id) "
             "WHERE parked = 1",
             "CREATE TABLE deliveries (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "id TEXT NOT NULL, system TEXT NOT NULL, sealed BYTEA NOT NULL, "
             "PRIMARY KEY (shard, subject, id))",
             "CREATE INDEX deliveries_by_system ON deliveries (system, id)",
             "CREATE TABLE inbox (id TEXT NOT NULL, subject TEXT NOT NULL, dedupe TEXT NOT NULL, "
             "closed_at BIGINT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (id))",
             "CREATE INDEX inbox_by_subject ON inbox (subject, id)",
             "CREATE UNIQUE INDEX inbox_open ON inbox (dedupe) "
             "WHERE closed_at = 0 AND dedupe <> ''",
             "CREATE INDEX inbox_open_by_id ON inbox (id) WHERE closed_at = 0",
             "CREATE TABLE incidents (id TEXT NOT NULL, dedupe TEXT NOT NULL, "
             "resolved_at BIGINT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (id))",
             "CREATE UNIQUE INDEX incidents_open ON incidents (dedupe) "
             "WHERE resolved_at = 0 AND dedupe <> ''",
             "CREATE INDEX incidents_open_by_id ON incidents (id) WHERE resolved_at = 0",
             // state: 0 waits, 1 in quarantine, 2 decided and kept only to know it again.
             "CREATE TABLE webhooks (id TEXT NOT NULL, system TEXT NOT NULL, dedupe TEXT NOT NULL, "
             "state SMALLINT NOT NULL, attempts BIGINT NOT NULL, decided_at BIGINT NOT NULL, "
             "problem BYTEA, sealed BYTEA, PRIMARY KEY (id))",
             "CREATE UNIQUE INDEX webhooks_known ON webhooks (system, dedupe)",
             "CREATE INDEX webhooks_undecided ON webhooks (state, system, id) WHERE state < 2",
             "CREATE TABLE cursors (system TEXT NOT NULL, lane TEXT NOT NULL, "
             "sealed BYTEA NOT NULL, PRIMARY KEY (system, lane))",
             "CREATE TABLE tombstones (hash TEXT NOT NULL, key_id TEXT NOT NULL, "
             "at BIGINT NOT NULL, PRIMARY KEY (hash))",
             "CREATE TABLE documents (kind TEXT NOT NULL, hash TEXT NOT NULL, "
             "expires_at BIGINT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (kind, hash))",
             "CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at > 0",
             // One row for each commit: a packed list that ends with this sequence.
             "CREATE TABLE changes (last BIGINT NOT NULL, packed BYTEA NOT NULL, "
             "PRIMARY KEY (last))",
         }},
        {2, "subjects are locked without a write", {"ALTER TABLE subjects DROP COLUMN touched"}},
        {3,
         "all of a person in one place",
         {
             // What `part` means, and what the others mean in each, says people.h.
             "CREATE TABLE people (shard SMALLINT NOT NULL, subject TEXT NOT NULL, "
             "part SMALLINT NOT NULL, system TEXT NOT NULL, object TEXT NOT NULL, "
             "id TEXT NOT NULL, at BIGINT NOT NULL, mark TEXT NOT NULL, body BYTEA NOT NULL, "
             "PRIMARY KEY (shard, subject, part, system, object, id))",
             "INSERT INTO people SELECT shard, subject, 0, '', '', '', created_at, '', "
             "CAST('' AS BYTEA) FROM subjects",
             "INSERT INTO people SELECT shard, subject, 1, '', '', hash, 0, '', sealed FROM claims",
             "INSERT INTO people SELECT shard, subject, 2, '', '', id, observed_at, decision, "
             "sealed FROM events",
             "INSERT INTO people SELECT shard, subject, 3, '', '', '', next_change, '', sealed "
             "FROM effective",
             "INSERT INTO people SELECT shard, subject, 4, system, object, id, 0, mark, sealed "
             "FROM records",
             "INSERT INTO people SELECT shard, subject, 5, system, '', '', wake_at, "
             "CASE tightening WHEN 0 THEN '' ELSE 'tightening' END, "
             "CAST(generation || ' ' || due_at || ' ' || changed_at || ' ' || fence || ' ' || "
             "lease_until || ' ' || lease_owner AS BYTEA) FROM targets",
             "INSERT INTO people SELECT shard, subject, 6, system, object, id, look_at, "
             "CASE parked WHEN 0 THEN '' ELSE 'parked' END, sealed FROM target_records",
             "DROP TABLE subjects",
             "DROP TABLE claims",
             "DROP TABLE events",
             "DROP TABLE effective",
             "DROP TABLE records",
             "DROP TABLE targets",
             "DROP TABLE target_records",
             "CREATE INDEX people_events ON people (id) WHERE part = 2",
             "CREATE INDEX people_changing ON people (at) WHERE part = 3 AND at > 0",
             "CREATE INDEX people_awake ON people (system, mark, at, subject) "
             "WHERE part = 5 AND at > 0",
             "CREATE INDEX people_to_look ON people (system, at) WHERE part = 6 AND at > 0",
             "CREATE INDEX people_parked ON people (system, subject, object, id) "
             "WHERE part = 6 AND mark = 'parked'",
         }},
        // An entry at a random place for each webhook would be one more page in each commit.
        {4,
         "only what may come twice is known again",
         {
             "DROP INDEX webhooks_known",
             "CREATE UNIQUE INDEX webhooks_known ON webhooks (system, dedupe) WHERE dedupe <> ''",
         }},
    };
    return all;
}

/// The same statement as SQLite has it: Poco does not know the name BYTEA there, and a table kept
/// in its key's order is one tree instead of two.
std::string forSqlite(std::string statement) {
    constexpr std::string_view kBytes = "BYTEA";
    for (auto at = statement.find(kBytes); at != std::string::npos; at = statement.find(kBytes, at))
        statement.replace(at, kBytes.size(), "BLOB");
    return statement.starts_with("CREATE TABLE") ? statement + " WITHOUT ROWID" : statement;
}

int versionOf(Connection& connection) {
    Statement exists(connection,
                     "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1", "t");
    if (exists.run("migrations") == 0) return 0;
    Statement newest(connection, "SELECT COALESCE(MAX(number), 0) FROM migrations", "n");
    newest.run();
    return static_cast<int>(newest.number(0, 0));
}

void refuseNewer(const Connection& connection, int version) {
    if (version <= schemaVersion()) return;
    throw StoreError(connection.path() + " was made by a newer Concordat (its schema is number " +
                     std::to_string(version) + ", this program knows up to " +
                     std::to_string(schemaVersion()) +
                     "); run that version, or restore a backup made before the upgrade");
}

}  // namespace

int schemaVersion() { return migrations().back().number; }

void migrate(Connection& connection, std::int64_t now) {
    const int version = versionOf(connection);
    refuseNewer(connection, version);
    if (version == 0)
        connection.run(
            "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT "
            "NULL, applied_at BIGINT NOT NULL)");
    Statement note(connection, "INSERT INTO migrations VALUES ($1, $2, $3)");
    for (const Migration& migration : migrations()) {
        if (migration.number <= version) continue;
        connection.run("BEGIN IMMEDIATE");
        for (const char* statement : migration.statements) connection.run(forSqlite(statement));
        note.run(migration.number, migration.name, now);
        connection.run("COMMIT");
    }
}

void expectCurrentSchema(Connection& connection) {
    const int version = versionOf(connection);
    refuseNewer(connection, version);
    if (version < schemaVersion())
        throw StoreError(connection.path() +
                         " was made by an older Concordat; start the hub once to bring it up to "
                         "date");
}

}  // namespace concordat::store
