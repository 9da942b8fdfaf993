// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checks themselves; each throws Problem, or what a message that cannot be read throws.

#include "sdk/conformance/caller.h"

namespace concordat::sdk::conformance {

void describesItself(const Scenario& scenario);
void describesItsSlots(const Scenario& scenario);
void namesItsHosts(const Scenario& scenario);

void reachesTheVendor(const Scenario& scenario);
void reportsRefusedCredentials(const Scenario& scenario);
void pullsToTheEnd(const Scenario& scenario);
void resumesFromEveryCursor(const Scenario& scenario);
void readsWhatIsThere(const Scenario& scenario);
void saysWhatIsMissing(const Scenario& scenario);
void findsByAddress(const Scenario& scenario);

void writesAndReadsBack(const Scenario& scenario);
void repeatsWithoutHarm(const Scenario& scenario);
void answersEveryItem(const Scenario& scenario);
void admitsAnUnknownOutcome(const Scenario& scenario);
void endsWhenCancelled(const Scenario& scenario);

}  // namespace concordat::sdk::conformance
