// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which writes the due targets of a system come to now.

#include <set>
#include <string>
#include <vector>

#include "hub/sync/standing.h"
#include "hub/sync/unit.h"
#include "hub/sync/wanted.h"

namespace concordat::sync {

/// One record to write, and what it belongs to.
struct Planned {
    sdk::ApplyItem item;
    std::string subject;
    std::int64_t fence = 0;
    bool loosening = false;
    bool mayCreate = false;  ///< the vendor may make a new row for it
    bool restores = false;   ///< somebody had undone the value
    std::string slots;
};

/// What one claim came to. `held`: subjects whose loosening writes wait.
struct WritePlan {
    std::vector<Planned> tightening;
    std::vector<Planned> loosening;
    std::set<std::string> held;
};

/// Plans the writes of one system inside one unit. Marks each record as being written before
/// anything is sent.
class Planner {
 public:
    /// `mayLoosen`: false while the breaker is half open.
    Planner(Unit& unit, const SystemPlan& plan, bool mayLoosen);

    void add(const store::Target& target, WritePlan& result);

 private:
    struct Work;  // one target on its way
    void addRecord(Work& work, store::Record& record);
    void tighten(Work& work, store::Record& record, const std::vector<Need>& needs);
    void loosen(Work& work, store::Record& record, const std::vector<Need>& needs);
    EpochMs heldUntil(Work& work, const store::Record& record, const Need& need);
    bool takeCaps(Work& work, const std::vector<Need>& needs);
    Planned start(Work& work, store::Record& record, const std::vector<Need>& needs);
    bool wasUndone(Work& work, const store::Record& record, const Need& need);
    void addGivenBack(const store::Record& record, const Book& book, std::vector<Need>& loosening);
    bool needsHistory(const Answers& answers) const;
    void finish(Work& work);

    Unit& unit_;
    const SystemPlan& plan_;
    const std::string whyNot_;
    const bool mayLoosen_;
    const bool webhookWaits_;
    const bool hasNestedSlots_;
    const std::set<std::string> toGiveBack_;
};

}  // namespace concordat::sync
