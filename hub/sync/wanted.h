// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a system should hold for a subject, slot by slot, and what that takes.

#include <optional>
#include <string>
#include <vector>

#include "hub/sync/book.h"

namespace concordat::sync {

/// One slot of one record that does not hold what it should.
struct Need {
    const consent::SlotRules* rules = nullptr;
    bool permit = false;
    bool takenBack = false;  ///< rule 12: back to the value before our own write
};

/// What a slot should hold: permit, deny, or nothing to say. `narrower`: the system's other slots.
std::optional<bool> wantedValue(const SystemPlan& plan,
                                const consent::SlotRules& rules,
                                const Answers& answers,
                                const consent::Policy& policy);

/// True if showing `shown` is what `permit` asks of this slot.
bool holds(const sdk::SlotDescription& slot, sdk::Shown shown, bool permit);

/// 0 denies, 2 permits, 1 lies between: for telling which of two values is stricter.
int laxness(const sdk::SlotDescription& slot, sdk::Shown shown);

/// The slots of `record` to write so that it holds what `book` asks. A slot never seen is never
/// written.
std::vector<Need> needsOf(const SystemPlan& plan,
                          const store::Record& record,
                          const Book& book,
                          const consent::Policy& policy);

const consent::SlotShadow* shadowOf(const store::Record& record, const std::string& slot);
consent::SlotShadow* shadowOf(store::Record& record, const std::string& slot);

/// True if some write of ours into this record is not known to have settled.
bool hasUnsettledWrite(const store::Record& record);

}  // namespace concordat::sync
