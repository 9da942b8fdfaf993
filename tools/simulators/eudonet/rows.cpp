// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/rows.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

#include "tools/simulators/eudonet/values.h"
#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::eudonet {
namespace {

constexpr char kSeparator = '\x1f';

// A tree that knows ranks: "how many since" and "page 500 of these" cost a walk down, not a scan.
using ChangeOrder = __gnu_pbds::tree<std::pair<std::int64_t, int>,
                                     __gnu_pbds::null_type,
                                     std::less<>,
                                     __gnu_pbds::rb_tree_tag,
                                     __gnu_pbds::tree_order_statistics_node_update>;

std::size_t hashOf(std::string_view value) { return std::hash<std::string>{}(folded(value)); }

std::string_view part(std::string_view packed, std::size_t column) {
    for (; column > 0; --column) packed.remove_prefix(packed.find(kSeparator) + 1);
    return packed.substr(0, packed.find(kSeparator));
}

std::string pack(const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out += kSeparator;
        out += values[i];
    }
    out.shrink_to_fit();
    return out;
}

}  // namespace

struct Rows::Indexes {
    std::vector<std::size_t> columns;
    std::vector<std::unordered_multimap<std::size_t, int>> byValue;
    ChangeOrder byChange;

    void learn(std::size_t i, std::string_view value, int fileId) {
        if (!value.empty()) byValue[i].emplace(hashOf(value), fileId);
    }

    void forget(std::size_t i, std::string_view value, int fileId) {
        if (value.empty()) return;
        const auto range = byValue[i].equal_range(hashOf(value));
        const auto found = std::find_if(range.first, range.second,
                                        [&](const auto& one) { return one.second == fileId; });
        if (found != range.second) byValue[i].erase(found);
    }
};

Rows::Rows(const Table& table) : table_(&table), indexes_(std::make_unique<Indexes>()) {
    for (std::size_t column = 0; column < table.fields.size(); ++column) {
        if (table.fields[column].indexed) indexes_->columns.push_back(column);
    }
    indexes_->byValue.resize(indexes_->columns.size());
}

Rows::~Rows() = default;
Rows::Rows(Rows&&) noexcept = default;

const Row* Rows::find(int fileId) const {
    if (fileId < 1 || fileId > lastFileId()) return nullptr;
    const Row& row = rows_[static_cast<std::size_t>(fileId - 1)];
    return row.exists() ? &row : nullptr;
}

std::string Rows::value(const Row& row, std::size_t column) const {
    const int offset = table_->fields[column].descId - table_->descId;
    if (offset == kCreatedOn) return paris::slashed(row.createdWall);
    if (offset == kModifiedOn) return paris::slashed(row.modifiedWall);
    return std::string(part(row.packed, column));
}

int Rows::add(std::int64_t wall, const std::vector<std::string>& values) {
    rows_.push_back({wall, wall, pack(values)});
    ++size_;
    ++version_;
    index(lastFileId(), rows_.back());
    return lastFileId();
}

void Rows::replace(int fileId, std::int64_t wall, const std::vector<std::string>& values) {
    Row& row = rows_[static_cast<std::size_t>(fileId - 1)];
    const Row before = std::exchange(row, {row.createdWall, wall, pack(values)});
    ++version_;
    indexes_->byChange.erase({before.modifiedWall, fileId});
    indexes_->byChange.insert({wall, fileId});
    for (std::size_t i = 0; i < indexes_->columns.size(); ++i) {
        const std::size_t column = indexes_->columns[i];
        // A common name has thousands of entries to look through: only what changed is moved.
        if (part(before.packed, column) == part(row.packed, column)) continue;
        indexes_->forget(i, part(before.packed, column), fileId);
        indexes_->learn(i, part(row.packed, column), fileId);
    }
}

std::vector<std::string> Rows::unpack(const Row& row) const {
    std::vector<std::string> values;
    values.reserve(table_->fields.size());
    std::string_view rest = row.packed;
    for (std::size_t column = 0; column < table_->fields.size(); ++column) {
        const std::size_t end = std::min(rest.find(kSeparator), rest.size());
        values.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return values;
}

bool Rows::remove(int fileId) {
    if (!find(fileId)) return false;
    Row& row = rows_[static_cast<std::size_t>(fileId - 1)];
    unindex(fileId, row);
    row = {};
    --size_;
    ++version_;
    return true;
}

std::vector<int> Rows::candidates(std::size_t column, std::string_view value) const {
    std::vector<int> out;
    const auto& columns = indexes_->columns;
    const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
    const auto range = indexes_->byValue[static_cast<std::size_t>(at)].equal_range(hashOf(value));
    for (auto it = range.first; it != range.second; ++it) out.push_back(it->second);
    return out;
}

std::size_t Rows::countChangedFrom(std::int64_t wall) const {
    return size_ - indexes_->byChange.order_of_key({wall, 0});
}

std::vector<int> Rows::changedFrom(std::int64_t wall, std::size_t skip, std::size_t limit) const {
    std::vector<int> out;
    auto it = indexes_->byChange.find_by_order(indexes_->byChange.order_of_key({wall, 0}) + skip);
    for (; it != indexes_->byChange.end() && out.size() < limit; ++it) out.push_back(it->second);
    return out;
}

void Rows::index(int fileId, const Row& row) {
    indexes_->byChange.insert({row.modifiedWall, fileId});
    for (std::size_t i = 0; i < indexes_->columns.size(); ++i) {
        indexes_->learn(i, part(row.packed, indexes_->columns[i]), fileId);
    }
}

void Rows::unindex(int fileId, const Row& row) {
    indexes_->byChange.erase({row.modifiedWall, fileId});
    for (std::size_t i = 0; i < indexes_->columns.size(); ++i) {
        indexes_->forget(i, part(row.packed, indexes_->columns[i]), fileId);
    }
}

}  // namespace concordat::simulators::eudonet
