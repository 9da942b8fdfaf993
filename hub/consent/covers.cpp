// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/covers.h"

#include <algorithm>
#include <string_view>

#include "hub/consent/identity.h"

namespace concordat::consent {
namespace {

struct Named {
    std::string_view code;
    std::string_view version;  ///< empty: the current one
};

Named split(std::string_view purpose) {
    const auto at = purpose.find('@');
    if (at == std::string_view::npos) return {purpose, {}};
    return {purpose.substr(0, at), purpose.substr(at + 1)};
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

bool countsInScope(const Event& restriction, const Key& key, const Policy& policy) {
    if (restriction.scope == key.scope || restriction.decision == Decision::Erased) return true;
    const auto own = policy.scopes.find(restriction.scope);
    if (own == policy.scopes.end() || own->second.spread != Spread::Group) return false;
    const auto other = policy.scopes.find(key.scope);
    return other != policy.scopes.end() && !own->second.group.empty() &&
           own->second.group == other->second.group;
}

Reach channelReach(const Event& restriction, const Key& key) {
    Reach reach = Reach::No;
    for (const auto& channel : restriction.channels) {
        if (channel == key.channel) return Reach::Named;
        if (channel == "any" || channel == "*") reach = Reach::Widened;
    }
    return reach;
}

bool isAncestor(std::string_view code, const Purpose* purpose, const Policy& policy) {
    for (std::size_t step = 0; purpose && !purpose->parent.empty(); ++step) {
        if (purpose->parent == code) return true;
        if (step > policy.purposes.size()) return false;  // a circle of parents
        purpose = policy.purpose(purpose->parent);
    }
    return false;
}

bool isDirectMarketing(std::string_view code, const Policy& policy) {
    const Purpose* purpose = policy.purpose(std::string(code));
    return purpose && purpose->directMarketing;
}

Reach purposeReach(const Event& restriction, const Key& key, const Policy& policy) {
    const Purpose* wanted = nullptr;
    Reach reach = Reach::No;
    for (const auto& purpose : restriction.purposes) {
        const auto code = split(purpose).code;
        if (code == key.purpose) return Reach::Named;
        if (reach == Reach::Widened) continue;
        if (!wanted) wanted = policy.purpose(key.purpose);
        const bool marketing = restriction.decision == Decision::Objected && wanted &&
                               wanted->directMarketing && isDirectMarketing(code, policy);
        if (code == "*" || marketing || isAncestor(code, wanted, policy)) reach = Reach::Widened;
    }
    return reach;
}

bool namesEvery(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& want) {
        const auto code = split(want).code;
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return split(name).code == code; });
    });
}

bool accepts(const Purpose* purpose, std::string_view version) {
    if (version.empty() || !purpose || purpose->version == version) return true;
    return purpose->accepts.count(std::string(version)) != 0;
}

/// A grant names addresses; the subject holds none of them any more.
bool pointsMoved(const Event& grant, const Key& key, const std::vector<std::string>& points) {
    const auto serves = [&](const std::string& hash) { return pointServes(hash, key.channel); };
    if (std::none_of(grant.points.begin(), grant.points.end(), serves)) return false;
    if (std::none_of(points.begin(), points.end(), serves)) return false;
    return std::none_of(grant.points.begin(), grant.points.end(), [&](const std::string& hash) {
        return serves(hash) && contains(points, hash);
    });
}

}  // namespace

Reach reachOf(const Event& restriction, const Key& key, const Policy& policy) {
    if (!countsInScope(restriction, key, policy)) return Reach::No;
    if (restriction.decision == Decision::Erased) return Reach::Widened;
    const auto byChannel = channelReach(restriction, key);
    if (byChannel == Reach::No) return Reach::No;
    const auto byPurpose = purposeReach(restriction, key, policy);
    if (byPurpose == Reach::No) return Reach::No;
    return byChannel == Reach::Named && byPurpose == Reach::Named ? Reach::Named : Reach::Widened;
}

bool isNarrowFor(const Event& restriction, const Event& grant) {
    if (restriction.purposes.size() == 1 && restriction.channels.size() == 1) return true;
    return namesEvery(grant.purposes, restriction.purposes) &&
           namesEvery(grant.channels, restriction.channels);
}

Coverage coverageOf(const Event& grant,
                    const Key& key,
                    const Policy& policy,
                    const std::vector<std::string>& points) {
    if (grant.scope != key.scope || !contains(grant.channels, key.channel)) return Coverage::No;
    bool named = false;
    for (const auto& text : grant.purposes) {
        const auto purpose = split(text);
        if (purpose.code != key.purpose) continue;
        named = true;
        if (purpose.version.empty() || accepts(policy.purpose(key.purpose), purpose.version))
            return pointsMoved(grant, key, points) ? Coverage::Outdated : Coverage::Covers;
    }
    return named ? Coverage::Outdated : Coverage::No;
}

std::vector<Key> keysOf(const std::string& scope,
                        const std::vector<std::string>& purposes,
                        const std::vector<std::string>& channels,
                        const Policy& policy) {
    const bool any = contains(channels, "any");
    std::vector<Key> keys;
    for (const auto& text : purposes) {
        const std::string code(split(text).code);
        const Purpose* purpose = policy.purpose(code);
        const bool none = purpose && purpose->channelNone;
        if (any && none) keys.push_back({scope, code, "none"});
        for (const auto& channel : policy.channels)
            if (any && !none && channel != "none") keys.push_back({scope, code, channel});
        for (const auto& channel : channels)
            if (channel != "any" && (channel == "none") == none)
                keys.push_back({scope, code, channel});
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

bool bindsPoint(const std::string& channel) {
    return channel == "email" || channel == "sms" || channel == "phone" || channel == "fax" ||
           channel == "post";
}

std::vector<std::string> sharedPoints(const std::vector<std::string>& mine,
                                      const std::vector<std::string>& theirs,
                                      const std::string& channel) {
    std::vector<std::string> shared;
    for (const auto& point : mine)
        if (pointServes(point, channel) && contains(theirs, point)) shared.push_back(point);
    return shared;
}

}  // namespace concordat::consent
