// SPDX-License-Identifier: Apache-2.0
// Addresses and numbers: a normal form is its own normal form, or one person would have two hashes.
#include "hub/consent/identity.h"

#include <array>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace concordat;
    if (size == 0) return 0;
    static const std::array<std::string, 6> regions{"FR", "DE", "IT", "US", "", "??"};
    sdk::Identifier identifier;
    identifier.kind = static_cast<sdk::IdentifierKind>(data[0] % 3);
    const auto& region = regions[data[0] / 3 % regions.size()];
    identifier.value.assign(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto point = consent::normalise(identifier, region);
    if (!point) return 0;
    if (point->value.empty()) std::abort();
    identifier.value = point->value;
    const auto again = consent::normalise(identifier, region);
    if (!again || again->value != point->value || again->role != point->role) std::abort();
    return 0;
}
