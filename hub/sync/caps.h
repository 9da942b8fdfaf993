// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much one source system may cause in an hour before a person is asked.

#include <map>
#include <string>
#include <vector>

#include "hub/sync/core.h"

namespace concordat::sync {

/// Explicit denies are only counted: above the cap they raise an incident and go out all the same.
enum class CapKind { Loosening, Inferred, Explicit };

std::string toString(CapKind kind);

/// The caps as one unit of work sees them; `save` writes back what changed.
class CapBook {
 public:
    CapBook(store::Writer& unit, const Core& core) : unit_(unit), core_(core) {}

    /// Takes one from the cap of `source`. False: the cap is reached and a person must allow more;
    /// the first refusal adds an inbox item and an incident.
    bool take(const std::string& source, CapKind kind, EpochMs now);
    void save();

 private:
    struct State {
        EpochMs from = 0;
        std::int64_t used = 0;
        bool tripped = false;
        EpochMs liftedUntil = 0;
        std::int64_t limit = 0;
        bool changed = false;
    };
    State& state(const std::string& source, CapKind kind);
    void report(const std::string& source, CapKind kind, std::int64_t limit, EpochMs now);

    store::Writer& unit_;
    const Core& core_;
    std::map<std::string, State> states_;
};

/// A person lets what waits pass: the cap is lifted for an hour.
void liftCap(store::Writer& unit, const std::string& source, CapKind kind, EpochMs now);

/// Remembers a record whose inferred withdrawal waits for a person, and what the slot showed.
void holdBack(store::Writer& unit,
              const std::string& system,
              const sdk::RecordRef& ref,
              const sdk::SlotReading& reading);

/// What slots of this record showed when they were held back; empty: nothing waits.
std::vector<sdk::SlotReading> heldReadings(store::Reader& reader,
                                           const std::string& system,
                                           const sdk::RecordRef& ref);

/// The records that wait for the cap of inferred withdrawals and may be read again now.
std::vector<sdk::RecordRef> heldBack(store::Reader& reader, const std::string& system, EpochMs now);
void release(store::Writer& unit, const std::string& system, const sdk::RecordRef& ref);

}  // namespace concordat::sync
