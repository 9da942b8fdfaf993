// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace concordat::simulators {

/// Counts API calls per "METHOD /path/template". Thread-safe. [any]
class CallCounter {
 public:
    /// Counts one call. `items` is how many records it carried.
    void count(std::string_view what,
               std::uint64_t items,
               std::uint64_t bytesIn,
               std::uint64_t bytesOut);
    void reset();
    /// {"total", "items", "bytes_in", "bytes_out", "by_call": {"GET /x/{id}": {...}}}
    nlohmann::json show() const;

 private:
    struct Sum {
        std::uint64_t calls = 0, items = 0, in = 0, out = 0;
    };
    mutable std::mutex mutex_;  // guards sums_
    std::map<std::string, Sum, std::less<>> sums_;
};

}  // namespace concordat::simulators
