// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what a connector saw to what the ledger holds: freshness, identity, the table of slots,
// events and targets.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hub/sync/unit.h"

namespace concordat::sync {

/// How an observation came to be.
enum class Source { Pull, Webhook, Read, ReadBack, Sweep, Reply };

/// One observation with its frame. `acceptedAt`: when the hub learned that something happened; 0 =
/// now. `lastChance`: it was read again already, what is still missing is missing.
struct Sighting {
    sdk::Observation observation;
    Source source = Source::Pull;
    EpochMs acceptedAt = 0;
    bool lastChance = false;
    std::string causation;
};

/// Records that must be read before the sightings can decide.
struct Seen {
    std::vector<sdk::RecordRef> readAgain;  ///< stale reads
    std::vector<sdk::RecordRef> needed;     ///< persons and merge winners never read
    std::vector<Sighting> deferred;         ///< sightings that wait for `needed`
};

/// Watches one system. [lane]
class Observer {
 public:
    Observer(Core& core, const SystemPlan& plan) : core_(core), plan_(plan) {}

    /// How far the system's clock was from the hub's when it last answered. [lane]
    void setSkew(std::int64_t skewMs) { skewMs_ = skewMs; }

    /// Takes the sightings in, some dozens per unit. `last` runs in the last unit, and only if
    /// nothing has to be read again: the place for a cursor.
    Seen observe(const std::vector<Sighting>& sightings,
                 const std::function<void(Unit&)>& last = nullptr);

    /// Takes one sighting in as part of a unit that is under way.
    void observeOne(Unit& unit, const Sighting& sighting, Seen& seen);

    /// The record was asked for and is not there any more.
    void gone(Unit& unit, const sdk::RecordRef& ref);

 private:
    struct Look;  // one observation on its way through the steps below
    bool isUsable(Look& look, Seen& seen);
    bool waitsForOthers(const Look& look, Seen& seen);
    void identify(Look& look);
    void followMerge(Look& look);
    void observeSlots(Look& look);
    void observeSlot(Look& look, const consent::SlotRules& rules, const sdk::SlotReading& reading);
    void takeHeld(Look& look);
    void takeHeldOfGone(Unit& unit, store::Record& record);
    bool isWaiting(const Look& look) const;
    consent::RecordView viewOf(const Look& look);
    void record(Look& look, consent::Event event);
    void ask(Look& look,
             const consent::SlotRules& rules,
             consent::CandidateKind kind,
             const std::string& explanation);
    void countRegression(Look& look);

    Core& core_;
    const SystemPlan& plan_;
    std::int64_t skewMs_ = 0;
    EpochMs regressionsFrom_ = 0;
    int regressions_ = 0;
};

}  // namespace concordat::sync
