// SPDX-License-Identifier: Apache-2.0
#pragma once
// What we ask EudoAPI. Pure functions, any thread; every value from outside is a JSON string.

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugins/eudonet/vocabulary.h"

namespace concordat::plugins::eudonet {

/// The vendor's operators, by their numbers.
enum class Operator {
    Equal = 0,
    AtMost = 2,
    After = 3,
    AtLeast = 4,
    InList = 8,
    Empty = 10,
    NotEmpty = 17
};

/// One comparison; the value is always text.
struct Criterion {
    int field = 0;
    Operator op = Operator::Equal;
    std::string value;
};

struct SearchWish {
    int tab = 0;
    std::vector<int> columns;
    std::vector<Criterion> where;  ///< all must hold, or any of them
    bool any = false;
    int orderBy = 0;  ///< ascending; 0: as the vendor likes
    int page = 1;
    int rows = kPageSize;
};

sdk::HttpRequest search(const Settings& settings, const SearchWish& wish);
/// One record, whatever field its id stands in.
sdk::HttpRequest getRecord(const Settings& settings, int tab, const std::string& fileId);
sdk::HttpRequest metaInfos(const Settings& settings, const std::vector<int>& tabs);

using Fields = std::vector<std::pair<int, std::string>>;
/// Changes a record, by POST as the vendor wants it; with an empty id makes one.
sdk::HttpRequest write(const Settings& settings,
                       int tab,
                       const std::string& fileId,
                       const Fields& fields);
sdk::HttpRequest addAnnex(const Settings& settings,
                          int tab,
                          const std::string& fileId,
                          const std::string& name,
                          const std::string& text);

/// Every record of the table: the vendor wants a filter, so one that always holds.
std::vector<Criterion> anything(int field);

/// The columns of `people` that are known, for ListCols.
std::vector<int> columnsOf(const Settings& settings, const People& people);
std::vector<int> columnsOf(const Settings& settings, const Consents& rows);

/// Digits only, as every FileId.
bool isId(const std::string& id);
std::string base64(const std::string& bytes);

}  // namespace concordat::plugins::eudonet
