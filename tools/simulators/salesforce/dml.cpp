// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/dml.h"

#include <algorithm>

#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

bool isPerson(const ObjectType& type) { return type.name() == "Contact" || type.name() == "Lead"; }

const Value* find(const std::vector<Assignment>& fields, int field) {
    for (const auto& assignment : fields) {
        if (assignment.field == field) return &assignment.value;
    }
    return nullptr;
}

void refuseMissing(const std::vector<std::string>& missing) {
    if (missing.empty()) return;
    std::string list;
    for (const auto& name : missing) list += (list.empty() ? "" : ", ") + name;
    throw ApiError(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [" + list + "]",
                   missing);
}

void requireFields(const ObjectType& type, const std::vector<Assignment>& fields, bool creating) {
    std::vector<std::string> missing;
    for (std::size_t i = 0; i < type.fields().size(); ++i) {
        const auto& field = type.fields()[i];
        if (!field.required) continue;
        const Value* value = find(fields, static_cast<int>(i));
        if (value ? isNull(*value) : creating) missing.push_back(field.name);
    }
    refuseMissing(missing);
}

void checkReferences(const Database& database,
                     const ObjectType& type,
                     const std::vector<Assignment>& fields) {
    for (const auto& [index, value] : fields) {
        const auto& field = type.fields()[index];
        if (field.kind != Kind::reference || isNull(value)) continue;
        const auto& id = std::get<std::string>(value);
        const Table& target = database.table(findPrefix(id));
        const auto row = target.find(id);
        if (!row || target.row(*row).purged) {
            throw ApiError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id",
                           {field.name});
        }
        if (target.row(*row).deleted) {
            throw ApiError(400, "ENTITY_IS_DELETED", "entity is deleted", {field.name});
        }
    }
}

/// Live rows other than `self` that hold the value in an indexed field.
std::vector<RowIndex> holders(const Database& database,
                              const Table& table,
                              const Assignment& wanted,
                              std::optional<RowIndex> self) {
    std::vector<RowIndex> found, out;
    table.candidates(wanted.field, wanted.value, found);
    for (const auto row : found) {
        if (row == self || table.row(row).deleted) continue;
        if (compare(RowView(database, table, row).get(wanted.field), wanted.value) == 0 &&
            std::find(out.begin(), out.end(), row) == out.end()) {
            out.push_back(row);
        }
    }
    return out;
}

void checkUnique(const Database& database,
                 const Table& table,
                 const std::vector<Assignment>& fields,
                 std::optional<RowIndex> self) {
    for (const auto& assignment : fields) {
        const auto& field = table.type().fields()[assignment.field];
        if (!field.unique || isNull(assignment.value)) continue;
        const auto others = holders(database, table, assignment, self);
        if (others.empty()) continue;
        throw ApiError(
            400, "DUPLICATE_VALUE",
            "duplicate value found: " + field.name +
                " duplicates value on record with id: " + table.id(others[0]).substr(0, 15),
            {field.name});
    }
}

std::string duplicateExtra(const Table& table, const std::vector<RowIndex>& others, bool mayPass) {
    const auto& name = table.type().name();
    std::string matches;
    for (const auto row : others) {
        if (!matches.empty()) matches += ',';
        matches +=
            R"({"additionalInformation":[],"fieldDiffs":[],"matchConfidence":100.0,"record":)"
            R"({"attributes":{"type":")" +
            name + R"(","url":"/services/data/v66.0/sobjects/)" + name + "/" + table.id(row) +
            R"("},"Id":")" + table.id(row) + R"("}})";
    }
    return R"("duplicateResut":{"allowSave":)" + std::string(mayPass ? "true" : "false") +
           R"(,"duplicateRule":")" + name + R"(s_DR","duplicateRuleEntityType":")" + name +
           R"(","errorMessage":"You're creating a duplicate record. We recommend you use an existing record instead.",)"
           R"("matchResults":[{"entityType":")" +
           name + R"(","errors":[],"matchEngine":"ExactMatchEngine","matchRecords":[)" + matches +
           R"(],"rule":")" + name + R"(_MR","size":)" + std::to_string(others.size()) +
           R"(,"success":true}]})";
}

