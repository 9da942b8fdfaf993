// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/party.h"
#include "tools/simulators/sellsy/store.h"

namespace concordat::simulators::sellsy {

using Params = std::vector<std::pair<std::string, std::string>>;

/// `filters` of a search as understood: tests that a party must all pass, and what an index knows.
struct Filter {
    std::vector<std::function<bool(const Party&)>> tests;
    std::optional<std::vector<std::int64_t>> candidates;  ///< a superset of what is found
    std::optional<std::int64_t> changedSince;             ///< UTC seconds
    bool plain = false;                                   ///< nothing but `changedSince` is asked
    std::string fingerprint;
};

/// Reads `filters`. Throws Problem 400 for an unknown key or a value of the wrong kind. The store
/// is read while this runs (the caller holds it shared) and by the tests later.
Filter readFilter(const Store& store, Kind kind, const nlohmann::json& filters);

/// Page, order and columns as query parameters say.
struct ListQuery {
    std::size_t limit = 25;
    std::string order = "id";
    bool descending = false;
    std::optional<std::uint64_t> numeric;  ///< page style: how many to skip
    std::string cursor;                    ///< seek style: as it came, empty at first
    std::int64_t after = 0;                ///< the id in the cursor
    View view;
};

/// Throws Problem 400: `limit` over 100, an unknown order, direction, field or embed, an offset
/// that is neither a number nor a cursor.
ListQuery readListQuery(Kind kind, const Params& params);
/// field[] and embed[] alone, for single records.
View readView(Kind kind, const Params& params);

struct Page {
    std::vector<std::int64_t> ids;
    std::size_t total = 0;
};

/// `"pagination":{…}` for a page of `count` whose last id is `last` (0: empty).
std::string paginationText(const ListQuery& query,
                           std::size_t count,
                           std::size_t total,
                           std::int64_t last);

/// Finds pages. Keeps the last few orderings, so that the pages of an unchanged account are cut
/// from one. [any]
class Lister {
 public:
    /// The caller holds the store shared.
    Page find(const Store& store, Kind kind, const Filter& filter, const ListQuery& query);

 private:
    using Ids = std::shared_ptr<const std::vector<std::int64_t>>;
    struct Kept {
        std::string fingerprint;
        std::uint64_t version = 0;
        Ids ids;
    };
    Ids ordered(const Store& store, Kind kind, const Filter& filter, const ListQuery& query);

    std::mutex mutex_;  // guards kept_
    std::list<Kept> kept_;
};

}  // namespace concordat::simulators::sellsy
