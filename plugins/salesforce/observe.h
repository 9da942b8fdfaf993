// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of Salesforce as observations. Pure functions, any thread.

#include <map>
#include <optional>
#include <string>

#include "plugins/salesforce/replies.h"
#include "plugins/salesforce/vocabulary.h"

namespace concordat::plugins::salesforce {

/// A row as it was sent, and what it shows.
struct Row {
    sdk::Observation seen;
    nlohmann::json raw;
};

/// Empty if the row has no usable id.
std::optional<Row> rowOf(const nlohmann::json& raw,
                         const Settings& settings,
                         const Kind& kind,
                         sdk::EpochMs askedAt);

/// A time of the vendor's, to the second; a null or anything else: empty.
std::optional<sdk::VendorTime> timeOf(const nlohmann::json& row, std::string_view field);
/// True only for a JSON true.
bool isSet(const nlohmann::json& row, std::string_view field);

}  // namespace concordat::plugins::salesforce
