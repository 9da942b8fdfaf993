// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came back from EudoAPI. Pure functions, any thread. Nothing in a reply can make them crash:
// what is not as the vendor documents it is left out, or becomes one clear sentence without the
// values it held.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/eudonet/vocabulary.h"
#include "sdk/concordat/answer.h"

namespace concordat::plugins::eudonet {

using sdk::Answer;
using sdk::Ending;

/// One field of a row. `stored` is the DbValue (catalog ids, dates in order), else the text shown.
struct Cell {
    std::string stored;
    std::string shown;
    std::string fileId;  ///< of a link: the parent's
    bool writable = true;
    bool visible = true;
};

struct Row {
    std::string fileId;
    bool writable = true;
    std::map<int, Cell> cells;

    /// Null if the field is not in the reply, or hidden from the API user.
    const Cell* cell(int descId) const;
};

struct RowPage {
    std::vector<Row> rows;
    std::size_t sent = 0;     ///< as many as the vendor sent
    std::size_t skipped = 0;  ///< rows without a usable id
    std::int64_t totalRows = -1;
    int totalPages = 0;
};

/// A field as MetaInfos tells it.
struct FieldInfo {
    int tab = 0;
    int descId = 0;
    std::string label;
    std::string type;
    bool writable = true;
    bool visible = true;
};

struct BaseInfo {
    std::map<int, std::string> tables;  ///< DescId -> label
    std::map<int, bool> addAllowed;
    std::map<int, FieldInfo> fields;
};

/// `reads`: whether the request could be repeated at will (then nothing is unclear, only late).
Answer answerOf(const sdk::HttpReply& reply, bool reads);
/// Empty if the answer holds no list of rows.
std::optional<RowPage> pageOf(const Answer& answer);
BaseInfo baseOf(const nlohmann::json& body);
/// The id of the record a CUD made; empty if it does not say.
std::string createdId(const nlohmann::json& body);

/// Numbers each field of `names` that has only a label. Throws CallError for a label that no field
/// or several have.
void resolve(const std::vector<NamedField>& names, const BaseInfo& base);

/// "L&#039;&amp;" as text.
std::string unescaped(const std::string& text);

}  // namespace concordat::plugins::eudonet
