// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checks themselves; each throws Problem, NotRun, or what a message that cannot be read throws.

#include "sdk/conformance/caller.h"

namespace concordat::sdk::conformance {

void describesItself(const Scenario& scenario);
void describesItsSlots(const Scenario& scenario);
void namesItsHosts(const Scenario& scenario);
void namesTheWrongSetting(const Scenario& scenario);

void reachesTheVendor(const Scenario& scenario);
void reportsRefusedCredentials(const Scenario& scenario);
void reportsWhatIsMissing(const Scenario& scenario);
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

void pullsEqualTimes(const Scenario& scenario);
void pullsWhatShowsLate(const Scenario& scenario);
void survivesSlowReplies(const Scenario& scenario);
void endsInTime(const Scenario& scenario);
void readsLargeReplies(const Scenario& scenario);

void waitsWhenLimited(const Scenario& scenario);
void survivesAnExpiringToken(const Scenario& scenario);
void signsInOnce(const Scenario& scenario);
void survivesAPartialFailure(const Scenario& scenario);
void survivesDrawnFaults(const Scenario& scenario);

void reportsWhatIsDeleted(const Scenario& scenario);
void reportsWhatLivesOn(const Scenario& scenario);
void tagsItsWrites(const Scenario& scenario);
void saysNothingAside(const Scenario& scenario);
void isTheSameApart(const Scenario& scenario);

}  // namespace concordat::sdk::conformance
