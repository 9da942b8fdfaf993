// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/database.h"

#include "tools/simulators/salesforce/ids.h"

namespace concordat::simulators::salesforce {

std::string Table::makeRowId(const ObjectType& type, RowIndex index) {
    return makeId(type.prefix(), std::uint64_t{index} + 1);
}

std::optional<RowIndex> Table::find(std::string_view id) const {
    const auto number = readId(type_->prefix(), id);
    if (!number || *number == 0 || *number > rows_.size()) return std::nullopt;
    return static_cast<RowIndex>(*number - 1);
}

RowIndex Table::add(Row row) {
    const auto index = size();
    byStamp_.emplace_hint(byStamp_.end(), row.modified, index);
    rows_.push_back(std::move(row));
    return index;
}

void Table::replace(RowIndex index, Row row) {
    if (rows_[index].modified != row.modified) {
        byStamp_.erase({rows_[index].modified, index});
        byStamp_.emplace_hint(byStamp_.end(), row.modified, index);
    }
    rows_[index] = std::move(row);
}

void Table::dropLast() {
    byStamp_.erase({rows_.back().modified, size() - 1});
    rows_.pop_back();
}

void Table::noteValue(FieldIndex field, const Value& value, RowIndex row) {
    if (!type_->fields()[field].indexed || isNull(value)) return;
    byValue_[field].emplace(std::hash<std::string>()(fold(showPlain(value))), row);
}

void Table::candidates(FieldIndex field, const Value& value, std::vector<RowIndex>& out) const {
    const auto index = byValue_.find(field);
    if (index == byValue_.end()) return;
    const auto [from, to] =
        index->second.equal_range(std::hash<std::string>()(fold(showPlain(value))));
    for (auto at = from; at != to; ++at) {
        if (at->second < size()) out.push_back(at->second);
    }
}

Value RowView::get(FieldIndex field) const {
    if (field < system_field::kCount) return system(field);
    for (const auto& [index, value] : row().set) {
        if (index == field) return value;
    }
    if (row().seeded) return seededValue(*this, field, person_);
    if (table_.type().fields()[field].kind == Kind::boolean) return false;
    return {};
}

Value RowView::system(FieldIndex field) const {
    const auto user = [&](std::uint32_t n) { return database_.table("User").id(n); };
    switch (field) {
        case system_field::kId:
            return id();
        case system_field::kIsDeleted:
            return row().deleted;
        case system_field::kCreatedById:
            return user(row().createdBy);
        case system_field::kLastModifiedById:
            return user(row().modifiedBy);
        case system_field::kCreatedDate:
            return Instant{row().created};
        default:
            return Instant{row().modified};
    }
}

std::optional<RowView> RowView::follow(FieldIndex field) const {
    const Value value = get(field);
    if (isNull(value)) return std::nullopt;
    const auto& id = std::get<std::string>(value);
    const int object = findPrefix(id);
    if (object < 0) return std::nullopt;
    const auto& target = database_.table(object);
    const auto row = target.find(id);
    if (!row) return std::nullopt;
    return RowView(database_, target, *row);
}

}  // namespace concordat::simulators::salesforce
