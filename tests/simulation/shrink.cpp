// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/shrink.h"

#include <algorithm>

namespace concordat::simulation {

namespace {

/// The scenario without the acts [from, to).
Scenario without(const Scenario& scenario, std::size_t from, std::size_t to) {
    auto shorter = scenario;
    shorter.acts.erase(shorter.acts.begin() + static_cast<std::ptrdiff_t>(from),
                       shorter.acts.begin() + static_cast<std::ptrdiff_t>(to));
    return shorter;
}

}  // namespace

Scenario shrink(Scenario scenario, const Violation& failure, const Run& run, int budget) {
    const auto fails = [&](const Scenario& candidate) {
        --budget;
        const auto violation = run(candidate).violation;
        return violation && violation->rule == failure.rule;
    };
    // Nothing after the failure had a part in it.
    const auto end = failure.at - FakeClock::kStart;
    auto cut = scenario;
    std::erase_if(cut.acts, [&](const Act& act) { return act.at > end; });
    if (cut.acts.size() < scenario.acts.size() && fails(cut)) scenario = cut;
    auto chunk = std::max<std::size_t>(1, scenario.acts.size() / 2);
    while (budget > 0) {
        bool isShorter = false;
        for (std::size_t from = 0; from < scenario.acts.size() && budget > 0;) {
            const auto to = std::min(scenario.acts.size(), from + chunk);
            const auto candidate = without(scenario, from, to);
            if (fails(candidate)) {
                scenario = candidate;
                isShorter = true;
            } else {
                from = to;
            }
        }
        if (chunk == 1 && !isShorter) break;
        if (!isShorter || chunk > scenario.acts.size()) chunk = std::max<std::size_t>(1, chunk / 2);
    }
    return scenario;
}

}  // namespace concordat::simulation
