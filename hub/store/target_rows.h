// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/people.h"
#include "hub/store/store.h"

namespace concordat::store {

/// Who asks for due targets, and until when they are theirs.
struct Claim {
    std::string system;
    std::string owner;
    EpochMs now = 0;
    EpochMs leaseUntil = 0;
    int limit = 0;
};

/// What each system should hold for each subject, and how each of its records stands.
class TargetRows {
 public:
    /// `people` must live as long.
    TargetRows(Connection& connection, const Vault& vault, People& people);

    std::optional<Target> find(const std::string& subject, const std::string& system);
    void put(const Target& target);
    /// With its records.
    void remove(const std::string& subject, const std::string& system);
    std::vector<Target> claim(const Claim& claim);
    std::int64_t dueCount(const std::string& system);
    std::optional<EpochMs> nextDue(const std::string& system);

    std::vector<TargetRecord> records(const std::string& subject, const std::string& system);
    void put(const TargetRecord& targetRecord);
    std::vector<TargetRecord> toVerify(const std::string& system, EpochMs now, int limit);
    std::vector<TargetRecord> parked(const std::string& system, const Slice& slice);

 private:
    std::vector<Target> due(const Claim& claim, bool tightening, int limit);
    std::vector<TargetRecord> opened(Statement& statement, std::size_t rows);

    const Vault& vault_;
    People& people_;
    Statement due_, dueCount_, firstAwake_;
    Statement toVerify_, parked_, firstLook_;
};

}  // namespace concordat::store
