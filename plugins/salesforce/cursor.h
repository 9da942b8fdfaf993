// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far each object was read; the opaque cursor of pull. Pure, any thread.
//
// Rows are walked in the order of (SystemModstamp, Id), so equal times need no care within a round.
// A narrow round goes on behind the newest row seen, or some seconds before it while that row is so
// young that others of its second, or of a transaction begun a little earlier, may still come. A
// row gets its time when its transaction begins and is visible when it ends: a wide round, at most
// once a minute, begins at `safe`, the last moment of which nothing can be outstanding.

#include <map>
#include <optional>
#include <string>

#include "plugins/salesforce/requests.h"
#include "sdk/concordat/cursor.h"

namespace concordat::plugins::salesforce {

/// A row may become visible this long after its time. Source: what other readers of Salesforce hold
/// back (reference 4.2); a longer transaction is seen in latestDateCovered.
inline constexpr std::int64_t kVisibleLateMs = 300'000;
/// What people save is visible so soon. Times are whole seconds, and saving takes a moment.
inline constexpr std::int64_t kNearLateMs = 5'000;
inline constexpr std::int64_t kWideEveryMs = 60'000;
/// Vendor's advice for getDeleted: at most every five minutes.
inline constexpr std::int64_t kDeletedEveryMs = 300'000;

struct Round {
    std::optional<Key> after;  ///< the last row read; absent: from the beginning
    sdk::EpochMs started = 0;  ///< by the vendor's clock, once its first page was read
    bool wide = false;
    bool operator==(const Round&) const = default;
};

/// A first load by a Bulk API 2.0 query job.
struct Load {
    std::string job;
    std::string locator;        ///< of the results that come next; empty: the first
    sdk::EpochMs begun = 0;     ///< by the vendor's clock, before the job was made
    std::optional<Key> newest;  ///< of the rows taken so far
    bool complete = false;      ///< the job is; its results are being taken
    bool operator==(const Load&) const = default;
};

struct Progress {
    bool loaded = false;       ///< the first load is over
    std::optional<Key> near;   ///< the newest row seen
    bool isNearYoung = false;  ///< it was younger than kNearLateMs when the last round began
    sdk::EpochMs safe = 0;
    sdk::EpochMs wideAt = 0;  ///< by the hub's clock
    std::optional<Round> round;
    std::optional<Load> load;
    bool byPages = false;        ///< the first load goes page by page
    sdk::EpochMs covered = 0;    ///< deletions were read up to here; 0: never
    sdk::EpochMs deletedAt = 0;  ///< when, by the hub's clock
    bool operator==(const Progress&) const = default;
};

using Cursor = std::map<std::string, Progress>;

/// Throws CallError if the text is not a cursor of this connector. Objects no longer wanted are
/// dropped, new ones begin.
Cursor readCursor(const std::string& text, const std::vector<const Kind*>& kinds);
std::string writeCursor(const Cursor& cursor);

using sdk::underWay;
/// True if some object is in its first load.
bool isLoading(const Cursor& cursor);
/// Begins a round for every object.
void beginRounds(Cursor& cursor, sdk::EpochMs now);

/// What one page says of its round: its last row, whether there are more, the vendor's time when it
/// was read (0: unknown).
struct PageEnd {
    std::optional<Key> last;
    bool more = false;
    sdk::EpochMs vendorTime = 0;
};
/// Throws CallError if a page leads nowhere.
void advance(Progress& progress, const PageEnd& page, sdk::EpochMs now);

/// True if it is time to ask for deletions.
bool wantsDeleted(const Progress& progress, sdk::EpochMs now);

}  // namespace concordat::plugins::salesforce
