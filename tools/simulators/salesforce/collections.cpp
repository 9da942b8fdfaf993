// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/soql.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostRecords = 200;
constexpr std::size_t kMostChunks = 10;
constexpr std::size_t kMostReads = 2000;

[[noreturn]] void invalid(const std::string& why) {
    throw ApiError(400, "INVALID_BATCH_SIZE", why);
}

/// What one record did: its id, and with an upsert whether it was created.
struct Done {
    std::string id;
    std::optional<bool> created = std::nullopt;
};
using Operation = std::function<Done(std::size_t)>;

struct Outcome {
    Done done;
    std::optional<ApiError> error;
};

std::string showOutcome(const Outcome& outcome) {
    std::string out = "{";
    if (!outcome.done.id.empty()) out += "\"id\":\"" + outcome.done.id + "\",";
    out += outcome.error ? "\"success\":false,\"errors\":[" + showRecordError(*outcome.error) + "]"
                         : "\"success\":true,\"errors\":[]";
    if (outcome.done.created)
        out += std::string(",\"created\":") + (*outcome.done.created ? "true" : "false");
    return out + "}";
}

ApiError rolledBack() {
    return {400, "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "Record rolled back because not all records were valid and the request was using "
            "AllOrNone header"};
}

/// The failure an ordered fault has in store for record i of n.
std::optional<ApiError> faultFor(const Context& context, std::size_t i, std::size_t n) {
    const auto& fault = context.call.fault;
    if (!fault) return std::nullopt;
    const bool locks = fault->kind == "lock_row" || fault->kind == "lock_chunk";
    if (!locks && fault->kind != "partial_batch") return std::nullopt;
    const auto failing =
        fault->kind == "lock_chunk" ? n
        : fault->kind == "lock_row"
            ? 1
            : static_cast<std::size_t>(fault->share * static_cast<double>(n) + 0.5);
    // Spread over the batch, not bunched at its end.
    if (failing == 0 || (i * failing) % n >= failing) return std::nullopt;
    return ApiError(
        400, "UNABLE_TO_LOCK_ROW",
        "unable to obtain exclusive access to this record or 1 records: " + std::to_string(i));
}

Outcome runOne(Context& context, const Operation& operation, std::size_t i, std::size_t n) {
    const auto mark = context.txn->mark();
    try {
        if (auto fault = faultFor(context, i, n)) return {{}, std::move(fault)};
        return {operation(i), std::nullopt};
    } catch (const ApiError& error) {
        if (error.code == "JSON_PARSER_ERROR") throw;
        context.txn->rollback(mark);
        return {{}, error};
    }
}

Reply runAll(Context& context, std::size_t n, bool allOrNone, const Operation& operation) {
    const auto mark = context.txn->mark();
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < n; ++i) outcomes.push_back(runOne(context, operation, i, n));
    const bool failed = std::any_of(outcomes.begin(), outcomes.end(),
                                    [](const auto& outcome) { return outcome.error.has_value(); });
    context.partly_failed = context.partly_failed || failed;
    if (failed && allOrNone) {
        context.txn->rollback(mark);
        for (auto& outcome : outcomes) {
            if (!outcome.error) outcome.error = rolledBack();
        }
    }
    context.call.items += n;
    std::string out = "[";
    for (const auto& outcome : outcomes) out += (out.size() > 1 ? "," : "") + showOutcome(outcome);
    return jsonReply(out + "]");
}

const Json& recordsOf(const Json& body) {
    const auto at = body.find("records");
    if (at == body.end() || !at->is_array()) {
        throw ApiError(400, "JSON_PARSER_ERROR", "The records array is missing");
    }
    if (at->size() > kMostRecords) {
        invalid("record limit reached. cannot submit more than 200 records into this call");
    }
    return *at;
}

std::string typeOf(const Json& record) {
    const auto at = record.find("attributes");
    const bool named = record.is_object() && at != record.end() && at->is_object() &&
                       at->contains("type") && at->at("type").is_string();
    if (!named) {
        throw ApiError(400, "INVALID_TYPE", "Include the \"type\" attribute for each record");
    }
    return at->at("type").get<std::string>();
}

void refuseManyChunks(const Json& records) {
    std::size_t chunks = 0;
    std::string last;
    for (const auto& record : records) {
        const auto type = typeOf(record);
        if (type != last) ++chunks;
        last = type;
    }
    if (chunks > kMostChunks) {
        throw ApiError(400, "LIMIT_EXCEEDED",
                       "cannot have more than 10 chunks in a single operation. Please rearrange "
                       "the data to reduce chunking.");
    }
}

Table& tableOfRecord(Context& context, const Json& record) {
    const auto type = typeOf(record);
    const int object = findObject(type);
    if (object < 0) {
        throw ApiError(400, "INVALID_TYPE", "sObject type '" + type + "' is not supported.");
    }
    return context.org.database.table(object);
}

std::string idOf(const Json& record) {
    for (const char* key : {"id", "Id"}) {
        if (const auto at = record.find(key); at != record.end() && at->is_string()) {
            return at->get<std::string>();
        }
    }
    throw ApiError(400, "MISSING_ARGUMENT", "Id not specified in an update call", {"Id"});
}

