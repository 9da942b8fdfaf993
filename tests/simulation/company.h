// SPDX-License-Identifier: Apache-2.0
#pragma once
// The systems of one seed, in the manner of three vendors, and the people in them.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hub/sync/plan.h"
#include "tests/simulation/scenario.h"
#include "tests/sync/model_system.h"

namespace concordat::simulation {

using consent::EpochMs;
using sync::test::FakeClock;
using sync::test::ModelSystem;
using sync::test::Row;

enum class Vendor { Salesforce, Sellsy, Eudonet };

struct System {
    Vendor vendor = Vendor::Salesforce;
    sync::SystemPlan plan;
    std::unique_ptr<ModelSystem> model;
    std::map<FaultKind, EpochMs> until;      ///< real times
    std::map<FaultKind, std::uint64_t> how;  ///< dice of the fault that is on
    bool isTroubled = false;                 ///< faults are set in the model
    bool webhooks = false;
    bool timedWebhooks = false;
    int made = 0;

    bool isOn(FaultKind fault, EpochMs real) const {
        const auto found = until.find(fault);
        return found != until.end() && found->second > real;
    }
    /// The last time that anything was wrong with it.
    EpochMs troubledUntil() const;
    /// Sets the model's faults by what is on now.
    void refresh(EpochMs real);
    std::vector<const consent::SlotRules*> slotsOf(const std::string& object) const;
    const consent::SlotRules* slot(const std::string& id) const;
};

/// Where a person's rows are, as the world knows it.
using RowName = std::pair<int, sdk::RecordRef>;

class Company {
 public:
    Company(const Scenario& scenario, FakeClock& clock);

    /// What hub node `node` is set to.
    sync::Plan planOf(int node) const;
    System& system(int at) { return *systems[static_cast<std::size_t>(at)]; }
    static std::string emailOf(int person) { return "p" + std::to_string(person) + "@example.org"; }
    /// A row for the person, with what a user or the vendor's defaults put there.
    sdk::RecordRef create(int system, int person, Dice& dice);
    std::vector<sdk::RecordRef> rowsOf(int system, int person) const;
    int personOf(int system, const sdk::RecordRef& ref) const;
    void adopt(int system, const sdk::RecordRef& ref, int person) {
        people[{system, ref}] = person;
    }

    consent::Policy policy;
    std::vector<consent::Key> keys;
    std::vector<std::unique_ptr<System>> systems;
    std::map<RowName, int> people;
    sync::Settings settings;

 private:
    void addPolicy(Dice& dice);
    void addSystem(int at, Dice& dice, FakeClock& clock);

    const Scenario& scenario_;
};

}  // namespace concordat::simulation
