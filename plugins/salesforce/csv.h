// SPDX-License-Identifier: Apache-2.0
#pragma once
// The comma-separated results of a Bulk API 2.0 job (RFC 4180, UTF-8). Pure, any thread.

#include <optional>
#include <string_view>
#include <vector>

#include "plugins/salesforce/replies.h"
#include "plugins/salesforce/shape.h"

namespace concordat::plugins::salesforce {

/// Its rows as a query's reply would have them: names with a dot stand in an object, empty cells
/// are null, and what `shape` calls a boolean is one. Empty: it is not such a text, it has
/// no column Id, or a row has not the header's length.
std::optional<std::vector<nlohmann::json>> rowsOfCsv(std::string_view text, const Shape& shape);

}  // namespace concordat::plugins::salesforce
