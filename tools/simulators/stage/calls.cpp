// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/calls.h"

#include <nlohmann/json.hpp>

namespace concordat::simulators {

void CallCounter::count(std::string_view what,
                        std::uint64_t items,
                        std::uint64_t bytesIn,
                        std::uint64_t bytesOut) {
    const std::lock_guard lock(mutex_);
    auto at = sums_.find(what);
    if (at == sums_.end()) at = sums_.emplace(std::string(what), Sum{}).first;
    ++at->second.calls;
    at->second.items += items;
    at->second.in += bytesIn;
    at->second.out += bytesOut;
}

void CallCounter::reset() {
    const std::lock_guard lock(mutex_);
    sums_.clear();
}

nlohmann::json CallCounter::show() const {
    const std::lock_guard lock(mutex_);
    const auto row = [](const Sum& sum) -> nlohmann::json {
        return {{"calls", sum.calls},
                {"items", sum.items},
                {"bytes_in", sum.in},
                {"bytes_out", sum.out}};
    };
    Sum total;
    nlohmann::json calls = nlohmann::json::object();
    for (const auto& [what, sum] : sums_) {
        calls[what] = row(sum);
        total.calls += sum.calls;
        total.items += sum.items;
        total.in += sum.in;
        total.out += sum.out;
    }
    return {{"total", total.calls},
            {"items", total.items},
            {"bytes_in", total.in},
            {"bytes_out", total.out},
            {"by_call", calls}};
}

}  // namespace concordat::simulators
