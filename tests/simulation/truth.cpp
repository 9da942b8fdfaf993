// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/truth.h"

#include <algorithm>

namespace concordat::simulation {

void Truth::overwritten(int system, const sdk::RecordRef& ref, const std::string& slot) {
    for (auto& said : all_)
        if (said.no && said.state == Said::State::Standing && said.system == system &&
            said.ref == ref && said.slot == slot)
            said.state = Said::State::Gone;
}

void Truth::hide(int system, const sdk::RecordRef& ref, bool isHidden) {
    for (auto& said : all_)
        if (said.system == system && said.ref == ref) said.isHidden = isHidden;
}

void Truth::forget(int system, EpochMs upTo) {
    for (auto& said : all_)
        if (said.no && said.system == system && said.at <= upTo) said.state = Said::State::Gone;
}

void Truth::join(int one, int other) {
    joins_[one].insert(other);
    joins_[other].insert(one);
}

void Truth::erase(int person, EpochMs at) {
    for (const auto one : joined(person)) erased_.try_emplace(one, at);
}

std::set<int> Truth::joined(int person) const {
    std::set<int> all{person};
    std::vector<int> waiting{person};
    while (!waiting.empty()) {
        const auto found = joins_.find(waiting.back());
        waiting.pop_back();
        if (found == joins_.end()) continue;
        for (const auto other : found->second)
            if (all.insert(other).second) waiting.push_back(other);
    }
    return all;
}

bool Truth::isTangled(int person) const {
    const auto group = joined(person);
    return std::any_of(group.begin(), group.end(), [&](int one) { return tangled_.contains(one); });
}

bool Truth::names(const Said& said, const Key& key) const {
    if (said.event.scope != key.scope) return false;
    const auto& purposes = said.event.purposes;
    const auto& channels = said.event.channels;
    return std::any_of(purposes.begin(), purposes.end(),
                       [&](const auto& purpose) {
                           return purpose.substr(0, purpose.find('@')) == key.purpose;
                       }) &&
           std::find(channels.begin(), channels.end(), key.channel) != channels.end();
}

bool Truth::isExact(const Said& said, const Key& key) const {
    const auto& purposes = said.event.purposes;
    const auto& channels = said.event.channels;
    return std::find(purposes.begin(), purposes.end(), key.purpose) != purposes.end() &&
           std::find(channels.begin(), channels.end(), key.channel) != channels.end();
}

const Said* Truth::mustDeny(int person, const Key& key, std::int64_t slackMs, bool standing) const {
    const auto group = joined(person);
    for (const auto& no : all_) {
        if (!no.no || !group.contains(no.person) || no.state == Said::State::Gone) continue;
        if (no.state == Said::State::Standing && (!standing || no.isHidden)) continue;
        if (!reaches(policy_, no.event, key)) continue;
        const bool isOverridden = std::any_of(all_.begin(), all_.end(), [&](const Said& yes) {
            if (yes.no || !group.contains(yes.person) || !yes.overrides) return false;
            if (yes.at + slackMs < no.at || !names(yes, key)) return false;
            return yes.direct || isExact(no, key);
        });
        if (!isOverridden) return &no;
    }
    return nullptr;
}

bool Truth::mayPermit(int person, const Key& key) const {
    const auto group = joined(person);
    return std::any_of(all_.begin(), all_.end(), [&](const Said& yes) {
        if (yes.no || !group.contains(yes.person) || !names(yes, key)) return false;
        const auto erased = erased_.find(person);
        return erased == erased_.end() || (yes.direct && yes.at >= erased->second);
    });
}

}  // namespace concordat::simulation
