// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to write, and what became of it. Pure functions, any thread.

#include <map>
#include <vector>

#include "plugins/sellsy/replies.h"

namespace concordat::plugins::sellsy {

/// The wanted state of one record; of two items for one record the later wins, channel by channel.
struct Wish {
    const Kind* kind = nullptr;
    std::map<const Channel*, bool> permit;
    std::int64_t expectedVersion = 0;
};

/// What an item wants. Empty, with the reason, if it names no record or slot of ours.
struct ReadItem {
    std::optional<Wish> wish;
    std::string reason;
};
ReadItem wishOf(const sdk::ApplyItem& item, const std::vector<const Kind*>& kinds);

/// The step for a record as it is now: what to write, or the outcome at once.
struct Step {
    std::vector<std::string> members;       ///< the whole set
    std::map<const Channel*, bool> permit;  ///< the channels that change
    std::optional<sdk::Outcome> outcome;    ///< final, unless something is written
    bool writes = false;
};
/// `wholeSet`: the set is written, so it must have been read.
Step stepFor(const Wish& wish, const Record& now, bool wholeSet);

}  // namespace concordat::plugins::sellsy
