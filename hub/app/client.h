// SPDX-License-Identifier: Apache-2.0
#pragma once
// The command line as a client of the hub's own API.

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace concordat::app {

/// Where a running hub answers, and the token that its own machine's administrator uses.
struct HubAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string token;
};

/// Talks to one hub. [main] Throws RequestError with the hub's own words, or a ConfigError if
/// nobody answers.
class Client {
 public:
    explicit Client(HubAddress address);
    nlohmann::json get(const std::string& path) const;
    nlohmann::json post(const std::string& path, const nlohmann::json& body) const;
    /// True if a hub answers at the address.
    bool answers() const;

 private:
    nlohmann::json send(const std::string& method,
                        const std::string& path,
                        const std::string& body) const;

    HubAddress address_;
};

}  // namespace concordat::app
