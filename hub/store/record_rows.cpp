// SPDX-License-Identifier: Apache-2.0
#include "hub/store/record_rows.h"

#include "hub/store/page_cursor.h"
#include "hub/store/sealed_row.h"

namespace concordat::store {

bool isOpen(const Record& record) {
    return !record.deleted && !record.closed && !record.mergedInto;
}

std::string recordCounter(const std::string& system) { return "records:" + system; }

namespace {

std::string contextOf(const std::string& system, const sdk::RecordRef& ref) {
    return rowContext({"records", system, ref.object, ref.id});
}

std::string markOf(const Record& record) {
    std::string mark = isOpen(record) ? "open" : "shut";
    for (const auto& point : record.points) mark += " " + point.hash;
    return mark;
}

}  // namespace

RecordRows::RecordRows(Connection& connection, const Vault& vault, SubjectRows& subjects)
    : vault_(vault),
      subjects_(subjects),
      find_(connection,
            "SELECT r.system, r.object, r.id, r.sealed FROM owners o JOIN records r "
            "ON r.shard = o.shard AND r.subject = o.subject AND r.system = o.system "
            "AND r.object = o.object AND r.id = o.id "
            "WHERE o.system = $1 AND o.object = $2 AND o.id = $3",
            "tttb"),
      of_(connection,
          "SELECT system, object, id, sealed FROM records WHERE shard = $1 AND subject = $2 "
          "ORDER BY system, object, id",
          "tttb"),
      ofSystem_(connection,
                "SELECT system, object, id, sealed FROM records WHERE shard = $1 "
                "AND subject = $2 AND system = $3 ORDER BY object, id",
                "tttb"),
      page_(connection,
            "SELECT r.system, r.object, r.id, r.sealed FROM owners o JOIN records r "
            "ON r.shard = o.shard AND r.subject = o.subject AND r.system = o.system "
            "AND r.object = o.object AND r.id = o.id "
            "WHERE o.system = $1 AND (o.object, o.id) > ($2, $3) "
            "ORDER BY o.object, o.id LIMIT $4",
            "tttb"),
      update_(connection,
              "UPDATE records SET sealed = $1 WHERE shard = $2 AND subject = $3 AND system = $4 "
              "AND object = $5 AND id = $6 AND mark = $7"),
      put_(connection,
           "INSERT INTO records (shard, subject, system, object, id, mark, sealed) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (shard, subject, system, object, id) "
           "DO UPDATE SET mark = excluded.mark, sealed = excluded.sealed"),
      remove_(connection,
              "DELETE FROM records WHERE shard = $1 AND subject = $2 AND system = $3 "
              "AND object = $4 AND id = $5"),
      own_(connection,
           "INSERT INTO owners (system, object, id, shard, subject) VALUES ($1, $2, $3, $4, $5) "
           "ON CONFLICT (system, object, id) DO UPDATE SET shard = excluded.shard, "
           "subject = excluded.subject") {}

std::vector<Record> RecordRows::opened(Statement& statement, std::size_t rows) {
    std::vector<Record> records;
    records.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const sdk::RecordRef ref{statement.text(i, 1), statement.text(i, 2)};
        records.push_back(
            openRow<Record>(vault_, contextOf(statement.text(i, 0), ref), statement.bytes(i, 3)));
    }
    return records;
}

std::optional<Record> RecordRows::find(const std::string& system, const sdk::RecordRef& ref) {
    auto records = opened(find_, find_.run(system, ref.object, ref.id));
    if (records.empty()) return std::nullopt;
    return std::move(records.front());
}

std::vector<Record> RecordRows::of(const std::string& subject) {
    return opened(of_, of_.run(shardOf(subject), subject));
}

std::vector<Record> RecordRows::of(const std::string& subject, const std::string& system) {
    return opened(ofSystem_, ofSystem_.run(shardOf(subject), subject, system));
}

std::vector<Record> RecordRows::page(const std::string& system, const Slice& slice) {
    const auto after = splitCursor(slice.after, 2);
    return opened(page_, page_.run(system, after[0], after[1], slice.limit));
}

void RecordRows::put(const Record& record) {
    const auto sealed = sealRow(vault_, contextOf(record.system, record.ref), record);
    const auto mark = markOf(record);
    // Most writes change neither owner, openness nor points: then this is all there is to do.
    if (update_.run(Blob{sealed}, shardOf(record.subject), record.subject, record.system,
                    record.ref.object, record.ref.id, mark) == 0)
        replace(record, mark, sealed);
}

void RecordRows::replace(const Record& record, const std::string& mark, const std::string& sealed) {
    if (const auto old = find(record.system, record.ref)) forget(*old, record);
    const int shard = shardOf(record.subject);
    put_.run(shard, record.subject, record.system, record.ref.object, record.ref.id, mark,
             Blob{sealed});
    own_.run(record.system, record.ref.object, record.ref.id, shard, record.subject);
    link(record);
}

void RecordRows::forget(const Record& old, const Record& record) {
    for (const auto& point : old.points) subjects_.letGo(point.hash, old);
    if (isOpen(old)) subjects_.count(recordCounter(old.system), old.subject, -1);
    if (old.subject != record.subject)
        remove_.run(shardOf(old.subject), old.subject, old.system, old.ref.object, old.ref.id);
}

void RecordRows::link(const Record& record) {
    if (!isOpen(record)) return;
    subjects_.count(recordCounter(record.system), record.subject, 1);
    if (record.subject.empty()) return;
    for (const auto& point : record.points) subjects_.hold(point.hash, record);
}

}  // namespace concordat::store
