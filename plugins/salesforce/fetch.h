// SPDX-License-Identifier: Apache-2.0
#pragma once
// Records by their ids, as they are now.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugins/salesforce/link.h"
#include "plugins/salesforce/observe.h"

namespace concordat::plugins::salesforce {

/// What became of records asked for: each is in exactly one of the three.
struct Fetched {
    std::map<sdk::RecordRef, Row> found;
    std::set<sdk::RecordRef> missing;
    std::map<sdk::RecordRef, Answer> failed;
};

/// [call] Borrows all three.
class Records {
 public:
    Records(sdk::Host& host, const Settings& settings, Link& link)
        : host_(host), settings_(settings), link_(link) {}

    /// Also looks into the recycle bin, so deleted and merged ones come with their flags.
    Fetched fetch(const std::set<sdk::RecordRef>& records);
    /// Rows of queries that belong together (IN lists in parts). Throws CallError, with `what`, if
    /// one fails.
    std::vector<Row> search(const Kind& kind,
                            const std::vector<std::string>& queries,
                            const std::string& what,
                            bool deletedToo = false);

 private:
    void fetchKind(const Kind& kind, const std::set<sdk::RecordRef>& records, Fetched& fetched);
    /// Takes the rows that were asked for; all of `part` failed if this is no list.
    void take(const Kind& kind,
              const Answer& answer,
              const std::map<std::string, sdk::RecordRef>& part,
              Fetched& fetched);

    sdk::Host& host_;
    const Settings& settings_;
    Link& link_;
    sdk::EpochMs askedAt_ = 0;  ///< when the answer being taken was asked for
};

/// Ends the call unless the vendor did what was asked.
void mustBeDone(const Answer& answer, const std::string& what);

}  // namespace concordat::plugins::salesforce
