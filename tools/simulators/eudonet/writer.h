// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/eudonet/base.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::eudonet {

/// New stored values by DescId; a link bears the DescId of the parent's label (201).
using Changes = std::map<int, std::string>;

/// All changes of the base go through here into the write history. In the history an object is a
/// table's DescId, a field a DescId, and the field "exists" tells creation and deletion. All
/// methods take the base's mutex. [any]
class Writer {
 public:
    /// Both must outlive it. With `minutePrecision` dates of change lose their seconds.
    Writer(Stage& stage, Base& base, bool minutePrecision)
        : stage_(stage), base_(base), minutePrecision_(minutePrecision) {}

    /// Adds a record and gives its file id. Throws Refusal when a mandatory field is missing or a
    /// link points nowhere.
    int create(int tab, const Changes& changes, const Doer& doer);
    /// Changes a record. Throws Refusal when there is none, or as create() does.
    void update(int tab, int fileId, const Changes& changes, const Doer& doer);
    /// Deletes a record and all that is linked to it below. Throws Refusal when there is none.
    void remove(int tab, int fileId, const Doer& doer);
    /// Applies a write of the history.
    void replay(const Write& write);

 private:
    std::int64_t stampMs() const;
    std::int64_t wallOf(std::int64_t ms) const;
    void checkLinks(const Table& table, const Changes& changes) const;
    void removeLocked(int tab, int fileId, std::int64_t ms, std::vector<Write>& writes);
    void replayField(Rows& rows, int fileId, const Write& write);

    Stage& stage_;
    Base& base_;
    bool minutePrecision_;
};

/// Reads `Fields:[{DescId, Value}]` of a CUD call (keys in lower case). A link is written by the
/// parent table's DescId (200). Throws Refusal for unknown fields, system fields and bad values.
Changes readChanges(const Base& base, int tab, const nlohmann::json& body);

}  // namespace concordat::simulators::eudonet
