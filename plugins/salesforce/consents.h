// SPDX-License-Identifier: Apache-2.0
#pragma once
// Individuals with what belongs to them: their ContactPointTypeConsent rows and the person they
// stand for.

#include <vector>

#include "plugins/salesforce/fetch.h"

namespace concordat::plugins::salesforce {

/// Adds the person (a contact, else a lead) to each individual. Throws CallError if Salesforce does
/// not say.
void addPersons(std::vector<sdk::Observation>& individuals,
                const Settings& settings,
                Link& link,
                Records& records);

}  // namespace concordat::plugins::salesforce
