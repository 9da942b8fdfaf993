// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulators/salesforce/fields_in.h"
#include "tools/simulators/salesforce/transaction.h"

namespace concordat::simulators::salesforce {

/// What the headers of a request allow.
struct DmlOptions {
    bool allow_duplicates = false;  ///< Sforce-Duplicate-Rule-Header: allowSave=true
};

/// The functions below throw ApiError in the vendor's words and leave half-done changes to
/// Transaction::rollback.
RowIndex insertRecord(Transaction& txn,
                      Table& table,
                      const std::vector<Assignment>& fields,
                      const DmlOptions& options);
void updateRecord(Transaction& txn,
                  Table& table,
                  RowIndex row,
                  const std::vector<Assignment>& fields,
                  const DmlOptions& options);
void deleteRecord(Transaction& txn, Table& table, RowIndex row);
void undeleteRecord(Transaction& txn, Table& table, RowIndex row);
/// Merges up to two losers into the master: they are deleted with MasterRecordId; an Individual is
/// taken over when the master has none; the master keeps all its other fields.
void mergeRecords(Transaction& txn,
                  Table& table,
                  RowIndex master,
                  const std::vector<RowIndex>& losers);
/// Converts a lead into a new Account, Contact and Opportunity, or into the given Contact; gives
/// the contact's row. The contact keeps its own Individual and opt-outs.
RowIndex convertLead(Transaction& txn, RowIndex lead, std::optional<RowIndex> contact);

/// The live or deleted row of an id. Throws MALFORMED_ID, NOT_FOUND or, unless `deletedToo`,
/// ENTITY_IS_DELETED.
RowIndex needRow(const Table& table, std::string_view id, bool deletedToo = false);

}  // namespace concordat::simulators::salesforce
