// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brings one system to what is wanted there, and reads back whether it holds. Lease, fence and
// generation are modelled, with their assumptions, in tests/model/lease.pml.

#include <set>
#include <string>
#include <vector>

#include "hub/host/connector.h"
#include "hub/sync/observe.h"
#include "hub/sync/planned.h"

namespace concordat::sync {

/// What a step came to. `failed`: the vendor could not be reached for any of it.
struct StepResult {
    int done = 0;
    bool failed = false;
    bool called = false;  ///< the system was called
};

/// The writing side of one system. [lane] A PluginError of the connector passes through.
class Deliverer {
 public:
    Deliverer(Core& core, const SystemPlan& plan, host::Connector& connector, Observer& observer);

    /// Claims due targets and writes them, tightening first. `mayLoosen`: false while the breaker
    /// is half open.
    StepResult deliver(bool mayLoosen);
    /// Reads back what was written, asks for pending jobs, and makes due what waited for a retry.
    StepResult verify();
    /// Asks whether the system answers, and nothing else of it.
    void probe();
    /// What was held may be tried again: a pause or a stop ended.
    void releaseHeld();

 private:
    host::CallContext context(host::Priority priority,
                              std::chrono::steady_clock::time_point sendBefore) const;
    bool isAnythingDue();
    StepResult send(const std::vector<Planned>& batch,
                    host::Priority priority,
                    std::chrono::steady_clock::time_point sendBefore);
    bool isHolder(Unit& unit, const Planned& planned) const;
    void settle(Unit& unit, const Planned& planned, const sdk::Outcome& outcome);
    void take(Unit& unit,
              const Planned& planned,
              const sdk::Outcome& outcome,
              store::Record& record,
              store::TargetRecord& row);
    void takeUnknown(Unit& unit, const Planned& planned, store::TargetRecord& row);
    void release(Unit& unit, const Planned& planned);
    void leaveNotes(const std::vector<Planned>& batch, const sdk::ApplyReply& reply);
    std::string noteFor(const Planned& planned);

    void pollJobs(const std::vector<store::TargetRecord>& rows);
    void settleJob(Unit& unit, const store::TargetRecord& row, const sdk::Outcome& outcome);
    void readBack(const std::vector<sdk::RecordRef>& refs);
    void lookLater(Unit& unit, const sdk::RecordRef& ref, bool isStale);
    void makeDue(const std::vector<store::TargetRecord>& rows);

    Core& core_;
    const SystemPlan& plan_;
    host::Connector& connector_;
    Observer& observer_;
    const std::string owner_;
    std::set<std::string> held_;
    std::set<sdk::RecordRef> staleReads_;  // read back once and found older than known
};

}  // namespace concordat::sync
