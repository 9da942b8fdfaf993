// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/people.h"

namespace concordat::store {

/// Subjects, the counters that spare a count of all rows, and who holds which identifier.
class SubjectRows {
 public:
    /// `people` must live as long.
    SubjectRows(Connection& connection, const Vault& vault, People& people);

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
    People& people_;
    Statement count_, recount_;
    Statement holding_, hold_, letGo_;
};

}  // namespace concordat::store
