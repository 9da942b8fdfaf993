// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is kept of one person lies side by side in one table, and is read at once: what is asked
// of it later in the same unit costs nothing.

#include <string>
#include <unordered_map>
#include <vector>

#include "hub/store/connection.h"
#include "hub/store/rows.h"
#include "hub/store/sealed_row.h"

namespace concordat::store {

/// What a row of the table `people` holds; the numbers stand in its SQL and in its indexes.
enum class Part {
    Subject = 0,       ///< at: created
    Claim = 1,         ///< id: the point's hash
    Event = 2,         ///< at: observed, mark: decision
    Effective = 3,     ///< at: when time alone may change an answer
    Record = 4,        ///< mark: openness and points
    Target = 5,        ///< at: when it may be claimed, mark: "tightening"; its body is not sealed
    TargetRecord = 6,  ///< at: when to look at it again, mark: "parked"
};

/// Where a row stands among those of its subject.
struct Place {
    Part part = Part::Subject;
    std::string system;
    std::string object;
    std::string id;
    bool operator==(const Place&) const = default;
    auto operator<=>(const Place&) const = default;
};

/// One row. `plain` is what its body says once it was opened; empty: not yet.
struct PersonRow {
    Place place;
    EpochMs at = 0;
    std::string mark;
    std::string body;
    mutable std::string plain;
};

/// The table as one connection sees it.
class People {
 public:
    explicit People(Connection& connection);

    /// What was read may be older than the database from now on: first in every unit and view.
    void forget() { known_.clear(); }
    /// All rows of the subject in the order of their places. Valid until the next call.
    const std::vector<PersonRow>& of(const std::string& subject);
    /// Null if there is none. Valid until the next call.
    const PersonRow* find(const std::string& subject, const Place& place);

    /// False if there is such a row already.
    bool add(const std::string& subject, PersonRow row);
    /// Adds it, or puts it in the place of what is there.
    void put(const std::string& subject, PersonRow row);
    /// Changes a row that is there without reading the others of its subject.
    void change(const std::string& subject, const PersonRow& row);
    void remove(const std::string& subject, const Place& place);

 private:
    using Rows = std::vector<PersonRow>;
    Rows& read(const std::string& subject);
    void insert(const std::string& subject, const PersonRow& row);

    Statement of_, insert_, change_, rewrite_, remove_;
    std::unordered_map<std::string, Rows> known_;
};

/// Opens the row's body, once.
template <class T>
T openRow(const Vault& vault, const std::string& context, const PersonRow& row) {
    if (row.plain.empty()) row.plain = vault.unseal(row.body, context);
    return fromBytes<T>(row.plain);
}

/// Seals `value` as the body of a row.
template <class T>
PersonRow sealedRow(const Vault& vault, const std::string& context, Place place, const T& value) {
    PersonRow row{std::move(place), 0, "", "", toBytes(value)};
    row.body = vault.seal(row.plain, context);
    return row;
}

}  // namespace concordat::store
