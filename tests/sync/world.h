// SPDX-License-Identifier: Apache-2.0
#pragma once
// Systems, store, lanes and virtual time in one place.

#include <memory>

#include "hub/sync/system_sync.h"
#include "tests/sync/memory_store.h"
#include "tests/sync/model_system.h"

namespace concordat::sync::test {

inline constexpr auto kEmail = "contact.email";

/// Everything of the hub that dies with the program.
struct Program {
    Program(store::Store& store, const Plan& plan, Clock& clock, Random& random);
    /// Two lanes for the next system of the plan.
    void connect(const SystemPlan& plan, host::Connector& reading, host::Connector& writing);

    HubTime time;
    Counters counters;
    Fuse fuse;
    std::set<std::string> woken;
    Core core;
    std::vector<std::unique_ptr<ReadLane>> readers;
    std::vector<std::unique_ptr<WriteLane>> writers;
    std::map<Lane*, EpochMs> until;
};

class World {
 public:
    explicit World(std::uint64_t seed = 1);

    /// An opt-out flag (None / Deny), a set (Permit / Absent) or a record (Permit / Deny).
    ModelSystem& addFlag(const std::string& name);
    ModelSystem& addSet(const std::string& name);
    ModelSystem& addRecord(const std::string& name);
    SystemPlan& plan(const std::string& name);
    ModelSystem& system(const std::string& name) { return *systems_.at(name); }

    /// Starts the program anew, as after a crash.
    void restart();
    /// Lets the lanes work for so long.
    void run(EpochMs ms);
    /// Reads everything, opens, and comes to rest.
    void start();
    Program& program();
    Core& core() { return program().core; }

    std::string subjectOf(const std::string& system, const std::string& id);
    consent::Effective effective(const std::string& system, const std::string& id);
    /// "deny" …: the answer for marketing by email.
    std::string answer(const std::string& system, const std::string& id);
    /// The person says it to the hub: a decision with proof that is held.
    void say(const std::string& subject, consent::Decision decision);
    int openItems(const std::string& kind);
    int openIncidents(const std::string& kind);
    std::vector<std::string> stages(const std::string& subject, const std::string& system);
    void webhook(const std::string& system, const std::string& id, bool timed = false);

    FakeClock clock;
    FakeRandom random;
    MemoryStore store;
    Plan company;

 private:
    ModelSystem& add(const std::string& name, sdk::Shown permit, sdk::Shown deny);

    std::map<std::string, std::unique_ptr<ModelSystem>> systems_;
    std::unique_ptr<Program> program_;
    int webhooks_ = 0;
};

}  // namespace concordat::sync::test
