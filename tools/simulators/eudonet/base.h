// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <string>
#include <vector>

#include "tools/simulators/eudonet/rows.h"
#include "tools/simulators/eudonet/schema.h"
#include "tools/simulators/stage/people.h"

namespace concordat::simulators::eudonet {

/// One customer's base: its description and the rows of its tables. Whoever reads rows holds
/// `mutex` shared, whoever writes holds it alone.
class Base {
 public:
    Base(Layout layout, bool modifiedOn);

    const Schema& schema() const { return schema_; }
    /// The rows of a table; throws Refusal when the base has no such table.
    Rows& rows(int tab);
    const Rows& rows(int tab) const;
    /// Grows with every change of any table.
    std::uint64_t version() const;

    /// Empties the base and fills it with made-up contacts, their companies, addresses and
    /// consents, all written in the year before 2026. Same world, same base. The caller locks.
    void populate(const World& world);

    mutable std::shared_mutex mutex;

 private:
    Schema schema_;
    std::vector<Rows> rows_;
    std::uint64_t generation_ = 0;  // how often it was filled
};

}  // namespace concordat::simulators::eudonet
