// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/soql.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

void failLockedRow(const Context& context, const std::string& id) {
    const auto& fault = context.call.fault;
    if (!fault || (fault->kind != "lock_row" && fault->kind != "lock_chunk")) return;
    throw ApiError(400, "UNABLE_TO_LOCK_ROW",
                   "unable to obtain exclusive access to this record or 1 records: " + id);
}

/// The SELECT list of "?fields=Id,Email", or all visible fields.
Select fieldsOf(const Context& context, const ObjectType& type, const Request& request) {
    std::string list = request.param("fields").value_or("");
    if (list.empty()) {
        for (const auto& field : type.fields()) {
            if (context.org.visible(type, field)) list += (list.empty() ? "" : ",") + field.name;
        }
    }
    return parseSoql(context.org, "SELECT " + list + " FROM " + type.name());
}

std::int64_t needHttpTime(std::string_view text, const char* name) {
    const auto at = readHttpTime(text);
    if (!at)
        throw ApiError(400, "INVALID_HEADER", std::string("The value of ") + name + " is invalid");
    return *at;
}

Reply readRow(Context& context, const Step& step, const Table& table, RowIndex row) {
    const RowView view(context.org.database, table, row);
    if (const auto since = step.request.header("If-Modified-Since"); !since.empty()) {
        if (view.row().modified <= needHttpTime(since, "If-Modified-Since"))
            return jsonReply("", 304);
    }
    std::string out;
    appendRecord(out, view, fieldsOf(context, table.type(), step.request));
    context.call.items = 1;
    return jsonReply(std::move(out));
}

Reply createRow(Context& context, const Step& step, Table& table) {
    const auto fields = readFields(context.org, table.type(), bodyObject(step.request), true);
    failLockedRow(context, "");
    const auto row = insertRecord(*context.txn, table, fields, optionsOf(step.request));
    const auto id = table.id(row);
    auto reply = jsonReply("{\"id\":\"" + id + "\",\"success\":true,\"errors\":[]}", 201);
    reply.headers.emplace_back("Location",
                               context.base + "/sobjects/" + table.type().name() + "/" + id);
    context.call.items = 1;
    return reply;
}

Reply updateRow(Context& context, const Step& step, Table& table, const std::string& id) {
    const auto fields = readFields(context.org, table.type(), bodyObject(step.request), false);
    const auto row = needRow(table, id);
    if (const auto since = step.request.header("If-Unmodified-Since"); !since.empty()) {
        if (table.row(row).modified > needHttpTime(since, "If-Unmodified-Since")) {
            throw ApiError(412, "", "");
        }
    }
    failLockedRow(context, table.id(row));
    updateRecord(*context.txn, table, row, fields, optionsOf(step.request));
    context.call.items = 1;
    return jsonReply("", 204);
}

Reply onRow(Context& context, const Step& step, Table& table, const std::string& id) {
    context.call.name = "/sobjects/" + table.type().name() + "/{id}";
    const auto& method = step.method();
    if (method == "GET") {
        const auto row = needRow(table, id, true);
        if (table.row(row).deleted) notFound();
        return readRow(context, step, table, row);
    }
    if (method == "PATCH") return updateRow(context, step, table, id);
    if (method != "DELETE") wrongMethod(method, "DELETE,GET,HEAD,PATCH");
    deleteRecord(*context.txn, table, needRow(table, id));
    return jsonReply("", 204);
}

