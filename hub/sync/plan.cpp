// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/plan.h"

#include <algorithm>

#include "hub/consent/error.h"

namespace concordat::sync {

const SystemPlan* Plan::system(const std::string& name) const {
    const auto found = std::find_if(systems.begin(), systems.end(),
                                    [&](const SystemPlan& plan) { return plan.name == name; });
    return found == systems.end() ? nullptr : &*found;
}

const SystemPlan& Plan::at(const std::string& name) const {
    if (const SystemPlan* plan = system(name)) return *plan;
    throw RequestError("There is no system '" + name + "'.", 404);
}

}  // namespace concordat::sync
