// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/stage/entrance.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::sellsy {

/// An account with 300 people behind its entrance, and a client that has a token.
class Bench {
 public:
    Bench();

    /// A call with the client's token; the whole reply.
    Reply send(const std::string& method,
               const std::string& target,
               const std::string& body = "",
               const std::string& type = "application/json");
    /// The same, its JSON; null for an empty body.
    nlohmann::json call(const std::string& method,
                        const std::string& target,
                        const nlohmann::json& body = nullptr);
    /// HTTP status of a call.
    int status(const std::string& method,
               const std::string& target,
               const nlohmann::json& body = nullptr);
    nlohmann::json set(const nlohmann::json& settings);
    /// Makes a contact with all channels and gives its id.
    std::string addContact(const std::string& lastName);
    void logIn();

    Stage stage;
    Sellsy vendor;
    Entrance entrance;
    std::string token;
};

std::string header(const Reply& reply, const std::string& name);

}  // namespace concordat::simulators::sellsy
