// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>

#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {

/// The four request quotas of an account. Failed calls count too. [any]
class Quota {
 public:
    struct Window {
        const char* header;   ///< "X-Quota-Remaining-By-Second"
        const char* name;     ///< "api_rate_seconds" in /quotas
        const char* setting;  ///< "quota_second"
        std::int64_t seconds;
        std::int64_t limit;
        std::int64_t start = 0;
        std::int64_t used = 0;
    };

    /// Counts one call. False when a quota was already used up.
    bool spend();
    /// Adds the four headers with what is left.
    void addHeaders(Reply& reply);
    /// Takes "quota_second" and its like; false for another name. The window starts anew.
    bool set(const std::string& setting, std::int64_t limit);
    std::array<Window, 4> windows();

 private:
    void roll();

    std::mutex mutex_;  // guards windows_
    // A real account has about 25 a second and 150 a minute; a test that wants that sets it.
    std::array<Window, 4> windows_{{
        {"X-Quota-Remaining-By-Second", "api_rate_seconds", "quota_second", 1, 100'000},
        {"X-Quota-Remaining-By-Minute", "api_rate_minutes", "quota_minute", 60, 1'000'000},
        {"X-Quota-Remaining-By-Day", "api_rate_days", "quota_day", 86400, 100'000'000},
        {"X-Quota-Remaining-By-Month", "api_rate_months", "quota_month", 2592000, 1'000'000'000},
    }};
};

}  // namespace concordat::simulators::sellsy
