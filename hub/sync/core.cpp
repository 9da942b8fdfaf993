// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/core.h"

#include <algorithm>

namespace concordat::sync {

std::int64_t backoffMs(const Settings& settings, int attempts, Random& random) {
    const auto shift = std::min(attempts, 20);
    const auto ceiling = std::min(settings.backoffCapMs, settings.backoffMs << shift);
    const auto share = static_cast<std::int64_t>(
        random.next() % static_cast<std::uint64_t>(std::max<std::int64_t>(1, ceiling)));
    return share + 1;
}

std::string nameOf(const sdk::RecordRef& ref) { return ref.object + "/" + ref.id; }

}  // namespace concordat::sync
