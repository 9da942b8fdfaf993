// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is different between the signed map and the proposed one, and what of it needs a signature
// (D11, D12).

#include <string>
#include <vector>

#include "hub/manifest/model.h"

namespace concordat::flowmap {

enum class Effect : std::uint8_t { Narrows, Widens };

/// One difference of one unit's canonical form. What D11 only records is not in that form.
struct Change {
    std::string id;      ///< SHA-256 of unit, path, before and after, in hex
    std::string unit;    ///< such as integration/crm
    std::string path;    ///< such as flows/news/categories
    std::string before;  ///< JSON; empty: it was not there
    std::string after;   ///< JSON; empty: it is gone
    Effect effect = Effect::Widens;
};

/// By unit and path. A change of which this table does not say that it narrows, widens.
std::vector<Change> changesBetween(const manifest::Model& base, const manifest::Model& proposed);

}  // namespace concordat::flowmap
