// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far each table was read; the opaque cursor of pull. Pure, any thread.
//
// With a modification date a round follows that date, row by row, from a bound on; where more rows
// than a page holds bear the same time, that time is paged through on its own. What changes behind
// the round's back is in the next one, which begins where this one *started* by the vendor's clock;
// a wider round, at most once a minute, catches what shows late. Without that date a round sweeps
// the whole table by page number.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/eudonet/replies.h"
#include "plugins/eudonet/requests.h"
#include "sdk/concordat/cursor.h"

namespace concordat::plugins::eudonet {

/// A row may become visible this long after its change time. Ours, generous: the vendor states
/// none.
inline constexpr std::int64_t kVisibleLateMs = 120'000;
inline constexpr std::int64_t kWideEveryMs = 60'000;

/// A table to follow. `modified` 0: by sweeping. `fromNow`: what was there before is read by way of
/// another table.
struct Stream {
    std::string name;
    int tab = 0;
    int modified = 0;
    std::vector<int> columns;
    bool fromNow = false;
};

struct Round {
    std::string from;                     ///< local text, inclusive; empty: everything
    std::optional<std::string> after;     ///< the last change time that is wholly read
    std::optional<std::string> tie;       ///< the change time being paged through
    int page = 1;                         ///< of the tie, or of the sweep
    std::int64_t total = -1;              ///< rows the tie or the sweep had on its first page
    std::optional<sdk::EpochMs> started;  ///< by the vendor's clock
    bool wide = false;
    bool again =
        false;  ///< the last answer was empty; it is asked for once more before it is believed
};

struct Progress {
    std::optional<sdk::EpochMs>
        near;  ///< the next narrow round begins here; absent: never read to the end
    sdk::EpochMs safe = 0;
    sdk::EpochMs wideAt = 0;   ///< by the hub's clock
    sdk::EpochMs sweepAt = 0;  ///< the next sweep is due then, by the hub's clock
    std::optional<Round> round;
};

using Cursor = std::map<std::string, Progress>;

/// Throws CallError if the text is not a cursor of this connector.
Cursor readCursor(const std::string& text, const std::vector<Stream>& streams);
std::string writeCursor(const Cursor& cursor);

using sdk::underWay;
/// Begins a round for each table that is due; returns the wait until the next is, in ms.
std::int64_t beginRounds(Cursor& cursor, const std::vector<Stream>& streams, sdk::EpochMs now);

/// The search for the round's next page.
SearchWish nextPage(const Stream& stream, const Round& round);

/// The clocks when a page was asked for.
struct Moment {
    sdk::EpochMs vendor = 0;  ///< surely before the search was carried out
    sdk::EpochMs hub = 0;
    std::int64_t sweepEveryMs = 0;
};

/// Takes a page in and leaves in it only the rows that are final now. Throws CallError if the
/// vendor did not sort.
void advance(Progress& progress, const Stream& stream, RowPage& page, const Moment& moment);

}  // namespace concordat::plugins::eudonet
