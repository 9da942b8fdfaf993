// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace concordat::store {

class Connection;

/// The newest schema this program knows.
int schemaVersion();

/// Brings the database to schemaVersion(), one transaction for each migration. Throws StoreError
/// when the database was made by a newer program.
void migrate(Connection& connection, std::int64_t now);

/// Throws StoreError unless the schema is exactly this program's; for read-only access.
void expectCurrentSchema(Connection& connection);

}  // namespace concordat::store
