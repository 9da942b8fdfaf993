// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/cursor.h"

#include <algorithm>

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;

constexpr sdk::CursorFormat kFormat{"salesforce"};

json write(const Key& key) { return json::array({key.at, key.id}); }

json write(const Progress& progress) {
    json tree = {{"loaded", progress.loaded},
                 {"safe", progress.safe},
                 {"wideAt", progress.wideAt},
                 {"covered", progress.covered},
                 {"deletedAt", progress.deletedAt}};
    if (progress.near) tree["near"] = write(*progress.near);
    if (progress.isNearYoung) tree["isNearYoung"] = true;
    if (progress.byPages) tree["byPages"] = true;
    if (const auto& load = progress.load) {
        tree["load"] = {{"job", load->job},
                        {"locator", load->locator},
                        {"begun", load->begun},
                        {"complete", load->complete}};
        if (load->newest) tree["load"]["newest"] = write(*load->newest);
    }
    if (!progress.round) return tree;
    json round = {{"wide", progress.round->wide}, {"started", progress.round->started}};
    if (progress.round->after) round["after"] = write(*progress.round->after);
    tree["round"] = std::move(round);
    return tree;
}

std::optional<Key> readKey(const json& tree, const char* name) {
    if (!tree.contains(name)) return std::nullopt;
    Key key{tree.at(name).at(0).get<sdk::EpochMs>(), tree.at(name).at(1).get<std::string>()};
    // It goes into a query.
    if (!key.id.empty() && fullId(key.id).empty())
        throw sdk::CallError("the cursor of the salesforce connector holds an id that is none");
    return key;
}

Load readLoad(const json& tree) {
    Load load{fullId(tree.at("job").get<std::string>()), tree.at("locator").get<std::string>(),
              tree.at("begun").get<sdk::EpochMs>(), readKey(tree, "newest"),
              tree.at("complete").get<bool>()};
    // It goes into an address.
    if (load.job.empty())
        throw sdk::CallError("the cursor of the salesforce connector holds a job that is none");
    return load;
}

Progress read(const json& tree) {
    Progress progress;
    progress.loaded = tree.at("loaded").get<bool>();
    progress.near = readKey(tree, "near");
    progress.isNearYoung = tree.value("isNearYoung", false);
    progress.safe = tree.at("safe").get<sdk::EpochMs>();
    progress.wideAt = tree.at("wideAt").get<sdk::EpochMs>();
    progress.covered = tree.at("covered").get<sdk::EpochMs>();
    progress.deletedAt = tree.at("deletedAt").get<sdk::EpochMs>();
    progress.byPages = tree.value("byPages", false);
    if (tree.contains("load")) progress.load = readLoad(tree.at("load"));
    if (!tree.contains("round")) return progress;
    const json& round = tree.at("round");
    progress.round = Round{readKey(round, "after"), round.at("started").get<sdk::EpochMs>(),
                           round.at("wide").get<bool>()};
    return progress;
}

/// Where a round that is over leaves the object.
void finish(Progress& progress, sdk::EpochMs now) {
    const Round round = *progress.round;
    progress.round.reset();
    if (round.after && !round.after->id.empty() &&
        (!progress.near || *progress.near < *round.after))
        progress.near = round.after;
    progress.isNearYoung =
        progress.near && round.started != 0 && round.started < progress.near->at + kNearLateMs;
    if (!round.wide) return;
    // The first load saw the recycle bin.
    if (!progress.loaded) progress.deletedAt = now;
    progress.loaded = true;
    progress.wideAt = now;
    // Without a date the newest row is the only clock of the vendor's that we have.
    sdk::EpochMs started = round.started;
    if (started == 0 && progress.near) started = progress.near->at;
    sdk::EpochMs bound = started - kVisibleLateMs;
    if (progress.covered != 0) bound = std::min(bound, progress.covered);
    progress.safe = std::max(progress.safe, bound);
}

}  // namespace

Cursor readCursor(const std::string& text, const std::vector<const Kind*>& kinds) {
    std::vector<std::string> names;
    for (const auto* kind : kinds) names.emplace_back(kind->object);
    return sdk::readCursor<Progress>(kFormat, text, names, read);
}

std::string writeCursor(const Cursor& cursor) {
    return sdk::writeCursor(kFormat, cursor, [](const Progress& each) { return write(each); });
}

bool isLoading(const Cursor& cursor) {
    return std::any_of(cursor.begin(), cursor.end(),
                       [](const auto& entry) { return !entry.second.loaded; });
}

void beginRounds(Cursor& cursor, sdk::EpochMs now) {
    for (auto& [object, progress] : cursor) {
        Round round;
        round.wide = !progress.loaded || sdk::isDue(now, progress.wideAt, kWideEveryMs);
        if (!round.wide && progress.near)
            round.after =
                progress.isNearYoung ? Key{progress.near->at - kNearLateMs, ""} : *progress.near;
        else if (progress.loaded)
            round.after = Key{progress.safe, ""};
        progress.round = round;
    }
}

void advance(Progress& progress, const PageEnd& page, sdk::EpochMs now) {
    Round& round = *progress.round;
    if (round.started == 0) round.started = std::min(page.vendorTime, now);
    const bool forward = page.last && (!round.after || *round.after < *page.last);
    if (forward) round.after = page.last;
    if (!page.more) return finish(progress, now);
    if (!forward)
        throw sdk::CallError(
            "Salesforce sent a page that does not go beyond the one before; the reading cannot go "
            "on");
}

bool wantsDeleted(const Progress& progress, sdk::EpochMs now) {
    return progress.loaded && sdk::isDue(now, progress.deletedAt, kDeletedEveryMs);
}

}  // namespace concordat::plugins::salesforce
