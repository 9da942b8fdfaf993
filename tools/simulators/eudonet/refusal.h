// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace concordat::simulators::eudonet {

/// Error numbers of ResultInfos. Those to 204, 300 and 701 are the vendor's; no public source tells
/// the numbers from 600 to 700, they are this simulator's own and a client must not depend on them.
enum class ErrorNumber {
    badCredentials = 100,
    noToken = 101,
    badToken = 102,
    expiredToken = 103,
    badSubscriber = 104,
    notDirectlyLinked = 204,
    quotaReached = 300,
    unknownTable = 600,
    unknownFile = 601,
    unknownField = 602,
    notAllowed = 603,
    badValue = 604,
    missingValue = 605,
    badRequest = 606,
    noFilter = 700,
    noColumns = 701,
};

/// Thrown to answer a call with `Success: false`.
class Refusal : public std::runtime_error {
 public:
    Refusal(ErrorNumber number, const std::string& message)
        : std::runtime_error(message), number_(number) {}

    ErrorNumber number() const { return number_; }

 private:
    ErrorNumber number_;
};

}  // namespace concordat::simulators::eudonet
