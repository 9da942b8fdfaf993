// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether our writes into a record hold, judged by what was just seen there.

#include "hub/sync/unit.h"

namespace concordat::sync {

/// What the table said of the slots that we had written.
struct WriteCheck {
    int verified = 0;   ///< slots that show what we sent
    int unchanged = 0;  ///< slots that still show the earlier value
    int other = 0;      ///< slots that show something else
    std::string slots;  ///< "contact.email=deny" of those verified
    EpochMs asOf = 0;   ///< what was read is no older than this
};

/// Brings the record's row of its target up to date: verified, read again later, written again or
/// parked. `record` loses the mark of writes that did not take; call before it is put.
void checkWrites(Unit& unit,
                 const SystemPlan& plan,
                 store::Record& record,
                 const WriteCheck& check,
                 bool wasReadBack);

}  // namespace concordat::sync
