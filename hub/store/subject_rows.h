// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/connection.h"
#include "hub/store/rows.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// Subjects, the counters that spare a count of all rows, and who holds which identifier.
class SubjectRows {
 public:
    SubjectRows(Connection& connection, const Vault& vault);

    bool exists(const std::string& subject);
    /// Does nothing if the subject is there.
    void add(const std::string& subject, EpochMs now);
    /// Throws StoreError if there is no such subject.
    void lock(const std::string& subject);

    std::int64_t count(const std::string& counter);
    void count(const std::string& counter, const std::string& subject, std::int64_t change);

    std::vector<std::string> holding(const std::string& hash);
    void hold(const std::string& hash, const Record& record);
    void letGo(const std::string& hash, const Record& record);

    std::vector<consent::Point> claims(const std::string& subject);
    void claim(const std::string& subject, const consent::Point& point);
    void release(const std::string& subject, const std::string& hash);

 private:
    const Vault& vault_;
    Statement exists_, add_, count_, recount_;
    Statement holding_, hold_, letGo_;
    Statement claims_, claim_, release_;
};

}  // namespace concordat::store
