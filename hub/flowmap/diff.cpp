// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/diff.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "hub/manifest/digest.h"

namespace concordat::flowmap {

namespace {

using Json = nlohmann::json;

/// Lists of which an element less is less: what flows, to whom, for what.
bool narrowsWhenRemoved(const std::string& attribute) {
    static const std::set<std::string> kLists{
        "categories",  "subjects", "purposes", "flows",   "parties",       "hosts", "api_scopes",
        "read_fields", "terms",    "access",   "returns", "created_there", "places"};
    return kLists.count(attribute) > 0;
}

/// Lists that mean everything when nothing stands in them, so that the last element is no
/// narrowing.
bool meansAllWhenEmpty(const std::string& path, const std::string& attribute) {
    const bool shared = path.find("transfers") != std::string::npos ||
                        path.find("engagements") != std::string::npos ||
                        path.find("terms") != std::string::npos;
    return shared || attribute == "hosts" || attribute == "places";
}

/// Lists of which an element more is safer.
bool narrowsWhenAdded(const std::string& attribute) {
    return attribute == "security" || attribute == "fallback";
}

class Comparison {
 public:
    explicit Comparison(std::string unit) : unit_(std::move(unit)) {}

    void compare(const std::string& path,
                 const std::string& attribute,
                 const Json& before,
                 const Json& after) {
        if (before == after) return;
        if (before.is_object() && after.is_object()) return members(path, before, after);
        if (isList(before) && isList(after)) return elements(path, attribute, before, after);
        note(path, attribute, before, after);
    }

    std::vector<Change> changes;

 private:
    static bool isList(const Json& value) { return value.is_array() || value.is_null(); }

    void members(const std::string& path, const Json& before, const Json& after) {
        std::set<std::string> keys;
        for (const auto& [key, value] : before.items()) keys.insert(key);
        for (const auto& [key, value] : after.items()) keys.insert(key);
        for (const std::string& key : keys)
            compare(path.empty() ? key : path + "/" + key, key, before.value(key, Json()),
                    after.value(key, Json()));
    }

    /// Elements with an id are compared member by member; the others are there or not.
    void elements(const std::string& path,
                  const std::string& attribute,
                  const Json& before,
                  const Json& after) {
        std::map<std::string, std::pair<Json, Json>> paired;
        const bool all = after.empty() && meansAllWhenEmpty(path, attribute);
        for (const Json& one : before) paired[nameOf(one)].first = one;
        for (const Json& one : after) paired[nameOf(one)].second = one;
        for (const auto& [name, pair] : paired) {
            const auto& [old, now] = pair;
            if (old.is_object() && now.is_object())
                members(path + "/" + name, old, now);
            else if (old != now)
                note(old.is_object() || now.is_object() ? path + "/" + name : path,
                     all ? "" : attribute, old, now);
        }
    }

    static std::string nameOf(const Json& one) {
        return one.is_object() && one.contains("id") && one["id"].is_string()
                   ? one["id"].get<std::string>()
                   : one.dump();
    }

    void note(const std::string& path,
              const std::string& attribute,
              const Json& before,
              const Json& after) {
        Change change;
        change.unit = unit_;
        change.path = path;
        change.before = before.is_null() ? "" : before.dump();
        change.after = after.is_null() ? "" : after.dump();
        const bool gone = after.is_null() && narrowsWhenRemoved(attribute);
        const bool added = before.is_null() && narrowsWhenAdded(attribute);
        change.effect = gone || added ? Effect::Narrows : Effect::Widens;
        change.id =
            manifest::sha256Hex(unit_ + '\n' + path + '\n' + change.before + '\n' + change.after);
        changes.push_back(std::move(change));
    }

    std::string unit_;
};

Json unitOf(const manifest::Model& model, const std::string& unit) {
    const std::string text = manifest::canonical(model, unit);
    return text.empty() ? Json() : Json::parse(text);
}

}  // namespace

std::vector<Change> changesBetween(const manifest::Model& base, const manifest::Model& proposed) {
    const auto before = manifest::unitHashes(base);
    const auto after = manifest::unitHashes(proposed);
    std::set<std::string> units;
    for (const auto& [unit, hash] : before) units.insert(unit);
    for (const auto& [unit, hash] : after) units.insert(unit);
    std::vector<Change> all;
    for (const std::string& unit : units) {
        const auto old = before.find(unit);
        const auto now = after.find(unit);
        if (old != before.end() && now != after.end() && old->second == now->second) continue;
        Comparison comparison(unit);
        comparison.compare("", "", unitOf(base, unit), unitOf(proposed, unit));
        all.insert(all.end(), comparison.changes.begin(), comparison.changes.end());
    }
    return all;
}

}  // namespace concordat::flowmap
