// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/fuse.h"

namespace concordat::sync {

namespace {}  // namespace

bool Fuse::flip(const std::string& name, consent::EpochMs now) {
    const std::lock_guard lock(mutex_);
    forgetOld(now);
    auto& state = states_[name];
    while (!state.flips.empty() && state.flips.front() <= now - consent::kHourMs)
        state.flips.pop_front();
    state.flips.push_back(now);
    if (static_cast<int>(state.flips.size()) <= flipsAnHour_) return false;
    const bool wasBlown = state.blownUntil > now;
    state.blownUntil = now + consent::kHourMs;
    return !wasBlown;
}

void Fuse::blow(const std::string& name, consent::EpochMs now) {
    const std::lock_guard lock(mutex_);
    states_[name].blownUntil = now + consent::kHourMs;
}

bool Fuse::isBlown(const std::string& name, consent::EpochMs now) {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(name);
    return found != states_.end() && found->second.blownUntil > now;
}

consent::EpochMs Fuse::nextTightening(const std::string& name, consent::EpochMs now) {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(name);
    if (found == states_.end() || found->second.blownUntil <= now) return now;
    if (found->second.lastTightening + consent::kMinuteMs > now)
        return found->second.lastTightening + consent::kMinuteMs;
    found->second.lastTightening = now;
    return now;
}

void Fuse::forgetOld(consent::EpochMs now) {
    if (now < sweptAt_ + consent::kHourMs) return;
    sweptAt_ = now;
    std::erase_if(states_, [&](const auto& entry) {
        return entry.second.blownUntil <= now &&
               (entry.second.flips.empty() || entry.second.flips.back() <= now - consent::kHourMs);
    });
}

}  // namespace concordat::sync
