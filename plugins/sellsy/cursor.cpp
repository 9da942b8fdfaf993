// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/cursor.h"

#include "sdk/concordat/connector.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;

json write(const Progress& progress) {
    json tree = {{"safe", progress.safe}, {"wideAt", progress.wideAt}};
    if (progress.near) tree["near"] = *progress.near;
    if (!progress.round) return tree;
    json round = {{"wide", progress.round->wide}, {"offset", progress.round->offset}};
    if (progress.round->from) round["from"] = *progress.round->from;
    if (progress.round->started) round["started"] = *progress.round->started;
    tree["round"] = std::move(round);
    return tree;
}

std::optional<sdk::EpochMs> time(const json& tree, const char* name) {
    if (!tree.contains(name)) return std::nullopt;
    return tree.at(name).get<sdk::EpochMs>();
}

Progress read(const json& tree) {
    Progress progress;
    progress.near = time(tree, "near");
    progress.safe = tree.at("safe").get<sdk::EpochMs>();
    progress.wideAt = tree.at("wideAt").get<sdk::EpochMs>();
    if (!tree.contains("round")) return progress;
    const json& round = tree.at("round");
    progress.round = Round{time(round, "from"), time(round, "started"),
                           round.at("wide").get<bool>(), round.at("offset").get<std::string>()};
    return progress;
}

}  // namespace

Cursor readCursor(const std::string& text, const std::vector<const Kind*>& kinds) {
    Cursor cursor;
    for (const auto* kind : kinds) cursor[std::string(kind->object)] = Progress{};
    if (text.empty()) return cursor;
    try {
        const json tree = json::parse(text);
        if (tree.at("v") != kFormat)
            throw sdk::CallError("the cursor is of another version of the sellsy connector");
        for (auto& [object, progress] : cursor)
            if (tree.at("objects").contains(object)) progress = read(tree.at("objects").at(object));
    } catch (const json::exception&) {
        throw sdk::CallError(
            "the cursor is not one of the sellsy connector; begin again with an empty one");
    }
    return cursor;
}

std::string writeCursor(const Cursor& cursor) {
    json objects = json::object();
    for (const auto& [object, progress] : cursor) objects[object] = write(progress);
    return json{{"v", kFormat}, {"objects", objects}}.dump(-1, ' ', false,
                                                           json::error_handler_t::replace);
}

bool underWay(const Cursor& cursor) {
    for (const auto& [object, progress] : cursor)
        if (progress.round) return true;
    return false;
}

void beginRounds(Cursor& cursor, sdk::EpochMs now) {
    for (auto& [object, progress] : cursor) {
        Round round;
        // A hub whose clock went back must not wait for it to catch up.
        round.wide =
            !progress.near || now < progress.wideAt || now - progress.wideAt >= kWideEveryMs;
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
    // Change times are cut to the second, and the filter's bound belongs to it.
    progress.near = *round.started - 2'000;
    if (round.wide) {
        progress.safe = *round.started - kVisibleLateMs;
        progress.wideAt = now;
    }
    progress.round.reset();
}

}  // namespace concordat::plugins::sellsy
