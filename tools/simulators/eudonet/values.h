// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/simulators/eudonet/schema.h"

/// Between the two faces of a value: `DbValue` (stored) and `Value` (as a French user reads it).
namespace concordat::simulators::eudonet {

/// What is stored when a client writes `input` into `field`: flags become "1" or "0", dates
/// "yyyy/MM/dd HH:mm:ss", numbers get a decimal comma, catalog ids are checked against the catalog
/// (several joined by ";" where the field allows it). Empty input empties the field. Nothing when
/// the text does not fit the field. [any]
std::optional<std::string> storedFrom(const Schema& schema,
                                      const Field& field,
                                      std::string_view input);

/// What a user sees for `stored`: "24/12/2026", the label of a catalog value. Links are not
/// resolved here and stay their file id. [any]
std::string shown(const Schema& schema, const Field& field, std::string_view stored);

/// Replaces the five characters that HTML reserves, as the vendor does in displayed text. [any]
std::string withHtmlEntities(std::string_view text);

/// Lower case for comparing; ASCII and the accented letters of Latin-1 in UTF-8. [any]
std::string folded(std::string_view text);

}  // namespace concordat::simulators::eudonet
