// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulators/eudonet/schema.h"

namespace concordat::simulators::eudonet {

/// One record. All values lie in one text, in the order of the table's fields, so that a million
/// rows cost little; the two dates are wall seconds of Paris and 0 means "no such row".
struct Row {
    std::int64_t createdWall = 0;
    std::int64_t modifiedWall = 0;
    std::string packed;

    bool exists() const { return createdWall != 0; }
};

/// The records of one table by file id (1, 2, …), with indexes on the fields marked `indexed` and
/// on the date of change. The caller locks. [any]
class Rows {
 public:
    explicit Rows(const Table& table);
    ~Rows();
    Rows(Rows&&) noexcept;

    const Table& table() const { return *table_; }
    /// How many rows exist.
    std::size_t size() const { return size_; }
    /// Grows with every change; what was found before holds as long as it stays the same.
    std::uint64_t version() const { return version_; }
    /// The largest file id ever given.
    int lastFileId() const { return static_cast<int>(rows_.size()); }

    /// Null when there is no such row. Valid until the next change.
    const Row* find(int fileId) const;
    /// The stored value in `column`; system dates are put together from the row.
    std::string value(const Row& row, std::size_t column) const;

    /// Adds a row and gives its file id. `values` has one text per field of the table.
    int add(std::int64_t wall, const std::vector<std::string>& values);
    /// Replaces all values of an existing row and sets its date of change.
    void replace(int fileId, std::int64_t wall, const std::vector<std::string>& values);
    /// All values of a row, to be changed and handed to replace().
    std::vector<std::string> unpack(const Row& row) const;
    /// Removes a row; its file id is never given again. False when there is none.
    bool remove(int fileId);

    /// File ids whose indexed `column` equals `value`, ignoring case, in no order. May hold a few
    /// others (it compares hashes): the caller checks the value.
    std::vector<int> candidates(std::size_t column, std::string_view value) const;
    /// How many rows were changed at `wall` or later.
    std::size_t countChangedFrom(std::int64_t wall) const;
    /// File ids changed at `wall` or later, oldest change first, at most `limit` after `skip`.
    std::vector<int> changedFrom(std::int64_t wall, std::size_t skip, std::size_t limit) const;

 private:
    struct Indexes;
    void index(int fileId, const Row& row);
    void unindex(int fileId, const Row& row);

    const Table* table_;
    std::vector<Row> rows_;
    std::size_t size_ = 0;
    std::uint64_t version_ = 0;
    std::unique_ptr<Indexes> indexes_;
};

}  // namespace concordat::simulators::eudonet
