// SPDX-License-Identifier: Apache-2.0
#pragma once
// Salesforce's times in queries. Pure, any thread.

#include <string>

#include "sdk/concordat/times.h"

namespace concordat::plugins::salesforce {

/// A literal for SOQL, in UTC: "2026-03-01T10:11:12Z"; with milliseconds only if there are any.
std::string soqlTime(sdk::EpochMs at);

}  // namespace concordat::plugins::salesforce
