// SPDX-License-Identifier: Apache-2.0
#pragma once
// One CRM of the run: a real simulator process whose state outlives its kills.

#include <cstdint>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tests/e2e/child.h"

namespace concordat::e2e {

/// [main] Calls throw std::runtime_error with the simulator's own words.
class Simulator {
 public:
    /// Starts it and waits until it answers; its files lie in `folder`.
    Simulator(const std::string& vendor, const std::string& folder, int people, unsigned seed);

    const std::string& vendor() const { return vendor_; }
    std::uint16_t port() const { return port_; }
    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// kill -9.
    void kill();
    /// Starts it again at the same port with the state it had.
    void start();

    nlohmann::json get(const std::string& what) const;
    nlohmann::json post(const std::string& what, const nlohmann::json& body) const;

    /// Does as a person in the vendor's pages.
    nlohmann::json act(const nlohmann::json& order) const;
    nlohmann::json record(const std::string& object, const std::string& id) const;
    nlohmann::json records(const std::string& object) const;
    /// The write history after `since`.
    nlohmann::json writes(std::uint64_t since = 0) const;
    std::uint64_t lastWrite() const;
    /// What the hub wrote after `since`, not people or flows.
    nlohmann::json hubWrites(std::uint64_t since = 0) const;
    void set(const nlohmann::json& settings) const;
    void disturb(const nlohmann::json& faults) const;
    void calm() const;

 private:
    nlohmann::json call(const std::string& method,
                        const std::string& what,
                        const std::string& body) const;

    std::string vendor_;
    std::string folder_;
    int people_;
    unsigned seed_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Child> child_;
};

}  // namespace concordat::e2e
