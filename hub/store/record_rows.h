// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/store.h"
#include "hub/store/subject_rows.h"

namespace concordat::store {

/// Neither deleted, closed nor merged away.
bool isOpen(const Record& record);
/// The counter of a system's open records.
std::string recordCounter(const std::string& system);

/// Records under their subject, and the directory from a record to it.
class RecordRows {
 public:
    /// `people` and `subjects` must live as long.
    RecordRows(Connection& connection, const Vault& vault, People& people, SubjectRows& subjects);

    std::optional<Record> find(const std::string& system, const sdk::RecordRef& ref);
    std::vector<Record> of(const std::string& subject);
    std::vector<Record> of(const std::string& subject, const std::string& system);
    std::vector<Record> page(const std::string& system, const Slice& slice);
    void put(const Record& record);

 private:
    Record opened(const PersonRow& row);
    void replace(const Record& record, PersonRow row);
    void forget(const Record& old, const Record& record);
    void link(const Record& record);

    const Vault& vault_;
    People& people_;
    SubjectRows& subjects_;
    Statement ownerOf_, page_, own_;
};

}  // namespace concordat::store
