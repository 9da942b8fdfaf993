// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tools/simulators/salesforce/schema.h"
#include "tools/simulators/salesforce/value.h"
#include "tools/simulators/stage/people.h"

namespace concordat::simulators::salesforce {

using RowIndex = std::uint32_t;

/// One record. A seeded one keeps only what was changed since; its other fields are computed.
struct Row {
    bool seeded = false, deleted = false, purged = false;
    std::uint32_t createdBy = 0, modifiedBy = 0;  ///< rows of User
    std::int64_t created = 0, modified = 0;       ///< UTC ms; modified is SystemModstamp too
    std::vector<std::pair<FieldIndex, Value>> set;
};

/// The records of one object, with indexes on time and on the indexed fields.
class Table {
 public:
    explicit Table(const ObjectType& type) : type_(&type) {}

    const ObjectType& type() const { return *type_; }
    RowIndex size() const { return static_cast<RowIndex>(rows_.size()); }
    const Row& row(RowIndex index) const { return rows_[index]; }
    std::string id(RowIndex index) const { return makeRowId(*type_, index); }
    /// The row of an id of 15 or 18 characters; none when there is no such row.
    std::optional<RowIndex> find(std::string_view id) const;

    RowIndex add(Row row);
    /// Puts another state in place of a row; the time index follows.
    void replace(RowIndex index, Row row);
    void dropLast();
    /// Remembers that a field of a row holds (or held) a value.
    void noteValue(FieldIndex field, const Value& value, RowIndex row);
    /// Rows that hold or held the value: check them.
    void candidates(FieldIndex field, const Value& value, std::vector<RowIndex>& out) const;

    /// (SystemModstamp, row) of all rows, in order.
    const std::set<std::pair<std::int64_t, RowIndex>>& byStamp() const { return byStamp_; }
    static std::string makeRowId(const ObjectType& type, RowIndex index);

 private:
    const ObjectType* type_;
    std::vector<Row> rows_;
    std::set<std::pair<std::int64_t, RowIndex>> byStamp_;
    std::map<FieldIndex, std::unordered_multimap<std::size_t, RowIndex>> byValue_;
};

/// All records of the org. Not thread-safe: Org holds the lock.
class Database {
 public:
    explicit Database(const World& world) : world_(world) {}

    /// Drops everything and seeds it from the world's people.
    void seed();
    const World& world() const { return world_; }
    Table& table(int object) { return tables_[static_cast<std::size_t>(object)]; }
    const Table& table(int object) const { return tables_[static_cast<std::size_t>(object)]; }
    Table& table(std::string_view object) { return table(findObject(object)); }
    const Table& table(std::string_view object) const { return table(findObject(object)); }

 private:
    void seedTable(std::string_view object, std::uint64_t rows);
    void seedFixed();
    void addFixed(std::string_view object, std::vector<std::pair<std::string, Value>> fields);

    const World& world_;
    std::vector<Table> tables_;
};

/// Reads fields of one record; a seeded person is computed once. Lives shorter than the lock.
class RowView {
 public:
    RowView(const Database& database, const Table& table, RowIndex row)
        : database_(database), table_(table), row_(row) {}

    Value get(FieldIndex field) const;
    Value get(std::string_view field) const { return get(table_.type().at(field)); }
    const Row& row() const { return table_.row(row_); }
    RowIndex index() const { return row_; }
    const Table& table() const { return table_; }
    const Database& database() const { return database_; }
    std::string id() const { return table_.id(row_); }
    /// The record a reference field points to, and its object; none when null.
    std::optional<RowView> follow(FieldIndex field) const;

 private:
    Value system(FieldIndex field) const;

    const Database& database_;
    const Table& table_;
    RowIndex row_;
    mutable std::optional<Person> person_;
};

/// What a seeded record holds in a field, before any change.
Value seededValue(const RowView& view, FieldIndex field, std::optional<Person>& person);
/// Time of creation and last change of the n-th of `count` seeded records.
std::int64_t seededTime(std::uint64_t n, std::uint64_t count);
/// How many seeded records an object has for so many people.
std::uint64_t seededCount(std::string_view object, std::uint64_t people);

}  // namespace concordat::simulators::salesforce
