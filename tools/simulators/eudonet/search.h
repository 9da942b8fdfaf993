// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/eudonet/criteria.h"

namespace concordat::simulators::eudonet {

/// The vendor never gives more rows than this at once, whatever is asked.
constexpr int kMaxRowsPerPage = 50;

struct OrderKey {
    std::size_t column = 0;
    bool descending = false;
};

/// A `POST Search/{tab}` as understood.
struct SearchQuery {
    int tab = 0;
    std::vector<int> columns;  ///< DescIds of ListCols, all readable from `tab`
    int page = 1;
    int rowsPerPage = kMaxRowsPerPage;
    bool metadata = true;
    std::vector<OrderKey> order;
    Condition condition;
    std::string fingerprint;  ///< filter and order as text: equal searches share their result
};

/// Reads a search body whose keys are in lower case. Throws Refusal as readCondition() does, and
/// for an empty ListCols (701). [any]
SearchQuery readSearch(const Base& base, int tab, const nlohmann::json& body);

struct Found {
    std::vector<int> fileIds;  ///< of the asked page
    std::size_t total = 0;
};

/// Runs searches. Keeps the last few results, so that the pages of a long listing of an unchanged
/// base are cut from one result. [any]
class Searcher {
 public:
    /// The caller holds the base's mutex, shared or alone.
    Found find(const Base& base, const SearchQuery& query);

 private:
    struct Kept {
        std::string fingerprint;
        std::uint64_t version = 0;
        std::shared_ptr<const std::vector<int>> fileIds;
    };
    std::shared_ptr<const std::vector<int>> all(const Base& base, const SearchQuery& query);

    std::mutex mutex_;  // guards kept_
    std::list<Kept> kept_;
};

}  // namespace concordat::simulators::eudonet
