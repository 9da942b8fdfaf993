// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/stage/calls.h"
#include "tools/simulators/stage/faults.h"
#include "tools/simulators/stage/http.h"
#include "tools/simulators/stage/journal.h"
#include "tools/simulators/stage/people.h"

namespace concordat::simulators {

/// What the command line decides for every simulator.
struct Options {
    std::string vendor;  ///< eg: "salesforce"; offsets the people only this vendor has
    std::uint16_t port = 0;
    std::string port_file;
    std::uint64_t people = 2000;
    double overlap = 0.6;
    std::uint64_t seed = 1;
    int threads = 64;
    int latency_ms = 0;
    std::string state;  ///< file that keeps the writes; "": memory only
};

/// Knobs that /_admin/settings turns while the simulator runs.
struct Settings {
    std::atomic<int> latency_ms{0};
    std::atomic<std::int64_t> clock_skew_ms{0};
    std::atomic<int> late_visibility_s{0};  ///< how long before its commit a change is stamped
    std::atomic<std::int64_t> token_lifetime_s{7200};
    std::atomic<std::int64_t> quota{-1};  ///< calls per vendor period; -1: the vendor's own
    std::atomic<bool> webhooks{true};
};

/// What all simulators share: people, clock, history, faults, counters, settings. [any]
struct Stage {
    explicit Stage(const Options& chosen);

    const Options options;
    const World world;
    Settings settings;
    FaultDeck faults;
    CallCounter calls;
    Journal journal;
    /// Held shared by whoever works in the vendor, exclusively while its state is rebuilt.
    std::shared_mutex serving;
    std::atomic<std::int64_t> snapshot{-1};  ///< write number of the last snapshot; -1: none

    /// The vendor's clock: real UTC ms plus the skew.
    std::int64_t now() const { return realNow() + settings.clock_skew_ms; }
    /// Waits unless the stage closes; false when it closed.
    bool pause(int ms);
    /// Ends all pauses, for stopping.
    void close();

 private:
    std::mutex mutex_;
    std::condition_variable closing_;
    bool closed_ = false;  // guarded by mutex_
};

/// What one API call tells the stage besides its reply.
struct Call {
    std::optional<Fault> fault;  ///< in: partial_batch or a fault kind of the vendor
    std::string name;            ///< out: path template for the counters, eg: "/contacts/{id}"
    std::uint64_t items = 0;     ///< out: records carried
};

/// Which records /_admin/records shows.
struct RecordQuery {
    std::string object, email, id;
    std::uint64_t offset = 0, limit = 100;
};

/// One vendor's API. All methods are called by many threads at once and must lock for themselves.
/// Methods that read a person's order throw std::invalid_argument with one sentence.
class Vendor {
 public:
    virtual ~Vendor() = default;

    /// Answers an API call. Writes it made must be in the journal when it returns.
    virtual Reply handle(const Request& request, Call& call) = 0;
    /// The vendor's own "too many requests" reply, without Retry-After.
    virtual Reply limitReply() = 0;
    /// The vendor's own error body for a status.
    virtual Reply errorReply(int status) = 0;
    /// Fault kinds the vendor adds to those of the stage; they arrive in Call::fault.
    virtual std::vector<std::string> faultKinds() const { return {}; }

    /// Does in the vendor's UI what the order says; gives the record or a summary.
    virtual nlohmann::json act(const nlohmann::json& order) = 0;
    /// Array of raw current records.
    virtual nlohmann::json records(const RecordQuery& query) = 0;
    /// Counts per object.
    virtual nlohmann::json summary() = 0;
    /// Takes one setting of its own; false when the name is not known.
    virtual bool set(const std::string& name, const nlohmann::json& value) = 0;
    /// Its own settings as they are.
    virtual nlohmann::json settings() = 0;
    /// All access tokens given out so far are refused from now on.
    virtual void expireTokens() = 0;
    /// Goes back to the seed's state, before any write.
    virtual void reset() = 0;
    /// Applies one write of the journal to the state, without writing it to the journal again.
    virtual void replay(const Write& write) = 0;
};

/// Brings the vendor to the journal's state: reset and replay. Needs Stage::serving exclusively, or
/// that nothing is served yet.
void rebuild(Stage& stage, Vendor& vendor);

}  // namespace concordat::simulators
