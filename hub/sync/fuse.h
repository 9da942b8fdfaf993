// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ends loops: something that flips too often within an hour is only tightened, once a minute.

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "hub/consent/event.h"

namespace concordat::sync {

/// Counts flips by name (a subject's key, or a subject in a system). Forgets at restart. [any]
class Fuse {
 public:
    explicit Fuse(int flipsAnHour) : flipsAnHour_(flipsAnHour) {}

    /// True when this flip blew the fuse.
    bool flip(const std::string& name, consent::EpochMs now);
    /// Blows it without counting.
    void blow(const std::string& name, consent::EpochMs now);
    bool isBlown(const std::string& name, consent::EpochMs now);
    /// When a blown fuse lets the next tightening write pass; `now` if it may pass at once.
    consent::EpochMs nextTightening(const std::string& name, consent::EpochMs now);

 private:
    struct State {
        std::deque<consent::EpochMs> flips;
        consent::EpochMs blownUntil = 0;
        consent::EpochMs lastTightening = 0;
    };
    void forgetOld(consent::EpochMs now);

    const int flipsAnHour_;
    std::mutex mutex_;  // guards states_, sweptAt_
    std::map<std::string, State> states_;
    consent::EpochMs sweptAt_ = 0;
};

}  // namespace concordat::sync
