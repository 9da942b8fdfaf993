// SPDX-License-Identifier: Apache-2.0
#pragma once
// The conformance kit: numbered checks of a connector against a vendor that the author plays, or
// that a simulator is. It calls the connector through the same C table as the hub.

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/messages.h"

namespace concordat::sdk::conformance {

/// What only the vendor's side can do. A check that needs an empty one is not run, and says so.
struct Stage {
    /// The hub's clock; near the vendor's. Empty: one that begins in 2023 and ticks when asked.
    std::function<EpochMs()> now;
    /// Time passes for the vendor and for the hub's clock.
    std::function<void(EpochMs ms)> passTime;
    /// What is written from now on is stamped so long before it can be seen; 0: at once.
    std::function<void(EpochMs ms)> showLate;
    /// While on, some, not all, of the items of a batch fail for the moment.
    std::function<void(bool on)> failSome;
    /// All tokens given out so far are refused from now on.
    std::function<void()> expireTokens;
    /// How many tokens were given out so far.
    std::function<int()> signIns;
    /// A person deletes the record; false: nobody can.
    std::function<bool(const RecordRef&)> remove;
    /// A person merges or converts `record` into `into`, and the vendor tells so; false: it has no
    /// such thing.
    std::function<bool(const RecordRef& record, const RecordRef& into)> succeed;
    /// The client that wrote the record last, as the vendor noted it from the request; nothing: it
    /// notes none.
    std::function<std::optional<std::string>(const RecordRef&)> clientOf;
};

/// A call as it crosses the edge, and its answer.
struct Question {
    std::string method;
    std::string json;
};
struct RawReply {
    concordat_status status = CONCORDAT_OK;
    std::string json;
    std::vector<std::string> attachments;
};

/// Asks a new instance in a process of its own. `vendor` answers each of its requests, its clock
/// stands at `now`, and its random number is 4.
using Apart =
    std::function<std::vector<RawReply>(const std::string& settingsJson,
                                        const std::vector<Question>& questions,
                                        const std::function<HttpReply(const HttpRequest&)>& vendor,
                                        EpochMs now)>;

/// What the checks need to know of the connector's world.
struct Scenario {
    /// Of linked objects: &concordat_connector (connector.h); of a library: what it exports.
    const concordat_connector_table* connector = nullptr;
    std::string settingsJson = "{}";
    /// Plays the hub's gateway and the vendor behind it: gives the answer to one request, and
    /// remembers what was written. Several threads call it in the check of concurrent callers.
    std::function<HttpReply(const HttpRequest&)> vendor;
    RecordRef known;                ///< a record that the vendor has …
    std::string slot;               ///< … a slot of it that takes permit and deny …
    Identifier address;             ///< … and an address that it, and only it, holds
    RecordRef unknown;              ///< a record that the vendor does not have
    std::vector<RecordRef> others;  ///< further records with that slot, five or more
    Stage stage;
    Apart apart;             ///< empty: it is tried in this process only
    std::uint64_t seed = 1;  ///< of the faults; a failure prints it
};

/// One rule: what is checked, why it matters, what to do when it fails.
struct Finding {
    int number = 0;
    std::string rule;
    std::string problem;  ///< empty: it holds
    std::string fix;
    std::string notRun;  ///< why it was not checked; empty: it was
};

/// Called with each finding as it comes, and how many there will be.
using Progress = std::function<void(const Finding&, int all)>;

/// Runs every check, each with a new instance. Never throws for what the connector does.
std::vector<Finding> examine(const Scenario& scenario, const Progress& progress = {});

/// The same for a person: a line for each check; 0 if none fails, else 1.
int report(const Scenario& scenario, std::ostream& out);
/// One finding as report() prints it.
void print(const Finding& finding, std::ostream& out);

}  // namespace concordat::sdk::conformance
