// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/simulators/eudonet/base.h"
#include "tools/simulators/eudonet/knobs.h"
#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/search.h"
#include "tools/simulators/stage/http.h"

/// JSON texts of the vendor's replies. Rows are written straight into text: a page of fifty has
/// thousands of values. The caller holds the base's mutex.
namespace concordat::simulators::eudonet {

/// `{"ResultInfos":…,"ResultData":data}`; `metadata` is left out when it is empty. [any]
Reply successReply(const std::string& data, const std::string& metadata = {});
/// `Success: false` inside HTTP `status`. [any]
Reply failureReply(ErrorNumber number, const std::string& message, int status = 200);

/// One element of `Rows`: the given columns (DescIds), with permissions. [any]
std::string rowText(
    const Base& base, const Knobs& knobs, int tab, int fileId, const std::vector<int>& columns);
/// Every DescId that `tab` itself can show. [any]
std::vector<int> allColumns(const Table& table);

/// One element of `Tables` with the given fields (DescIds; fields of linked tables are skipped).
std::string tableText(const Base& base,
                      const Knobs& knobs,
                      const Table& table,
                      const std::vector<int>& fields);

}  // namespace concordat::simulators::eudonet
