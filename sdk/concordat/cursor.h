// SPDX-License-Identifier: Apache-2.0
#pragma once
// The opaque cursor of a pull that follows several objects: a JSON text with how far each was read.
// What "how far" is belongs to the connector, as a Progress that may hold a `round`, a walk through
// the pages that has begun. Pure, any thread.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/concordat/tree.h"

namespace concordat::sdk {

/// How a connector's cursors are written. Another `version` is refused, not guessed at.
struct CursorFormat {
    std::string_view connector;
    std::string_view list = "objects";
    int version = 1;
};

/// How far each of `names` was read; those the text does not know begin. `read` makes a Progress of
/// a JSON value and may throw what nlohmann throws. Throws CallError if the text is not a cursor of
/// this connector.
template <class Progress, class Read>
std::map<std::string, Progress> readCursor(const CursorFormat& format,
                                           const std::string& text,
                                           const std::vector<std::string>& names,
                                           Read read) {
    std::map<std::string, Progress> cursor;
    for (const auto& name : names) cursor[name] = Progress{};
    if (text.empty()) return cursor;
    const std::string connector(format.connector);
    try {
        const auto tree = nlohmann::json::parse(text);
        if (tree.at("v") != format.version)
            throw CallError("the cursor is of another version of the " + connector + " connector");
        const auto& list = tree.at(std::string(format.list));
        for (auto& [name, progress] : cursor)
            if (list.contains(name)) progress = read(list.at(name));
    } catch (const nlohmann::json::exception&) {
        throw CallError("the cursor is not one of the " + connector +
                        " connector; begin again with an empty one");
    }
    return cursor;
}

template <class Progress, class Write>
std::string writeCursor(const CursorFormat& format,
                        const std::map<std::string, Progress>& cursor,
                        Write write) {
    auto list = nlohmann::json::object();
    for (const auto& [name, progress] : cursor) list[name] = write(progress);
    return written({{"v", format.version}, {std::string(format.list), std::move(list)}});
}

/// True if some round still has pages.
template <class Progress>
bool underWay(const std::map<std::string, Progress>& cursor) {
    return std::any_of(cursor.begin(), cursor.end(),
                       [](const auto& entry) { return entry.second.round.has_value(); });
}

/// True if what was done at `last` is due again. A hub whose clock went back must not wait for it
/// to catch up.
inline bool isDue(EpochMs now, EpochMs last, std::int64_t everyMs) {
    return now < last || now - last >= everyMs;
}

/// A member that may be absent, of a value that a cursor holds.
template <class T>
std::optional<T> optionalIn(const nlohmann::json& tree, const char* name) {
    if (!tree.contains(name)) return std::nullopt;
    return tree.at(name).get<T>();
}
template <class T>
void putIn(nlohmann::json& tree, const char* name, const std::optional<T>& value) {
    if (value) tree[name] = *value;
}

}  // namespace concordat::sdk
