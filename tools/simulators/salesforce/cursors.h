// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "tools/simulators/salesforce/soql.h"

namespace concordat::simulators::salesforce {

/// The result of a query that has further pages: the ids are those of its start.
struct Cursor {
    Select select;
    std::vector<RowIndex> rows;
    std::size_t page = 2000;
    std::int64_t opened = 0;  ///< vendor time, ms
};

/// Open query cursors by locator, the latest ten thousand. [any]
class Cursors {
 public:
    /// Keeps a cursor and gives its id, eg: "01g5e0000000001AAA".
    std::string add(std::shared_ptr<const Cursor> cursor);
    /// The cursor of an id; null when it is unknown or older than `lifetime` ms.
    std::shared_ptr<const Cursor> find(const std::string& id,
                                       std::int64_t now,
                                       std::int64_t lifetime);

 private:
    std::mutex mutex_;  // guards all below
    std::unordered_map<std::string, std::shared_ptr<const Cursor>> open_;
    std::list<std::string> ages_;
    std::uint64_t last_ = 0;
};

}  // namespace concordat::simulators::salesforce
