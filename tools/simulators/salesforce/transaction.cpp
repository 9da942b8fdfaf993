// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/transaction.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::string_view kPurged = "IsPurged";

Value readJson(const Field& field, const nlohmann::json& json) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number()) return json.get<double>();
    if (!json.is_string()) return {};
    const auto text = json.get<std::string>();
    if (field.kind == Kind::dateTime) return Instant{readTime(text).value_or(0)};
    return text;
}

void setIn(Row& row, FieldIndex field, Value value) {
    for (auto& [index, old] : row.set) {
        if (index == field) {
            old = std::move(value);
            return;
        }
    }
    row.set.emplace_back(field, std::move(value));
}

}  // namespace

std::int64_t Org::safeTime() const {
    auto safe = stage.now() - stage.settings.late_visibility_s * kSecond;
    if (!open.empty()) safe = std::min(safe, *open.begin());
    return floorTo(safe, kSecond);
}

Transaction::Transaction(Org& org, Doer doer, std::uint32_t user, std::int64_t startedAt)
    : org_(org),
      doer_(std::move(doer)),
      user_(user),
      start_(startedAt != 0 ? startedAt
                            : org.stage.now() - org.stage.settings.late_visibility_s * kSecond) {}

Transaction::~Transaction() { rollback({0, 0}); }

void Transaction::rollback(Mark mark) {
    while (undo_.size() > mark.first) {
        auto& undo = undo_.back();
        if (undo.created) {
            undo.table->dropLast();
        } else {
            undo.table->replace(undo.row, std::move(undo.before));
        }
        undo_.pop_back();
    }
    writes_.resize(mark.second);
}

void Transaction::commit() {
    std::size_t from = 0;
    while (from < writes_.size()) {
        std::vector<Write> batch;
        const std::string actor = writes_[from].first;
        for (; from < writes_.size() && writes_[from].first == actor; ++from) {
            batch.push_back(std::move(writes_[from].second));
        }
        org_.stage.journal.append({actor, doer_.origin, doer_.via}, std::move(batch));
    }
    writes_.clear();
    undo_.clear();
}

void Transaction::actAs(const std::string& actor) { automation_ = actor; }

void Transaction::note(
    Table& table, RowIndex row, std::string_view field, std::string before, std::string after) {
    Write write;
    write.virtual_at = start_;
    write.object = table.type().name();
    write.field = field;
    write.id = table.id(row);
    write.before = std::move(before);
    write.after = std::move(after);
    writes_.emplace_back(automation_.empty() ? doer_.actor : automation_, std::move(write));
}

void Transaction::keep(Table& table, RowIndex row) {
    undo_.push_back({&table, row, false, table.row(row)});
}

RowIndex Transaction::create(Table& table) {
    Row row;
    row.created = row.modified = floorTo(start_, kSecond);
    row.createdBy = row.modifiedBy = user_;
    const auto index = table.add(std::move(row));
    undo_.push_back({&table, index, true, {}});
    note(table, index, "Id", "null", showJson(table.id(index)));
    return index;
}

void Transaction::set(Table& table, RowIndex row, FieldIndex field, Value value) {
    const Value before = RowView(org_.database, table, row).get(field);
    if (before == value) return;
    keep(table, row);
    note(table, row, table.type().fields()[field].name, showJson(before), showJson(value));
    table.noteValue(field, value, row);
    Row changed = table.row(row);
    setIn(changed, field, std::move(value));
    table.replace(row, std::move(changed));
}

void Transaction::setDeleted(Table& table, RowIndex row, bool deleted) {
    keep(table, row);
    note(table, row, "IsDeleted", deleted ? "false" : "true", deleted ? "true" : "false");
    Row changed = table.row(row);
    changed.deleted = deleted;
    table.replace(row, std::move(changed));
    touch(table, row, true);
}

void Transaction::purge(Table& table, RowIndex row) {
    keep(table, row);
    note(table, row, kPurged, "false", "true");
    Row changed = table.row(row);
    changed.deleted = changed.purged = true;
    table.replace(row, std::move(changed));
}

void Transaction::touch(Table& table, RowIndex row, bool changed) {
    keep(table, row);
    Row next = table.row(row);
    const auto before = next.modified;
    next.modified = std::max(before, floorTo(start_, kSecond));
    next.modifiedBy = user_;
    if (!changed) {
        note(table, row, "SystemModstamp", showJson(Instant{before}),
             showJson(Instant{next.modified}));
    }
    table.replace(row, std::move(next));
}

std::uint32_t userNamed(Database& database, std::string_view name) {
    Table& users = database.table("User");
    const auto field = users.type().at("Name");
    for (RowIndex row = 0; row < users.size(); ++row) {
        if (RowView(database, users, row).get(field) == Value(std::string(name))) return row;
    }
    Row user;
    user.set.emplace_back(field, std::string(name));
    user.set.emplace_back(users.type().at("IsActive"), true);
    return users.add(std::move(user));
}

void replayWrite(Org& org, const Write& write) {
    Table& table = org.database.table(write.object);
    const auto user = write.actor.rfind("user:", 0) == 0
                          ? userNamed(org.database, write.actor.substr(5))
                          : std::uint32_t{0};
    const auto stamp = floorTo(write.virtual_at, kSecond);
    if (write.field == "Id") {
        Row row;
        row.created = row.modified = stamp;
        row.createdBy = row.modifiedBy = user;
        table.add(std::move(row));
        return;
    }
    const auto index = table.find(write.id).value();
    Row row = table.row(index);
    row.modified = std::max(row.modified, stamp);
    row.modifiedBy = user;
    if (write.field == kPurged) {
        row.deleted = row.purged = true;
    } else if (write.field == "IsDeleted") {
        row.deleted = write.after == "true";
    } else if (write.field != "SystemModstamp") {
        const auto field = table.type().at(write.field);
        Value value = readJson(table.type().fields()[field], nlohmann::json::parse(write.after));
        table.noteValue(field, value, index);
        setIn(row, field, std::move(value));
    }
    table.replace(index, std::move(row));
}

}  // namespace concordat::simulators::salesforce
