// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/salesforce/org.h"
#include "tools/simulators/salesforce/transaction.h"

namespace concordat::simulators::salesforce {

/// What people do in the org's own pages, and what the admin endpoint shows of it. [any]
class Ui {
 public:
    explicit Ui(Org& org);
    ~Ui();

    /// {"do": create|update|delete|undelete|purge|merge|convert, "object", "id" or "email",
    /// "set": {…}, "losers": [ids], "contact": id, "user", "late_s"}. With late_s the change is
    /// stamped now but committed that many seconds later. Throws std::invalid_argument.
    nlohmann::json act(const nlohmann::json& order);
    /// Commits the late changes that have become due.
    void runDue();

    nlohmann::json records(const RecordQuery& query);
    nlohmann::json summary();
    bool set(const std::string& name, const nlohmann::json& value);
    nlohmann::json settings();

 private:
    nlohmann::json perform(const nlohmann::json& order, std::int64_t startedAt);
    nlohmann::json performIn(Transaction& txn, const nlohmann::json& order);
    RowIndex target(const Table& table, const nlohmann::json& order, bool deletedToo);
    nlohmann::json show(const Table& table, RowIndex row) const;

    struct Late;
    Org& org_;
    std::mutex mutex_;                        // guards late_; taken before Org::mutex
    std::multimap<std::int64_t, Late> late_;  // by due time, vendor ms
    std::atomic<bool> anyLate_{false};
};

}  // namespace concordat::simulators::salesforce
