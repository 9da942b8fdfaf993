// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a row holds besides its columns, as one text to seal. The first byte is the format's number;
// a reader refuses formats it does not know.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/store/rows.h"

namespace concordat::store {

template <class T>
std::string toBytes(const T& value);
/// Throws StoreError if the bytes are incomplete or of a newer program.
template <class T>
T fromBytes(std::string_view bytes);

/// The sealed parts of rows whose other parts are columns.
struct Effectives {
    std::vector<EffectiveRow> rows;
};
struct Changes {
    std::vector<Change> rows;
};

/// One line of the suppression journal: a tightening event or a tombstone.
struct JournalEntry {
    std::int64_t sequence = 0;
    std::optional<consent::Event> event;
    std::optional<Tombstone> tombstone;
};

}  // namespace concordat::store
