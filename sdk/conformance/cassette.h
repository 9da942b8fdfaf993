// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a vendor answered, kept in a file to be answered again without it. It holds what the
// connector and the checks asked and were told, people's data included, and nothing of a sign-in,
// which is the gateway's. Record only where people are made up.

#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <string>

#include "sdk/conformance/simulator.h"

namespace concordat::sdk::conformance {

/// What must be the same when it is played.
struct CassetteLabel {
    std::string settingsJson;
    std::uint64_t seed = 1;
    EpochMs begun = 0;
    bool hasStage = false;  ///< a simulator's admin endpoint was recorded too
};

/// A recording, or a player. [any] Must outlive what it gives.
class Cassette {
 public:
    /// Begins the file anew. Throws std::runtime_error if it cannot be written.
    Cassette(const std::string& file, const CassetteLabel& label);
    /// Throws std::runtime_error with one sentence if the file is none.
    explicit Cassette(const std::string& file);

    const CassetteLabel& label() const { return label_; }
    /// Passes on and records; or plays, and then looks at neither.
    std::function<HttpReply(const HttpRequest&)> vendor(
        std::function<HttpReply(const HttpRequest&)> inner);
    Admin admin(Admin inner);
    /// A clock that the number of questions moves, so that it goes the same again.
    EpochMs now();
    /// Requests that were not recorded: the connector has changed.
    std::size_t missed() const;

 private:
    std::string answerTo(const std::string& question,
                         const std::function<std::string()>& ask,
                         const std::string& otherwise);

    CassetteLabel label_;
    bool plays_ = false;
    std::ofstream out_;
    mutable std::mutex mutex_;  // guards all below, and out_
    std::map<std::string, std::deque<std::string>> answers_;
    std::size_t missed_ = 0;
    EpochMs ticks_ = 0;
};

}  // namespace concordat::sdk::conformance
