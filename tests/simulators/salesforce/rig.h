// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tools/simulators/salesforce/salesforce.h"
#include "tools/simulators/stage/entrance.h"

namespace concordat::simulators::salesforce {

/// A small org that is asked without a socket, with a token already given out.
struct Rig {
    explicit Rig(const std::string& state = "", Credentials credentials = {});

    /// One request as it is; `headers` go along.
    Reply raw(const std::string& method,
              const std::string& target,
              const std::string& body = "",
              Headers headers = {});
    /// A data API request under /services/data/v66.0 with the token.
    Reply ask(const std::string& method,
              const std::string& path,
              const std::string& body = "",
              Headers headers = {});
    nlohmann::json json(const std::string& method,
                        const std::string& path,
                        const std::string& body = "",
                        Headers headers = {});
    /// Answer of a SOQL query; `q` is encoded here.
    nlohmann::json query(const std::string& soql, const std::string& kind = "query");
    /// The errorCode of a query that must fail.
    std::string refusal(const std::string& soql);
    nlohmann::json admin(const std::string& method,
                         const std::string& what,
                         const std::string& body = "");
    /// POST /_admin/act
    nlohmann::json act(const nlohmann::json& order);
    /// Id of the n-th row of an object.
    std::string id(const std::string& object, std::uint64_t n = 0);
    /// Creates a contact and gives its id.
    std::string contact(const nlohmann::json& fields);

    Stage stage;
    Salesforce org;
    Entrance entrance{stage, org};
    std::string token;
};

/// Percent-encodes everything but letters and digits.
std::string encoded(const std::string& text);
std::string headerOf(const Reply& reply, const std::string& name);
/// The errorCode of the first error that `reply` names.
std::string errorOf(const Reply& reply);

}  // namespace concordat::simulators::salesforce
