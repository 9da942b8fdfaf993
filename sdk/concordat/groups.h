// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many items in the batches that a vendor takes. Pure, any thread.

#include <cstddef>
#include <ranges>
#include <vector>

namespace concordat::sdk {

/// `items` in their order, at most `size` in each group; none for no items.
template <std::ranges::input_range Items>
std::vector<std::vector<std::ranges::range_value_t<Items>>> inGroups(const Items& items,
                                                                     std::size_t size) {
    std::vector<std::vector<std::ranges::range_value_t<Items>>> groups;
    for (const auto& item : items) {
        if (groups.empty() || groups.back().size() == size) groups.emplace_back();
        groups.back().push_back(item);
    }
    return groups;
}

}  // namespace concordat::sdk
