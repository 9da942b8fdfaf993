// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/bulk.h"

namespace concordat::simulators::salesforce {
namespace {

struct RowInput {
    std::string id;
    std::string external;
    nlohmann::json record = nlohmann::json::object();
};

RowInput readRow(const ObjectType& type, const Job& job, const CsvRow& header, const CsvRow& row) {
    RowInput input;
    for (std::size_t i = 0; i < header.size() && i < row.size(); ++i) {
        if (sameText(header[i], "Id")) {
            input.id = row[i];
            continue;
        }
        if (row[i].empty()) continue;  // leaves the field as it is
        if (sameText(header[i], job.external_field)) input.external = row[i];
        const int field = type.find(header[i]);
        input.record[header[i]] =
            field < 0 ? nlohmann::json(row[i])
                      : cellToJson(type.fields()[static_cast<std::size_t>(field)], row[i]);
    }
    return input;
}

}  // namespace

BulkDone doBulkRow(Context& context, const Job& job, const CsvRow& header, const CsvRow& row) {
    if (row.size() != header.size()) {
        throw ApiError(400, "INVALID_CSV", "the row has another number of cells than the header");
    }
    Table& table = context.org.database.table(job.object);
    const auto& type = table.type();
    const auto input = readRow(type, job, header, row);
    if (job.operation == "insert") {
        const auto fields = readFields(context.org, type, input.record, true);
        return {table.id(insertRecord(*context.txn, table, fields, {})), true};
    }
    if (job.operation == "upsert") {
        if (input.external.empty()) {
            throw ApiError(400, "MISSING_ARGUMENT", job.external_field + " not specified");
        }
        const auto key = readUpsertKey(table, job.external_field, input.external);
        const auto done = upsertRecord(context, table, key, input.record, {});
        return {table.id(done.row), done.created};
    }
    const auto found = needRow(table, input.id, job.operation == "hardDelete");
    if (job.operation == "update") {
        updateRecord(*context.txn, table, found, readFields(context.org, type, input.record, false),
                     {});
    } else if (job.operation == "delete") {
        deleteRecord(*context.txn, table, found);
    } else {
        context.txn->purge(table, found);
    }
    return {table.id(found), false};
}

}  // namespace concordat::simulators::salesforce
