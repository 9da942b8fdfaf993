// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {

/// Thrown to answer an API v2 call with the vendor's error envelope. `details` is an object of
/// field and message; without any it is sent as an empty array, as the vendor does.
class Problem : public std::runtime_error {
 public:
    using Details = std::vector<std::pair<std::string, std::string>>;

    Problem(int status, const std::string& message, Details details = {})
        : std::runtime_error(message), status_(status), details_(std::move(details)) {}

    int status() const { return status_; }
    const Details& details() const { return details_; }

 private:
    int status_;
    Details details_;
};

/// 400 with the vendor's French sentence for one bad field.
Problem badField(const std::string& field, const std::string& why);
/// The envelope. [any]
Reply problemReply(const Problem& problem);

Reply jsonReply(const nlohmann::json& body, int status = 200);

}  // namespace concordat::simulators::sellsy
