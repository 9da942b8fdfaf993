// SPDX-License-Identifier: Apache-2.0
#pragma once
// HTTP to a program of the run on this machine.

#include <cstdint>
#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace concordat::e2e {

/// Status 0: nobody answered, or the connection broke.
struct Answer {
    int status = 0;
    std::string body;
    std::string location;  ///< of a redirect
    bool ok() const { return status >= 200 && status < 300; }
    /// The body as JSON; null if it is none.
    nlohmann::json json() const;
};

/// One connection per call. [main]
class Talk {
 public:
    explicit Talk(std::uint16_t port, std::string token = "");

    Answer get(const std::string& path) const;
    Answer post(const std::string& path, const nlohmann::json& body) const;
    Answer send(const std::string& method,
                const std::string& path,
                const std::string& body,
                const std::map<std::string, std::string>& headers = {}) const;

 private:
    std::uint16_t port_;
    std::string token_;
};

}  // namespace concordat::e2e
