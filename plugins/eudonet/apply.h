// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to write, and what became of it. Pure functions, any thread.

#include <map>
#include <vector>

#include "plugins/eudonet/observe.h"
#include "plugins/eudonet/requests.h"

namespace concordat::plugins::eudonet {

/// The wanted state of one record; of two items for one record the later wins, slot by slot.
struct Wish {
    std::map<std::string, sdk::SlotWrite> slots;
    std::int64_t expectedVersion = 0;
    std::string creationKey;
};

/// A record as it is: its row, the rows of the consent table that are its own, and what they show.
struct Record {
    Row row;
    std::vector<Row> consents;
    sdk::Observation seen;
};

/// One request that a wish leads to.
struct Change {
    int tab = 0;
    std::string fileId;  ///< empty: a new row
    Fields fields;
};

struct Step {
    std::vector<Change> changes;
    sdk::Outcome outcome;  ///< final, unless there are changes
};

/// Why the item can be no wish of this system; empty if it can.
std::string problemWith(const Settings& settings, const sdk::ApplyItem& item);
void mergeInto(Wish& wish, const sdk::ApplyItem& item);

/// The requests that bring the record to the wish; `nowText` is the local time for what is dated
/// today.
Step stepFor(const Settings& settings,
             const Wish& wish,
             const Record& record,
             const std::string& nowText);

}  // namespace concordat::plugins::eudonet
