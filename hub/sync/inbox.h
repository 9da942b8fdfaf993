// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a person does with an item of the inbox. All throw RequestError for an item that is not
// there, closed, or of another kind.

#include <string>

#include "hub/sync/choice.h"

namespace concordat::sync {

/// The answers if this evidence were added to the candidate. What the choice leaves empty (subject,
/// scope, purposes, channels) is the candidate's.
Answers forecastEvidence(Core& core, const std::string& item, Choice choice);
/// Says the choice and closes the candidate.
Said addEvidence(Core& core, const std::string& item, Choice choice);

/// Closes an item of any kind without doing what it asks.
void dismiss(Core& core, const std::string& item, const std::string& by, const std::string& reason);

/// Of an ambiguous record: it is this candidate's.
void matchRecord(Core& core,
                 const std::string& item,
                 const std::string& subject,
                 const std::string& by);

/// Does what the item asks: confirms a merge, lifts a cap, retries a parked write, gives back a
/// value after an ended merge.
void accept(Core& core, const std::string& item, const std::string& by);

}  // namespace concordat::sync
