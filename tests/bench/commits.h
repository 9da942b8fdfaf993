// SPDX-License-Identifier: Apache-2.0
#pragma once
// Durable rows: through the store, through plain SQLite, and the disk alone.

#include <string>

#include "hub/store/store.h"

namespace concordat::bench {

/// Webhooks made durable in a second, one a unit, from 64 callers.
double storeRows(store::Store& store);

/// The same rows in a second in a loop on plain SQLite, 100 in each durable transaction.
double bareRows(const std::string& database);

/// Blocks of 4 KiB appended and made durable in a second, one after the other.
double fsyncs(const std::string& file);

}  // namespace concordat::bench
