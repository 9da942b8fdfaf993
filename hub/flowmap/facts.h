// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the map is told about the live hub, and what it tells the rooms that move data (D37).

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/manifest/value.h"

namespace concordat::flowmap {

/// One host a system was seen to talk to.
struct HostSeen {
    std::string system;
    std::string host;
    std::uint64_t calls = 0;
    std::uint64_t refused = 0;
    bool encrypted = true;
};

/// Delivery of withdrawals, refusals and objections to one system.
struct Propagation {
    std::string system;
    std::uint64_t verified = 0;
    std::uint64_t open = 0;
    std::int64_t oldestOpenHours = 0;
};

struct LedgerFacts {
    std::uint64_t consents = 0;
    std::uint64_t unproven = 0;
    std::uint64_t implied = 0;  ///< by silence, scrolling or a pre-ticked box
    std::uint64_t imported = 0;
    std::uint64_t importedUnproven = 0;
};

/// Filled by the app from store, gateway and sync. A feed that is absent is not connected; one in
/// `failed` did not answer.
struct Facts {
    std::optional<std::vector<std::string>> connections;                          ///< system ids
    std::optional<std::map<std::string, std::vector<std::string>>> schemaFields;  ///< by system
    std::optional<std::vector<HostSeen>> hosts;
    std::optional<std::vector<Propagation>> propagation;
    std::optional<LedgerFacts> ledger;
    std::set<std::string> failed;  ///< feeds by the name compliance-rules.csv gives them
};

/// What a signature allows a system (D1). No terms at all: the system is new.
struct Terms {
    bool read = false;      ///< R
    bool restrict = false;  ///< W
    bool permit = false;    ///< P
    bool extend = false;    ///< X
    std::vector<std::string> hosts;
    std::vector<std::string> fields;
    std::string hash;  ///< of the unit that was signed
};

}  // namespace concordat::flowmap
