// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/hop.h"

#include <algorithm>

namespace concordat::flowmap {

const std::string& wordOf(TransferClass value) {
    static const std::vector<std::string> kWords{"outside scope", "no transfer", "EEA",
                                                 "adequate",      "safeguarded", "incomplete",
                                                 "derogation",    "unknown",     "unsafeguarded"};
    return kWords.at(static_cast<std::size_t>(value));
}

TransferClass worst(TransferClass one, TransferClass other) { return std::max(one, other); }

std::string Hop::placeCode() const {
    if (!place.organisation.empty()) return place.organisation;
    return place.country.isKnown() ? place.country.value : "";
}

}  // namespace concordat::flowmap
