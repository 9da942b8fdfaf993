// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/plan.h"

#include <algorithm>

namespace concordat::sync {

const SystemPlan* Plan::system(const std::string& name) const {
    const auto found = std::find_if(systems.begin(), systems.end(),
                                    [&](const SystemPlan& plan) { return plan.name == name; });
    return found == systems.end() ? nullptr : &*found;
}

}  // namespace concordat::sync
