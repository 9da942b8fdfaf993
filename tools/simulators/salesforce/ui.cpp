// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/ui.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/dml.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

Table& tableNamed(Org& org, const std::string& name) {
    const int object = findObject(name);
    if (object < 0) throw std::invalid_argument("there is no object \"" + name + "\"");
    return org.database.table(object);
}

}  // namespace

struct Ui::Late {
    std::int64_t started;
    Json order;
};

Ui::Ui(Org& org) : org_(org) {}
Ui::~Ui() = default;

Json Ui::act(const Json& order) {
    runDue();
    const auto late = order.value("late_s", 0);
    if (late <= 0) {
        const std::unique_lock lock(org_.mutex);
        return perform(order, org_.stage.now());
    }
    const std::lock_guard lock(mutex_);
    const auto now = org_.stage.now();
    late_.emplace(now + late * 1000, Late{now, order});
    anyLate_ = true;
    const std::unique_lock data(org_.mutex);
    org_.open.insert(now);
    return {{"commits_at", now + late * 1000}};
}

void Ui::runDue() {
    if (!anyLate_) return;
    const std::lock_guard lock(mutex_);
    while (!late_.empty() && late_.begin()->first <= org_.stage.now()) {
        const auto due = late_.extract(late_.begin()).mapped();
        const std::unique_lock data(org_.mutex);
        org_.open.erase(org_.open.find(due.started));
        perform(due.order, due.started);
    }
    anyLate_ = !late_.empty();
}

Json Ui::perform(const Json& order, std::int64_t startedAt) {
    const auto user = order.value("user", std::string("Admin User"));
    Transaction txn(org_, {"user:" + user, "", "act"}, userNamed(org_.database, user), startedAt);
    try {
        Json result = performIn(txn, order);
        txn.commit();
        return result;
    } catch (const ApiError& error) {
        throw std::invalid_argument(error.code + ": " + error.what());
    }
}

RowIndex Ui::target(const Table& table, const Json& order, bool deletedToo) {
    if (order.contains("id")) return needRow(table, order.at("id").get<std::string>(), deletedToo);
    if (!order.contains("email") || table.type().find("Email") < 0) {
        throw std::invalid_argument("say which record: \"id\", or \"email\" of a Contact or Lead");
    }
    const auto field = table.type().at("Email");
    const Value email = lowerText(order.at("email").get<std::string>());
    std::vector<RowIndex> rows;
    table.candidates(field, email, rows);
    for (const auto row : rows) {
        const RowView view(org_.database, table, row);
        if (view.row().deleted == deletedToo && compare(view.get(field), email) == 0) return row;
    }
    throw std::invalid_argument("no " + table.type().name() + " has this e-mail address");
}

Json Ui::performIn(Transaction& txn, const Json& order) {
    const auto verb = order.value("do", std::string());
    Table& table = tableNamed(org_, order.value("object", std::string("Contact")));
    const Json fields = order.value("set", Json::object());
    const DmlOptions options{true};
    if (verb == "create") {
        return show(
            table, insertRecord(txn, table, readFields(org_, table.type(), fields, true), options));
    }
    const auto row = target(table, order, verb == "undelete" || verb == "purge");
    if (verb == "update") {
        updateRecord(txn, table, row, readFields(org_, table.type(), fields, false), options);
    } else if (verb == "delete") {
        deleteRecord(txn, table, row);
    } else if (verb == "undelete") {
        undeleteRecord(txn, table, row);
    } else if (verb == "purge") {
        txn.purge(table, row);
    } else if (verb == "merge") {
        std::vector<RowIndex> losers;
        for (const auto& id : order.at("losers"))
            losers.push_back(needRow(table, id.get<std::string>()));
        mergeRecords(txn, table, row, losers);
    } else if (verb == "convert") {
        Table& contacts = org_.database.table("Contact");
        std::optional<RowIndex> into;
        if (order.contains("contact"))
            into = needRow(contacts, order.at("contact").get<std::string>());
        return show(contacts, convertLead(txn, row, into));
    } else {
        throw std::invalid_argument(
            "\"do\" must be create, update, delete, undelete, purge, merge or convert");
    }
    return show(table, row);
}

Json Ui::show(const Table& table, RowIndex row) const {
    const RowView view(org_.database, table, row);
    const auto& fields = table.type().fields();
    Json out = {{"object", table.type().name()}};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Value value = view.get(static_cast<FieldIndex>(i));
        if (!isNull(value)) out[fields[i].name] = Json::parse(showJson(value));
    }
    return out;
}

Json Ui::records(const RecordQuery& query) {
    runDue();
    const std::shared_lock lock(org_.mutex);
    const Table& table = tableNamed(org_, query.object.empty() ? "Contact" : query.object);
    Json out = Json::array();
    if (!query.id.empty()) {
        if (const auto row = table.find(query.id)) out.push_back(show(table, *row));
        return out;
    }
    const int email = table.type().find("Email");
    if (!query.email.empty() && email >= 0) {
        const auto field = static_cast<FieldIndex>(email);
        std::vector<RowIndex> rows;
        table.candidates(field, lowerText(query.email), rows);
        for (const auto row : rows) {
            const auto value = RowView(org_.database, table, row).get(field);
            if (compare(value, lowerText(query.email)) == 0) out.push_back(show(table, row));
        }
        return out;
    }
    for (auto row = query.offset; row < table.size() && out.size() < query.limit; ++row) {
        out.push_back(show(table, static_cast<RowIndex>(row)));
    }
    return out;
}

Json Ui::summary() {
    runDue();
    const std::shared_lock lock(org_.mutex);
    Json out = {{"api_usage", org_.usage.load()}, {"open_transactions", org_.open.size()}};
    for (std::size_t object = 0; object < schema().size(); ++object) {
        const Table& table = org_.database.table(static_cast<int>(object));
        std::uint64_t deleted = 0;
        for (RowIndex row = 0; row < table.size(); ++row) deleted += table.row(row).deleted ? 1 : 0;
        if (table.size() > 0) {
            out["objects"][table.type().name()] = {{"rows", table.size()}, {"deleted", deleted}};
        }
    }
    return out;
}

}  // namespace concordat::simulators::salesforce
