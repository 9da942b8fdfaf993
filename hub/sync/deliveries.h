// SPDX-License-Identifier: Apache-2.0
#pragma once
// The history of what was sent where, and the things about it that a person must know.

#include <string>

#include "hub/sync/unit.h"

namespace concordat::sync {

/// Adds a line to the history of the row's deliveries; of "verified" also the latency.
void addDelivery(Unit& unit,
                 const store::TargetRecord& row,
                 const std::string& stage,
                 const std::string& slots,
                 const std::string& message);

/// Waits for a new generation, a day, or a person. A parked withdrawal is an incident.
void park(Unit& unit, store::TargetRecord& row, const std::string& reason, bool withdrawal);

/// A withdrawal does not get through.
void reportStuckWithdrawal(Unit& unit, const store::TargetRecord& row, const std::string& reason);

/// The name under which incidents of this row are reported and resolved.
std::string stuckName(const store::TargetRecord& row);

}  // namespace concordat::sync