Reply createMany(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& records = recordsOf(body);
    refuseManyChunks(records);
    return runAll(
        context, records.size(), body.value("allOrNone", false), [&](std::size_t i) -> Done {
            Table& table = tableOfRecord(context, records[i]);
            const auto fields = readFields(context.org, table.type(), records[i], true);
            return {table.id(insertRecord(*context.txn, table, fields, optionsOf(step.request)))};
        });
}

Reply updateMany(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& records = recordsOf(body);
    refuseManyChunks(records);
    return runAll(
        context, records.size(), body.value("allOrNone", false), [&](std::size_t i) -> Done {
            Table& table = tableOfRecord(context, records[i]);
            const auto fields = readFields(context.org, table.type(), records[i], false, "id");
            const auto row = needRow(table, idOf(records[i]));
            updateRecord(*context.txn, table, row, fields, optionsOf(step.request));
            return {table.id(row)};
        });
}

Reply upsertMany(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& records = recordsOf(body);
    Table& table = tableOf(context, step.parts[2]);
    const auto key = readUpsertKey(table, step.parts[3], "");
    const auto& field = table.type().fields()[key.field].name;
    return runAll(
        context, records.size(), body.value("allOrNone", false), [&](std::size_t i) -> Done {
            if (!sameText(typeOf(records[i]), table.type().name())) {
                throw ApiError(400, "INVALID_TYPE", "all records must be of the type in the path");
            }
            const auto value = records[i].value(field, std::string());
            if (value.empty()) {
                throw ApiError(400, "MISSING_ARGUMENT", field + " not specified", {field});
            }
            const auto done = upsertRecord(context, table, {key.field, value, false}, records[i],
                                           optionsOf(step.request));
            return {table.id(done.row), done.created};
        });
}

std::vector<std::string> splitIds(const std::string& text) {
    std::vector<std::string> ids;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto comma = std::min(text.find(',', from), text.size());
        ids.push_back(text.substr(from, comma - from));
        from = comma + 1;
    }
    return ids;
}

Reply deleteMany(Context& context, const Step& step) {
    const auto ids = splitIds(step.request.param("ids").value_or(""));
    if (ids.empty() || ids.size() > kMostRecords) invalid("1 to 200 ids are needed");
    const bool allOrNone = step.request.param("allOrNone") == "true";
    return runAll(context, ids.size(), allOrNone, [&](std::size_t i) -> Done {
        const int object = findPrefix(ids[i]);
        if (object < 0) throw ApiError(400, "MALFORMED_ID", "malformed id " + ids[i]);
        Table& table = context.org.database.table(object);
        const auto row = needRow(table, ids[i]);
        deleteRecord(*context.txn, table, row);
        return {table.id(row)};
    });
}

/// What a read of many asks for.
struct Wanted {
    std::vector<std::string> ids;
    std::string fields;
};

Wanted readWanted(const Request& request) {
    if (request.method == "GET") {
        return {splitIds(request.param("ids").value_or("")), request.param("fields").value_or("")};
    }
    const Json body = bodyObject(request);
    Wanted wanted;
    const auto strings = [&](const char* key) -> std::vector<std::string> {
        const auto at = body.find(key);
        if (at == body.end() || !at->is_array()) {
            throw ApiError(400, "JSON_PARSER_ERROR",
                           std::string("The ") + key + " array is missing");
        }
        return at->get<std::vector<std::string>>();
    };
    wanted.ids = strings("ids");
    for (const auto& field : strings("fields")) {
        wanted.fields += (wanted.fields.empty() ? "" : ",") + field;
    }
    return wanted;
}

Reply readMany(Context& context, const Step& step) {
    const Table& table = tableOf(context, step.parts[2]);
    const auto wanted = readWanted(step.request);
    if (wanted.ids.size() > kMostReads) invalid("cannot retrieve more than 2000 records");
    const auto select =
        parseSoql(context.org, "SELECT " + wanted.fields + " FROM " + table.type().name());
    std::string out = "[";
    for (const auto& id : wanted.ids) {
        if (out.size() > 1) out += ',';
        const auto row = table.find(id);
        if (!row || table.row(*row).deleted) {
            out += "null";
        } else {
            appendRecord(out, RowView(context.org.database, table, *row), select);
        }
    }
    context.call.items += wanted.ids.size();
    return jsonReply(out + "]");
}

}  // namespace

Reply answerCollections(Context& context, const Step& step) {
    const auto& method = step.method();
    const auto count = step.parts.size();
    context.call.name = "/composite/sobjects";
    if (count == 2) {
        if (method == "POST") return createMany(context, step);
        if (method == "PATCH") return updateMany(context, step);
        if (method == "DELETE") return deleteMany(context, step);
        wrongMethod(method, "DELETE,PATCH,POST");
    }
    if (count == 3) {
        context.call.name += "/{object}";
        if (method == "GET" || method == "POST") return readMany(context, step);
        wrongMethod(method, "GET,POST");
    }
    if (count != 4) notFound();
    context.call.name += "/{object}/{field}";
    if (method != "PATCH") wrongMethod(method, "PATCH");
    return upsertMany(context, step);
}

}  // namespace concordat::simulators::salesforce