std::vector<RowIndex> holding(const Context& context, const Table& table, const UpsertKey& key) {
    std::vector<RowIndex> found, rows;
    table.candidates(key.field, key.value, found);
    for (const auto row : found) {
        const RowView view(context.org.database, table, row);
        if (!view.row().deleted && compare(view.get(key.field), key.value) == 0)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void refuseSeveral(const Context& context, const Table& table, const std::vector<RowIndex>& rows) {
    if (rows.size() < 2) return;
    ApiError error(300, "DUPLICATE_EXTERNAL_ID", "the external id is held by several records");
    error.extra = "[";
    for (const auto row : rows) {
        if (error.extra.size() > 1) error.extra += ',';
        appendQuoted(error.extra,
                     context.base + "/sobjects/" + table.type().name() + "/" + table.id(row));
    }
    error.extra += ']';
    throw error;
}

Reply onExternalId(Context& context, const Step& step, Table& table) {
    const auto& type = table.type();
    context.call.name = "/sobjects/" + type.name() + "/{field}/{value}";
    auto key = readUpsertKey(table, step.parts[2], step.parts[3]);
    const auto& method = step.method();
    if (method == "PATCH") {
        key.update_only = step.request.param("updateOnly") == "true";
        const auto done =
            upsertRecord(context, table, key, bodyObject(step.request), optionsOf(step.request));
        return jsonReply("{\"id\":\"" + table.id(done.row) + "\",\"success\":true,\"errors\":[]," +
                             "\"created\":" + (done.created ? "true" : "false") + "}",
                         done.created ? 201 : 200);
    }
    if (method != "GET" && method != "DELETE") wrongMethod(method, "DELETE,GET,HEAD,PATCH");
    const auto rows = holding(context, table, key);
    refuseSeveral(context, table, rows);
    if (rows.empty()) notFound();
    if (method == "GET") return readRow(context, step, table, rows[0]);
    deleteRecord(*context.txn, table, rows[0]);
    return jsonReply("", 204);
}

Reply onObject(Context& context, const Step& step, Table& table) {
    context.call.name = "/sobjects/" + table.type().name();
    if (step.method() == "POST") return createRow(context, step, table);
    if (step.method() != "GET") wrongMethod(step.method(), "GET,HEAD,POST");
    return jsonReply("{\"objectDescribe\":{\"name\":\"" + table.type().name() +
                     "\",\"keyPrefix\":\"" + table.type().prefix() + "\"},\"recentItems\":[]}");
}

}  // namespace

UpsertKey readUpsertKey(const Table& table, const std::string& field, const std::string& value) {
    const int index = table.type().find(field);
    if (index < 0 || !table.type().fields()[static_cast<std::size_t>(index)].externalId) {
        throw ApiError(404, "NOT_FOUND",
                       "Provided external ID field does not exist or is not accessible: " + field);
    }
    return {static_cast<FieldIndex>(index), value, false};
}

Upserted upsertRecord(Context& context,
                      Table& table,
                      const UpsertKey& key,
                      const nlohmann::json& record,
                      const DmlOptions& options) {
    const auto& name = table.type().fields()[key.field].name;
    const auto rows = holding(context, table, key);
    refuseSeveral(context, table, rows);
    auto fields = readFields(context.org, table.type(), record, rows.empty(), name);
    context.call.items = 1;
    if (!rows.empty()) {
        updateRecord(*context.txn, table, rows[0], fields, options);
        return {rows[0], false};
    }
    if (key.update_only) notFound();
    fields.push_back({key.field, key.value});
    return {insertRecord(*context.txn, table, fields, options), true};
}

Reply answerSobjects(Context& context, const Step& step) {
    const auto& parts = step.parts;
    if (parts.size() == 1) {
        if (step.method() != "GET") wrongMethod(step.method(), "GET,HEAD");
        return describeGlobal(context);
    }
    Table& table = tableOf(context, parts[1]);
    if (parts.size() == 2) return onObject(context, step, table);
    if (parts.size() == 4) return onExternalId(context, step, table);
    if (parts.size() > 4) notFound();
    if (parts[2] == "describe") {
        if (step.method() != "GET") wrongMethod(step.method(), "GET,HEAD");
        context.call.name = "/sobjects/{object}/describe";
        return describeObject(context, table.type());
    }
    if (parts[2] == "updated" || parts[2] == "deleted") return answerReplication(context, step);
    return onRow(context, step, table, parts[2]);
}

}  // namespace concordat::simulators::salesforce
