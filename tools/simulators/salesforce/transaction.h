// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/simulators/salesforce/org.h"

namespace concordat::simulators::salesforce {

/// Changes made together by one author. The stamp is taken when it is opened. Nothing reaches the
/// journal before commit(); what was not committed is undone by the destructor. Needs Org::mutex
/// held exclusively all its life.
class Transaction {
 public:
    /// `user` is the row of User that changes are attributed to. `startedAt` 0: now, less the
    /// late_visibility_s of the settings.
    Transaction(Org& org, Doer doer, std::uint32_t user, std::int64_t startedAt = 0);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    using Mark = std::pair<std::size_t, std::size_t>;
    Mark mark() const { return {undo_.size(), writes_.size()}; }
    void rollback(Mark mark);
    void commit();

    RowIndex create(Table& table);
    /// Sets one field; equal values change nothing. The row's stamp moves in touch().
    void set(Table& table, RowIndex row, FieldIndex field, Value value);
    void setDeleted(Table& table, RowIndex row, bool deleted);
    void purge(Table& table, RowIndex row);
    /// Stamps the row as changed now; noted on its own when no field of it was changed.
    void touch(Table& table, RowIndex row, bool changed);

    Org& org() { return org_; }
    std::int64_t start() const { return start_; }
    /// Attributes what follows to an automation that runs in this transaction; "" ends it.
    void actAs(const std::string& actor);

 private:
    struct Undo {
        Table* table;
        RowIndex row;
        bool created;
        Row before;
    };
    void note(
        Table& table, RowIndex row, std::string_view field, std::string before, std::string after);
    void keep(Table& table, RowIndex row);

    Org& org_;
    Doer doer_;
    std::string automation_;
    std::uint32_t user_;
    std::int64_t start_;
    std::vector<Undo> undo_;
    std::vector<std::pair<std::string, Write>> writes_;  // actor and write
};

/// Applies one write of the journal to the database.
void replayWrite(Org& org, const Write& write);
/// The row of User with this name; made when there is none.
std::uint32_t userNamed(Database& database, std::string_view name);

}  // namespace concordat::simulators::salesforce