void checkDuplicateRule(const Org& org,
                        const Table& table,
                        const std::vector<Assignment>& fields,
                        std::optional<RowIndex> self,
                        const DmlOptions& options) {
    const auto& rule = org.rules.duplicate_rule;
    if (rule == "off" || !isPerson(table.type())) return;
    const bool mayPass = rule == "alert";
    if (mayPass && options.allow_duplicates) return;
    const int email = table.type().find("Email");
    const Value* value = find(fields, email);
    if (!value || isNull(*value)) return;
    const auto others =
        holders(org.database, table, {static_cast<FieldIndex>(email), *value}, self);
    if (others.empty()) return;
    ApiError error(400, "DUPLICATES_DETECTED", "Use one of these records?");
    error.extra = duplicateExtra(table, others, mayPass);
    throw error;
}

void checkValidation(const Org& org,
                     const ObjectType& type,
                     const std::vector<Assignment>& fields) {
    const auto& rule = org.rules.validation;
    if (!rule || type.name() != rule->object || !find(fields, type.find(rule->field))) return;
    throw ApiError(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule->message, {rule->field});
}

void runFlow(Transaction& txn, Table& table, RowIndex row) {
    const auto flow = txn.org().rules.flow;
    const Value trigger = RowView(txn.org().database, table, row).get(flow->when);
    const auto* flag = std::get_if<bool>(&trigger);
    txn.actAs("flow:" + flow->when + " to " + flow->then);
    txn.set(table, row, table.type().at(flow->then),
            flag ? Value(flow->invert ? !*flag : *flag) : trigger);
    txn.actAs("");
}

void setName(Transaction& txn, Table& table, RowIndex row) {
    const auto& type = table.type();
    if (type.find("LastName") < 0) return;
    const RowView view(txn.org().database, table, row);
    const auto first = showPlain(view.get("FirstName"));
    const auto last = showPlain(view.get("LastName"));
    txn.set(table, row, type.at("Name"), first.empty() ? last : first + " " + last);
}

/// Sets the fields and runs what the org does on its own. True when anything changed.
bool setAll(Transaction& txn, Table& table, RowIndex row, const std::vector<Assignment>& fields) {
    const auto before = txn.mark();
    for (const auto& [field, value] : fields) txn.set(table, row, field, value);
    if (find(fields, table.type().find("FirstName")) ||
        find(fields, table.type().find("LastName"))) {
        setName(txn, table, row);
    }
    const bool changed = txn.mark() != before;
    const auto& flow = txn.org().rules.flow;
    if (changed && flow && flow->object == table.type().name() &&
        find(fields, table.type().find(flow->when))) {
        runFlow(txn, table, row);
    }
    return changed;
}

void setDefaults(Transaction& txn, Table& table, RowIndex row) {
    const auto& type = table.type();
    const RowView view(txn.org().database, table, row);
    const auto fill = [&](const char* name, const Value& value) {
        const int field = type.find(name);
        if (field >= 0 && isNull(view.get(static_cast<FieldIndex>(field)))) {
            txn.set(table, row, static_cast<FieldIndex>(field), value);
        }
    };
    fill("OwnerId", txn.org().database.table("User").id(view.row().createdBy));
    fill("PrivacyConsentStatus", std::string("NotSeen"));
    if (type.name() == "Lead") fill("Status", std::string("Open - Not Contacted"));
}

}  // namespace

RowIndex needRow(const Table& table, std::string_view id, bool deletedToo) {
    const auto& type = table.type();
    if (!readId(type.prefix(), id)) {
        throw ApiError(400, "MALFORMED_ID",
                       type.name() + " ID: id value of incorrect type: " + std::string(id), {"Id"});
    }
    const auto row = table.find(id);
    if (!row || table.row(*row).purged) {
        throw ApiError(404, "NOT_FOUND", "The requested resource does not exist");
    }
    if (table.row(*row).deleted && !deletedToo) {
        throw ApiError(404, "ENTITY_IS_DELETED", "entity is deleted");
    }
    return *row;
}

RowIndex insertRecord(Transaction& txn,
                      Table& table,
                      const std::vector<Assignment>& fields,
                      const DmlOptions& options) {
    const auto& type = table.type();
    requireFields(type, fields, true);
    checkReferences(txn.org().database, type, fields);
    checkUnique(txn.org().database, table, fields, std::nullopt);
    checkDuplicateRule(txn.org(), table, fields, std::nullopt, options);
    checkValidation(txn.org(), type, fields);
    const auto row = txn.create(table);
    setAll(txn, table, row, fields);
    setDefaults(txn, table, row);
    return row;
}

