// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/policy.h"

#include <algorithm>
#include <cctype>

namespace concordat::consent {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool isBelow(const Policy& policy, const std::string& code, const std::string& ancestor) {
    const Purpose* purpose = policy.purpose(code);
    // A circle of parents ends the walk: it can be no longer than the vocabulary.
    for (std::size_t step = 0; purpose && step <= policy.purposes.size(); ++step) {
        if (purpose->code == ancestor) return true;
        purpose = purpose->parent.empty() ? nullptr : policy.purpose(purpose->parent);
    }
    return false;
}

void parentProblems(const Policy& policy, std::vector<std::string>& problems) {
    for (const auto& [code, purpose] : policy.purposes) {
        if (purpose.parent.empty()) continue;
        const Purpose* parent = policy.purpose(purpose.parent);
        if (!parent)
            problems.push_back("purpose " + code + ": its parent " + purpose.parent +
                               " is not in the vocabulary; add it or leave parent out");
        else if (isBelow(policy, purpose.parent, code))
            problems.push_back("purpose " + code + ": its parents form a circle; end it somewhere");
    }
}

void spellingProblems(const Policy& policy, std::vector<std::string>& problems) {
    std::set<std::string> channels;
    for (const auto& channel : policy.channels) {
        if (channel == "any" || channel.empty())
            problems.push_back("channel \"" + channel +
                               "\": is a scope of restrictions and never a channel; remove it");
        if (!channels.insert(lower(channel)).second)
            problems.push_back("channel " + channel + ": is there twice in different letters");
    }
    std::set<std::string> codes;
    for (const auto& [code, purpose] : policy.purposes) {
        if (purpose.code != code || code.empty() || code.find_first_of("@*") != std::string::npos)
            problems.push_back("purpose \"" + code +
                               "\": a code is not empty, has no @ and no *, and is written once");
        if (!codes.insert(lower(code)).second)
            problems.push_back("purpose " + code + ": is there twice in different letters");
    }
}

/// PROSPECTING.EMAIL beside PROSPECTING and email: (PROSPECTING, email) could be written twice.
void channelInCodeProblems(const Policy& policy, std::vector<std::string>& problems) {
    for (const auto& [code, purpose] : policy.purposes) {
        const auto cut = code.find_last_of("./:");
        if (cut == std::string::npos || !policy.purposes.count(code.substr(0, cut))) continue;
        const auto tail = lower(code.substr(cut + 1));
        for (const auto& channel : policy.channels)
            if (lower(channel) == tail)
                problems.push_back("purpose " + code + ": the same key can be written as (" +
                                   code.substr(0, cut) + ", " + channel + "); keep one of the two");
    }
    for (const auto& channel : policy.channels)
        for (const auto& [code, purpose] : policy.purposes)
            if (purpose.channelNone && lower(code) == lower(channel))
                problems.push_back("channel " + channel +
                                   ": is also a purpose with channel none; keep the purpose");
}

}  // namespace

std::vector<Key> Policy::keys(const std::string& scope) const {
    std::vector<Key> result;
    for (const auto& [code, purpose] : purposes) {
        if (purpose.channelNone) {
            result.push_back({scope, code, "none"});
            continue;
        }
        for (const auto& channel : channels)
            if (channel != "none") result.push_back({scope, code, channel});
    }
    return result;
}

const Purpose* Policy::purpose(const std::string& code) const {
    const auto found = purposes.find(code);
    return found == purposes.end() ? nullptr : &found->second;
}

std::vector<std::string> Policy::withChildren(const std::string& code) const {
    std::vector<std::string> result;
    for (const auto& [other, purpose] : purposes)
        if (isBelow(*this, other, code)) result.push_back(other);
    return result;
}

std::vector<std::string> Policy::problems() const {
    std::vector<std::string> problems;
    spellingProblems(*this, problems);
    parentProblems(*this, problems);
    channelInCodeProblems(*this, problems);
    return problems;
}

std::string versioned(const std::string& purpose, const Policy& policy) {
    if (purpose.find('@') != std::string::npos) return purpose;
    const Purpose* known = policy.purpose(purpose);
    return known ? purpose + "@" + known->version : purpose;
}

}  // namespace concordat::consent
