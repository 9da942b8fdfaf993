// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/flight.h"

#include "hub/gateway/verdict.h"

namespace concordat::gateway {

System::System(SystemAccess known, TokenStore* store, SteadyTime now)
    : access(std::move(known)), rules(access.hosts, access.internal), signIn(access, rules, store) {
    for (const LimitPool& pool : access.pools) pools.push_back(std::make_unique<Pool>(pool, now));
    if (pools.empty()) pools.push_back(std::make_unique<Pool>(LimitPool{}, now));
}

Pool* System::pool(const std::string& name) {
    if (name.empty()) return pools.front().get();
    for (const auto& pool : pools) {
        if (pool->limits.pool().name == name) return pool.get();
    }
    return nullptr;
}

bool Flight::mayRepeat() const { return request.idempotent || isSafe(request.method); }

}  // namespace concordat::gateway
