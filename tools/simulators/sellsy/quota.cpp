// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/quota.h"

#include <algorithm>

#include "tools/simulators/stage/journal.h"

namespace concordat::simulators::sellsy {

void Quota::roll() {
    const std::int64_t now = realNow() / 1000;
    for (Window& window : windows_) {
        const std::int64_t start = now - now % window.seconds;
        if (window.start == start) continue;
        window.start = start;
        window.used = 0;
    }
}

bool Quota::spend() {
    const std::lock_guard lock(mutex_);
    roll();
    const bool left = std::all_of(windows_.begin(), windows_.end(),
                                  [](const Window& window) { return window.used < window.limit; });
    for (Window& window : windows_) window.used = std::min(window.used + 1, window.limit);
    return left;
}

void Quota::addHeaders(Reply& reply) {
    for (const Window& window : windows()) {
        reply.headers.emplace_back(window.header, std::to_string(window.limit - window.used));
    }
}

bool Quota::set(const std::string& setting, std::int64_t limit) {
    const std::lock_guard lock(mutex_);
    for (Window& window : windows_) {
        if (setting != window.setting) continue;
        window.limit = limit;
        window.used = 0;
        return true;
    }
    return false;
}

std::array<Quota::Window, 4> Quota::windows() {
    const std::lock_guard lock(mutex_);
    roll();
    return windows_;
}

}  // namespace concordat::simulators::sellsy
