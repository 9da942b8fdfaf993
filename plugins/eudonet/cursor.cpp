// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/cursor.h"

#include <algorithm>

#include "plugins/eudonet/observe.h"
#include "plugins/eudonet/times.h"

namespace concordat::plugins::eudonet {
namespace {

using nlohmann::json;

constexpr sdk::CursorFormat kFormat{"eudonet", "tables"};

json write(const Progress& progress) {
    json tree = {
        {"safe", progress.safe}, {"wideAt", progress.wideAt}, {"sweepAt", progress.sweepAt}};
    sdk::putIn(tree, "near", progress.near);
    if (!progress.round) return tree;
    const Round& round = *progress.round;
    json inner = {{"from", round.from},
                  {"page", round.page},
                  {"total", round.total},
                  {"wide", round.wide},
                  {"again", round.again}};
    sdk::putIn(inner, "after", round.after);
    sdk::putIn(inner, "tie", round.tie);
    sdk::putIn(inner, "started", round.started);
    tree["round"] = std::move(inner);
    return tree;
}

Progress read(const json& tree) {
    Progress progress;
    progress.near = sdk::optionalIn<sdk::EpochMs>(tree, "near");
    progress.safe = tree.at("safe").get<sdk::EpochMs>();
    progress.wideAt = tree.at("wideAt").get<sdk::EpochMs>();
    progress.sweepAt = tree.at("sweepAt").get<sdk::EpochMs>();
    if (!tree.contains("round")) return progress;
    const json& inner = tree.at("round");
    Round round;
    round.from = inner.at("from").get<std::string>();
    round.page = std::max(1, inner.at("page").get<int>());
    round.total = inner.at("total").get<std::int64_t>();
    round.wide = inner.at("wide").get<bool>();
    round.again = inner.at("again").get<bool>();
    round.after = sdk::optionalIn<std::string>(inner, "after");
    round.tie = sdk::optionalIn<std::string>(inner, "tie");
    round.started = sdk::optionalIn<sdk::EpochMs>(inner, "started");
    progress.round = std::move(round);
    return progress;
}

void finish(Progress& progress, const Moment& moment) {
    const Round& round = *progress.round;
    // Change times are cut to the second, and the filter's bound belongs to it. After a clock that
    // went back, what changed since then is behind the bound that was asked for.
    const bool wentBack = progress.near && *round.started < *progress.near;
    progress.near = *round.started - (wentBack ? kVisibleLateMs : 2'000);
    if (round.wide) {
        progress.safe = *round.started - kVisibleLateMs;
        progress.wideAt = moment.hub;
    }
    progress.sweepAt = moment.hub + moment.sweepEveryMs;
    progress.round.reset();
}

/// Page numbers shift when rows leave: go back by as many pages as that can be.
void advanceSweep(Progress& progress, const RowPage& page, const Moment& moment) {
    Round& round = *progress.round;
    const std::int64_t left = round.total >= 0 && page.totalRows >= 0
                                  ? std::max<std::int64_t>(0, round.total - page.totalRows)
                                  : 0;
    round.total = page.totalRows;
    const bool last = page.sent < static_cast<std::size_t>(kPageSize);
    if (left > 0 && round.page > 1)
        round.page = std::max(1, round.page - static_cast<int>((left + kPageSize - 1) / kPageSize));
    else if (last)
        finish(progress, moment);
    else
        ++round.page;
}

/// All rows bear one time. If some left it meanwhile the page numbers shifted, and it is read from
/// the start.
void advanceTie(Progress& progress, const RowPage& page) {
    Round& round = *progress.round;
    const bool shifted =
        round.page > 1 && page.totalRows >= 0 && round.total >= 0 && page.totalRows < round.total;
    if (round.page == 1 || shifted) round.total = page.totalRows;
    if (shifted) {
        round.page = 1;
    } else if (page.sent < static_cast<std::size_t>(kPageSize)) {
        round.after = round.tie;
        round.tie.reset();
        round.page = 1;
    } else {
        ++round.page;
    }
}

void mustRise(const std::vector<std::string>& times, const Round& round) {
    const bool sorted = std::is_sorted(times.begin(), times.end());
    if (!sorted || (round.after && !times.empty() && times.front() <= *round.after))
        throw sdk::CallError(
            "Eudonet did not sort the rows by their modification date; check that setting modified "
            "names that field");
}

void advanceChanges(Progress& progress, const Stream& stream, RowPage& page, const Moment& moment) {
    Round& round = *progress.round;
    FieldName modified;
    modified.descId = stream.modified;
    std::vector<std::string> times;
    for (const auto& row : page.rows) times.push_back(changeText(row, modified));
    mustRise(times, round);
    if (page.sent < static_cast<std::size_t>(kPageSize)) return finish(progress, moment);
    if (times.empty()) throw sdk::CallError("Eudonet sent a full page of rows without a FileId");
    if (times.front() == times.back()) {
        round.tie = times.back();
        page.rows.clear();
        return;
    }
    // More rows of the last time may stand on the next page, and none may be lost between the two:
    // it is left for then.
    const auto cut = std::lower_bound(times.begin(), times.end(), times.back());
    round.after = *(cut - 1);
    page.rows.resize(static_cast<std::size_t>(cut - times.begin()));
}

}  // namespace

Cursor readCursor(const std::string& text, const std::vector<Stream>& streams) {
    std::vector<std::string> names;
    for (const auto& stream : streams) names.push_back(stream.name);
    return sdk::readCursor<Progress>(kFormat, text, names, read);
}

std::string writeCursor(const Cursor& cursor) {
    return sdk::writeCursor(kFormat, cursor, [](const Progress& each) { return write(each); });
}

std::int64_t beginRounds(Cursor& cursor, const std::vector<Stream>& streams, sdk::EpochMs now) {
    std::int64_t wait = 0;
    for (const auto& stream : streams) {
        Progress& progress = cursor[stream.name];
        Round round;
        if (stream.modified == 0 && progress.near && now < progress.sweepAt) {
            wait = wait == 0 ? progress.sweepAt - now : std::min(wait, progress.sweepAt - now);
            continue;
        }
        round.wide = !progress.near || sdk::isDue(now, progress.wideAt, kWideEveryMs);
        if (progress.near) round.from = searchFloor(round.wide ? progress.safe : *progress.near);
        if (!progress.near && stream.fromNow) round.from = searchFloor(now - 2 * kVisibleLateMs);
        progress.round = std::move(round);
    }
    return wait;
}

SearchWish nextPage(const Stream& stream, const Round& round) {
    SearchWish wish;
    wish.tab = stream.tab;
    wish.columns = stream.columns;
    wish.page = round.page;
    wish.orderBy = stream.modified != 0 ? stream.modified : stream.tab + 1;
    wish.any = true;
    wish.where = anything(wish.orderBy);
    if (stream.modified == 0) return wish;
    if (round.tie && round.tie->empty()) {
        wish.where = {{stream.modified, Operator::Empty, ""}};
    } else if (round.tie) {
        wish.any = false;
        wish.where = {{stream.modified, Operator::AtLeast, *round.tie},
                      {stream.modified, Operator::AtMost, *round.tie}};
    } else if (round.after && round.after->empty()) {
        wish.where = {{stream.modified, Operator::NotEmpty, ""}};
    } else if (round.after) {
        wish.where = {{stream.modified, Operator::After, *round.after}};
    } else if (!round.from.empty()) {
        wish.where = {{stream.modified, Operator::AtLeast, round.from}};
    }
    return wish;
}

void advance(Progress& progress, const Stream& stream, RowPage& page, const Moment& moment) {
    Round& round = *progress.round;
    if (!round.started) round.started = moment.vendor;
    // Live bases answered a full table with no rows once. A narrow round may be mistaken, the wider
    // one asks twice.
    if (page.sent == 0 && !round.again && (round.wide || stream.modified == 0)) {
        round.again = true;
        return;
    }
    round.again = false;
    if (stream.modified == 0)
        advanceSweep(progress, page, moment);
    else if (round.tie)
        advanceTie(progress, page);
    else
        advanceChanges(progress, stream, page, moment);
}

}  // namespace concordat::plugins::eudonet
