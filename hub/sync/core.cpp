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

std::string candidateName(const std::string& system,
                          const sdk::RecordRef& ref,
                          const std::string& slot) {
    return "candidate/" + system + "/" + nameOf(ref) + "/" + slot;
}

}  // namespace concordat::sync
