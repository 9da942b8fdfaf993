// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/cursor.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;

constexpr sdk::CursorFormat kFormat{"sellsy"};

json write(const Progress& progress) {
    json tree = {{"safe", progress.safe}, {"wideAt", progress.wideAt}};
    sdk::putIn(tree, "near", progress.near);
    if (!progress.round) return tree;
    json round = {{"wide", progress.round->wide}, {"offset", progress.round->offset}};
    sdk::putIn(round, "from", progress.round->from);
    sdk::putIn(round, "started", progress.round->started);
    tree["round"] = std::move(round);
    return tree;
}

Progress read(const json& tree) {
    Progress progress;
    progress.near = sdk::optionalIn<sdk::EpochMs>(tree, "near");
    progress.safe = tree.at("safe").get<sdk::EpochMs>();
    progress.wideAt = tree.at("wideAt").get<sdk::EpochMs>();
    if (!tree.contains("round")) return progress;
    const json& round = tree.at("round");
    progress.round = Round{sdk::optionalIn<sdk::EpochMs>(round, "from"),
                           sdk::optionalIn<sdk::EpochMs>(round, "started"),
                           round.at("wide").get<bool>(), round.at("offset").get<std::string>()};
    return progress;
}

}  // namespace

Cursor readCursor(const std::string& text, const std::vector<const Kind*>& kinds) {
    std::vector<std::string> names;
    for (const auto* kind : kinds) names.emplace_back(kind->object);
    return sdk::readCursor<Progress>(kFormat, text, names, read);
}

std::string writeCursor(const Cursor& cursor) { return sdk::writeCursor(kFormat, cursor, write); }

void beginRounds(Cursor& cursor, sdk::EpochMs now) {
    for (auto& [object, progress] : cursor) {
        Round round;
        round.wide = !progress.near || sdk::isDue(now, progress.wideAt, kWideEveryMs);
        if (progress.near) round.from = round.wide ? progress.safe : *progress.near;
        progress.round = round;
    }
}

void advance(Progress& progress, const PageEnd& page, sdk::EpochMs now) {
    Round& round = *progress.round;
    if (!round.started) round.started = page.vendorTime;
    if (!page.last) {
        if (page.offset.empty() || page.offset == round.offset)
            throw sdk::CallError(
                "Sellsy sent a full page without a new cursor; the reading cannot go on");
        round.offset = page.offset;
        return;
    }
    // Change times are cut to the second, and the filter's bound belongs to it. After a clock that
    // went back, what changed since then is behind the bound that was asked for.
    const bool wentBack = progress.near && *round.started < *progress.near;
    progress.near = *round.started - (wentBack ? kVisibleLateMs : 2'000);
    if (round.wide) {
        progress.safe = *round.started - kVisibleLateMs;
        progress.wideAt = now;
    }
    progress.round.reset();
}

}  // namespace concordat::plugins::sellsy
