// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a system should hold for a subject, slot by slot, and what that takes.

#include <string>
#include <vector>

#include "hub/consent/desired.h"
#include "hub/sync/book.h"

namespace concordat::sync {

/// One slot of one record that does not hold what it should.
struct Need {
    const consent::SlotRules* rules = nullptr;
    bool permit = false;
    std::string grant;  ///< of a permit: the event whose evidence goes with it
};

/// What each mapped slot of `record` should hold, in the order of the plan's slots of that object.
/// A slot never seen is untouched.
std::vector<consent::Desired> wishes(const SystemPlan& plan,
                                     const store::Record& record,
                                     const Answers& answers,
                                     const consent::History& history,
                                     const consent::Policy& policy);

/// The slots of `record` to write so that it holds what `book` asks.
std::vector<Need> needsOf(const SystemPlan& plan,
                          const store::Record& record,
                          const Book& book,
                          const consent::Policy& policy);

/// 0 denies, 2 permits, 1 lies between: for telling which of two values is stricter.
int laxness(const sdk::SlotDescription& slot, sdk::Shown shown);

const consent::SlotShadow* shadowOf(const store::Record& record, const std::string& slot);
consent::SlotShadow* shadowOf(store::Record& record, const std::string& slot);

/// True if some write of ours into this record is not known to have settled.
bool hasUnsettledWrite(const store::Record& record);

}  // namespace concordat::sync
