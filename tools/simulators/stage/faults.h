// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace concordat::simulators {

/// One ordered disturbance: which calls it hits and how. Kinds of the stage are latency, status,
/// 429, 500, 503_html, 200_html, reset, commit_then_reset, commit_then_timeout, truncated_json,
/// wrong_types, partial_batch, garbage, slow_body; a vendor may add its own.
struct Fault {
    std::uint64_t id = 0;
    std::string kind;
    std::string method;       ///< empty: every method
    std::string path;         ///< substring of path?query; empty: every path
    std::uint64_t times = 1;  ///< 0: for ever
    std::uint64_t after = 0;  ///< matching calls let through first
    double probability = 1;
    int ms = 1000;         ///< latency, commit_then_timeout, slow_body
    int retry_after = -1;  ///< seconds; -1: no Retry-After header
    int status = 503;      ///< kind "status"
    double share = 0.5;    ///< partial_batch: share of the items that fail
    std::uint64_t hits = 0;
};

/// Reads and checks a fault order. Throws std::invalid_argument with one sentence. `extraKinds`
/// are those of the vendor.
Fault readFault(const nlohmann::json& order, const std::vector<std::string>& extraKinds);
/// The fault as the admin endpoint shows it.
nlohmann::json showFault(const Fault& fault);

/// The faults that wait for their calls. Thread-safe. [any]
class FaultDeck {
 public:
    explicit FaultDeck(std::uint64_t seed) : dice_(seed) {}

    /// Adds a fault and gives its id.
    std::uint64_t add(Fault fault);
    void clear();
    std::vector<Fault> list() const;
    /// The first fault that hits this call, if any; its turn is used up.
    std::optional<Fault> draw(std::string_view method, std::string_view target);

 private:
    std::atomic<bool> empty_{true};
    mutable std::mutex mutex_;  // guards all below
    std::vector<Fault> faults_;
    std::mt19937_64 dice_;
    std::uint64_t lastId_ = 0;
};

}  // namespace concordat::simulators
