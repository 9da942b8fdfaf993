// SPDX-License-Identifier: Apache-2.0
#pragma once
// How one system stands: first connection, tenant, pauses and stops. Kept in the store.

#include <set>
#include <string>

#include "hub/store/store.h"

namespace concordat::sync {

/// New: not connected yet. Loading: its first load runs. Loaded: read, waits for approval. Open:
/// written.
enum class Phase { New, Loading, Loaded, Open };

std::string toString(Phase phase);

struct Standing {
    std::string system;
    Phase phase = Phase::New;
    std::string tenantId;
    std::string tenantName;
    std::string foreignTenant;  ///< another account answered; the lanes stand still
    bool paused = false;
    std::string pauseReason;
    store::EpochMs fullStopUntil = 0;  ///< no writes at all until then
    std::string fullStopReason;
    std::string stoppedBy;
    std::string approvedBy;   ///< who opened it
    bool regressed = false;   ///< looks restored from a backup: no loosening until a person says so
    bool recovering = false;  ///< must be read again from the start before anything is loosened
    store::EpochMs loadedAt = 0;

    bool isOpen() const { return phase == Phase::Open && foreignTenant.empty(); }
    bool isFullyStopped(store::EpochMs now) const { return fullStopUntil > now; }
};

Standing standing(store::Reader& reader, const std::string& system);
void put(store::Writer& unit, const Standing& standing);

/// While one system has to be read again after a restore, no system is loosened.
bool isRecovering(store::Reader& reader);
/// Puts every system of the list into recovery; its cursor starts again.
void beginRecovery(store::Writer& unit, const std::vector<std::string>& systems);
/// The system was read from its start to its end.
void endRecovery(store::Writer& unit, const std::string& system);

/// A person decided that a deny of ours, made only because of a merge that ended, goes back.
void giveBack(store::Writer& unit,
              const std::string& system,
              const sdk::RecordRef& ref,
              const std::string& slot);
/// The slots of a system to give back, as "object/id/slot".
std::set<std::string> toGiveBack(store::Reader& reader, const std::string& system);
void gaveBack(store::Writer& unit, const std::string& system, const std::string& name);

/// Why no loosening write may go to the system now; empty: it may.
std::string whyNotLoosen(store::Reader& reader, const Standing& standing);

}  // namespace concordat::sync
