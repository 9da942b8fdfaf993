// SPDX-License-Identifier: Apache-2.0
#include "hub/store/record_rows.h"

#include "hub/store/page_cursor.h"

namespace concordat::store {

bool isOpen(const Record& record) {
    return !record.deleted && !record.closed && !record.mergedInto;
}

std::string recordCounter(const std::string& system) { return "records:" + system; }

namespace {

std::string contextOf(const std::string& system, const sdk::RecordRef& ref) {
    return rowContext({"records", system, ref.object, ref.id});
}

Place placeOf(const std::string& system, const sdk::RecordRef& ref) {
    return {Part::Record, system, ref.object, ref.id};
}

std::string markOf(const Record& record) {
    std::string mark = isOpen(record) ? "open" : "shut";
    for (const auto& point : record.points) mark += " " + point.hash;
    return mark;
}

}  // namespace

RecordRows::RecordRows(Connection& connection,
                       const Vault& vault,
                       People& people,
                       SubjectRows& subjects)
    : vault_(vault),
      people_(people),
      subjects_(subjects),
      ownerOf_(connection,
               "SELECT subject FROM owners WHERE system = $1 AND object = $2 AND id = $3",
               "t"),
      page_(connection,
            "SELECT r.object, r.id, r.body FROM owners o JOIN people r "
            "ON r.shard = o.shard AND r.subject = o.subject AND r.part = 4 "
            "AND r.system = o.system AND r.object = o.object AND r.id = o.id "
            "WHERE o.system = $1 AND (o.object, o.id) > ($2, $3) "
            "ORDER BY o.object, o.id LIMIT $4",
            "ttb"),
      own_(connection,
           "INSERT INTO owners (system, object, id, shard, subject) VALUES ($1, $2, $3, $4, $5) "
           "ON CONFLICT (system, object, id) DO UPDATE SET shard = excluded.shard, "
           "subject = excluded.subject") {}

Record RecordRows::opened(const PersonRow& row) {
    const auto& [part, system, object, id] = row.place;
    return openRow<Record>(vault_, contextOf(system, {object, id}), row);
}

std::optional<Record> RecordRows::find(const std::string& system, const sdk::RecordRef& ref) {
    if (ownerOf_.run(system, ref.object, ref.id) == 0) return std::nullopt;
    const auto* row = people_.find(ownerOf_.text(0, 0), placeOf(system, ref));
    if (!row) return std::nullopt;
    return opened(*row);
}

std::vector<Record> RecordRows::of(const std::string& subject) {
    std::vector<Record> records;
    for (const auto& row : people_.of(subject))
        if (row.place.part == Part::Record) records.push_back(opened(row));
    return records;
}

std::vector<Record> RecordRows::of(const std::string& subject, const std::string& system) {
    std::vector<Record> records;
    for (const auto& row : people_.of(subject))
        if (row.place.part == Part::Record && row.place.system == system)
            records.push_back(opened(row));
    return records;
}

std::vector<Record> RecordRows::page(const std::string& system, const Slice& slice) {
    const auto after = splitCursor(slice.after, 2);
    const auto rows = page_.run(system, after[0], after[1], slice.limit);
    std::vector<Record> records;
    for (std::size_t i = 0; i < rows; ++i)
        records.push_back(openRow<Record>(
            vault_, contextOf(system, {page_.text(i, 0), page_.text(i, 1)}), page_.bytes(i, 2)));
    return records;
}

void RecordRows::put(const Record& record) {
    const auto place = placeOf(record.system, record.ref);
    auto row = sealedRow(vault_, contextOf(record.system, record.ref), place, record);
    row.mark = markOf(record);
    const auto* known = people_.find(record.subject, place);
    // Most writes change neither owner, openness nor points: then this is all there is to do.
    if (known && known->mark == row.mark) return people_.put(record.subject, std::move(row));
    replace(record, std::move(row));
}

void RecordRows::replace(const Record& record, PersonRow row) {
    if (const auto old = find(record.system, record.ref)) forget(*old, record);
    people_.put(record.subject, std::move(row));
    own_.run(record.system, record.ref.object, record.ref.id, shardOf(record.subject),
             record.subject);
    link(record);
}

void RecordRows::forget(const Record& old, const Record& record) {
    for (const auto& point : old.points) subjects_.letGo(point.hash, old);
    if (isOpen(old)) subjects_.count(recordCounter(old.system), old.subject, -1);
    if (old.subject != record.subject) people_.remove(old.subject, placeOf(old.system, old.ref));
}

void RecordRows::link(const Record& record) {
    if (!isOpen(record)) return;
    subjects_.count(recordCounter(record.system), record.subject, 1);
    if (record.subject.empty()) return;
    for (const auto& point : record.points) subjects_.hold(point.hash, record);
}

}  // namespace concordat::store
