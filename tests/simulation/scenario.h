// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a seed comes to: systems, faults that are on, and a list of acts that can be shortened.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/dice.h"

namespace concordat::simulation {

/// What somebody does, or what breaks.
enum class ActKind {
    Deny,           ///< a user sets a slot to no
    Permit,         ///< a user ticks a slot, with nothing to show for it
    PermitProven,   ///< with evidence of a known source
    PermitClaimed,  ///< with evidence of a source nobody knows
    Clear,          ///< a user empties a slot
    Redate,         ///< a user types another date into a slot
    Touch,          ///< a user changes something else in the row
    Create,
    Delete,
    Undelete,
    Merge,
    Convert,   ///< a lead becomes a contact
    Import,    ///< a batch of rows with typed dates
    NewEmail,  ///< the row gets another address
    SayNo,     ///< the person, to the hub
    SayObject,
    SayYes,
    SayContact,
    Erase,
    ConfirmMerge,
    Unmerge,
    WorkInbox,
    Void,
    Pause,
    FullStop,
    Resume,
    Retry,
    Calm,  ///< all faults end, everything comes to rest, all is checked
    Fault
};

enum class FaultKind {
    WebhookDrop,
    WebhookTwice,
    WebhookLate,
    CommitThenTimeout,
    NeverArrived,
    PartialBatch,
    TooMany,
    ServerError,
    TokenExpired,
    StaleReads,
    LateRows,
    PagesAgain,
    ClockJump,
    VendorClockJump,
    VendorRestore,
    HubRestore,
    LateCommit,
    ConnectorDies,
    HubDies,
    TornCommit,
    LostJournal,
    DiskFull,
    NodePause,
    Overlap,  ///< other lanes work and people act while a request is under way
    Rejects,
    NewSettings,
    Count
};

std::string toString(ActKind kind);
std::string toString(FaultKind kind);

struct Act {
    std::int64_t at = 0;  ///< ms since the start
    ActKind kind = ActKind::Touch;
    FaultKind fault = FaultKind::Count;
    int system = 0;
    int person = 0;
    std::int64_t lasts = 0;  ///< of a fault
    std::uint64_t dice = 0;  ///< for everything else about it
};

std::string toString(const Act& act);

struct Scenario {
    std::uint64_t seed = 0;
    double hours = 0;
    int systems = 2;
    int people = 4;
    int nodes = 1;
    bool exactClocks = true;  ///< nobody's clock jumps
    std::set<FaultKind> faults;
    std::vector<Act> acts;
};

/// `swarm`: each seed draws which faults and acts are on; else all are.
Scenario draw(std::uint64_t seed, double hours, bool swarm);

}  // namespace concordat::simulation
