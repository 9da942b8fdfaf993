// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far each kind of record was read; the opaque cursor of pull. Pure, any thread.
//
// A round reads every record changed since `from`, in the order of ids, so equal times need no
// care. What changes behind the round's back is in the next one, because that begins where this one
// *started* by the vendor's clock. Rows that the vendor shows late are caught by a wider round, at
// most once a minute, which begins at `safe`.

#include <map>
#include <optional>
#include <string>

#include "plugins/sellsy/requests.h"
#include "sdk/concordat/cursor.h"

namespace concordat::plugins::sellsy {

/// A row may become visible this long after its change time. Ours, generous: the vendor states
/// none.
inline constexpr std::int64_t kVisibleLateMs = 120'000;
inline constexpr std::int64_t kWideEveryMs = 60'000;

struct Round {
    std::optional<sdk::EpochMs> from;     ///< absent: everything
    std::optional<sdk::EpochMs> started;  ///< by the vendor's clock, once its first page was read
    bool wide = false;                    ///< begins at `safe`
    std::string offset;
    bool operator==(const Round&) const = default;
};

struct Progress {
    std::optional<sdk::EpochMs>
        near;  ///< the next narrow round begins here; absent: never read to the end
    sdk::EpochMs safe = 0;
    sdk::EpochMs wideAt = 0;  ///< by the hub's clock
    std::optional<Round> round;
    bool operator==(const Progress&) const = default;
};

using Cursor = std::map<std::string, Progress>;

/// Throws CallError if the text is not a cursor of this connector. Kinds no longer wanted are
/// dropped, new ones begin.
Cursor readCursor(const std::string& text, const std::vector<const Kind*>& kinds);
std::string writeCursor(const Cursor& cursor);

using sdk::underWay;
/// Begins a round for every kind.
void beginRounds(Cursor& cursor, sdk::EpochMs now);

/// What one page says of its round: where the next page begins, whether it was the last, the
/// vendor's time when it was read.
struct PageEnd {
    std::string offset;
    bool last = false;
    sdk::EpochMs vendorTime = 0;
};
/// Throws CallError if a full page leads nowhere.
void advance(Progress& progress, const PageEnd& page, sdk::EpochMs now);

}  // namespace concordat::plugins::sellsy
