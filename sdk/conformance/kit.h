// SPDX-License-Identifier: Apache-2.0
#pragma once
// The conformance kit: numbered checks of a connector against a vendor that the author plays. It
// calls the connector through the same C table as the hub.

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/messages.h"

namespace concordat::sdk::conformance {

/// What the checks need to know of the connector's world.
struct Scenario {
    /// Of linked objects: &concordat_connector (connector.h); of a library: what it exports.
    const concordat_connector_table* connector = nullptr;
    std::string settingsJson = "{}";
    /// Plays the vendor: gives the answer to one request, and remembers what was written.
    std::function<HttpReply(const HttpRequest&)> vendor;
    RecordRef known;     ///< a record that the vendor has …
    std::string slot;    ///< … a writable slot of it …
    Identifier address;  ///< … and an address that it, and only it, holds
    RecordRef unknown;   ///< a record that the vendor does not have
};

/// One rule: what is checked, why it matters, what to do when it fails.
struct Finding {
    int number = 0;
    std::string rule;
    std::string problem;  ///< empty: it holds
    std::string fix;
};

/// Runs every check, each with a new instance. Never throws for what the connector does.
std::vector<Finding> examine(const Scenario& scenario);

/// The same for a person: a line for each check; 0 if all hold, else 1.
int report(const Scenario& scenario, std::ostream& out);

}  // namespace concordat::sdk::conformance
