// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows as observations. Pure functions, any thread.

#include <string>
#include <vector>

#include "plugins/eudonet/replies.h"

namespace concordat::plugins::eudonet {

/// A contact or an address with its flags. Fields that the reply lacks, or hides, give no reading.
sdk::Observation observationOf(const Settings& settings, const Row& row, sdk::EpochMs askedAt);

/// The rows of one contact, and what they show: per mapped channel the newest row counts, of
/// several equally new ones the strictest; a refusal without a date counts beside them. No row:
/// absent.
struct Choice {
    const Row* row = nullptr;  ///< the one that counts
    sdk::SlotReading reading;
};
Choice choiceOf(const Settings& settings, const std::string& channel, const std::vector<Row>& rows);
void addChoices(const Settings& settings, const std::vector<Row>& rows, sdk::Observation& seen);

/// The contact that a consent or address row belongs to; empty if it names none.
std::string personOf(const Settings& settings, const Row& row);

/// The change time as the vendor wrote it, in a form whose order is that of time; empty if it has
/// none.
std::string changeText(const Row& row, const FieldName& modified);

/// Of a box: ticked or not; empty if the text says neither.
std::optional<bool> ticked(const std::string& stored);

}  // namespace concordat::plugins::eudonet