void updateRecord(Transaction& txn,
                  Table& table,
                  RowIndex row,
                  const std::vector<Assignment>& fields,
                  const DmlOptions& options) {
    const auto& type = table.type();
    if (type.name() == "Lead" &&
        RowView(txn.org().database, table, row).get("IsConverted") == Value(true)) {
        throw ApiError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");
    }
    requireFields(type, fields, false);
    checkReferences(txn.org().database, type, fields);
    checkUnique(txn.org().database, table, fields, row);
    checkDuplicateRule(txn.org(), table, fields, row, options);
    checkValidation(txn.org(), type, fields);
    txn.touch(table, row, setAll(txn, table, row, fields));
}

void deleteRecord(Transaction& txn, Table& table, RowIndex row) {
    txn.setDeleted(table, row, true);
}

void undeleteRecord(Transaction& txn, Table& table, RowIndex row) {
    if (!table.row(row).deleted) {
        throw ApiError(400, "UNDELETE_FAILED", "Entity is not in the recycle bin");
    }
    txn.setDeleted(table, row, false);
}

void mergeRecords(Transaction& txn,
                  Table& table,
                  RowIndex master,
                  const std::vector<RowIndex>& losers) {
    const auto& type = table.type();
    if (!type.mergeable() || losers.empty() || losers.size() > 2) {
        throw ApiError(400, "INVALID_OPERATION", "a merge takes a master and one or two others");
    }
    const int individual = type.find("IndividualId");
    for (const auto loser : losers) {
        if (loser == master) throw ApiError(400, "INVALID_OPERATION", "cannot merge with itself");
        const RowView lost(txn.org().database, table, loser);
        if (individual >= 0) {
            const auto field = static_cast<FieldIndex>(individual);
            const RowView kept(txn.org().database, table, master);
            if (isNull(kept.get(field))) txn.set(table, master, field, lost.get(field));
        }
        txn.set(table, loser, type.at("MasterRecordId"), table.id(master));
        txn.setDeleted(table, loser, true);
    }
    txn.touch(table, master, false);
}

namespace {

RowIndex contactFromLead(Transaction& txn, const RowView& lead) {
    auto& database = txn.org().database;
    Table& accounts = database.table("Account");
    const auto account = txn.create(accounts);
    txn.set(accounts, account, accounts.type().at("Name"), lead.get("Company"));
    setDefaults(txn, accounts, account);
    Table& contacts = database.table("Contact");
    const auto contact = txn.create(contacts);
    txn.set(contacts, contact, contacts.type().at("AccountId"), accounts.id(account));
    for (const char* field : {"FirstName", "LastName", "Email", "Phone", "MobilePhone", "Fax",
                              "Title", "HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall"}) {
        txn.set(contacts, contact, contacts.type().at(field), lead.get(field));
    }
    setName(txn, contacts, contact);
    setDefaults(txn, contacts, contact);
    return contact;
}

void addOpportunity(Transaction& txn, const Value& account, const Value& name) {
    Table& table = txn.org().database.table("Opportunity");
    const auto row = txn.create(table);
    txn.set(table, row, table.type().at("Name"), name);
    txn.set(table, row, table.type().at("AccountId"), account);
    txn.set(table, row, table.type().at("StageName"), std::string("Prospecting"));
    txn.set(table, row, table.type().at("CloseDate"), showTime(txn.start()).substr(0, 10));
}

}  // namespace

RowIndex convertLead(Transaction& txn, RowIndex row, std::optional<RowIndex> into) {
    auto& database = txn.org().database;
    Table& leads = database.table("Lead");
    Table& contacts = database.table("Contact");
    const RowView lead(database, leads, row);
    if (lead.get("IsConverted") == Value(true)) {
        throw ApiError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");
    }
    const auto contact = into ? *into : contactFromLead(txn, lead);
    const auto individual = contacts.type().at("IndividualId");
    if (isNull(RowView(database, contacts, contact).get(individual))) {
        txn.set(contacts, contact, individual, lead.get("IndividualId"));
    }
    txn.touch(contacts, contact, true);
    const Value account = RowView(database, contacts, contact).get("AccountId");
    if (!into) addOpportunity(txn, account, lead.get("Company"));
    const auto& type = leads.type();
    txn.set(leads, row, type.at("IsConverted"), true);
    txn.set(leads, row, type.at("Status"), std::string("Closed - Converted"));
    txn.set(leads, row, type.at("ConvertedDate"), showTime(txn.start()).substr(0, 10));
    txn.set(leads, row, type.at("ConvertedContactId"), contacts.id(contact));
    txn.set(leads, row, type.at("ConvertedAccountId"), account);
    txn.touch(leads, row, true);
    return contact;
}

}  // namespace concordat::simulators::salesforce
