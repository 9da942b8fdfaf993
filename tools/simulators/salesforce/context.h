// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/salesforce/dml.h"
#include "tools/simulators/salesforce/org.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {

class Cursors;

/// What the handlers of one API request share. For a read, Org::mutex is held shared and `txn` is
/// null; for a write it is held exclusively.
struct Context {
    Org& org;
    Cursors& cursors;
    Call& call;
    std::string version;  ///< eg: "66.0"
    std::string base;     ///< eg: "/services/data/v66.0"
    Transaction* txn = nullptr;
    bool partly_failed = false;  ///< a collection inside had failed records
};

/// One request inside the versioned API: the outer one, or a part of a composite.
struct Step {
    const Request& request;
    std::vector<std::string> parts;  ///< decoded path after the version
    const std::string& method() const { return request.method; }
};

/// Answers a step; ApiErrors become replies, and what a failed one changed is rolled back.
Reply dispatch(Context& context, const Request& request);
/// The step of a request; throws NOT_FOUND unless its path starts with the context's version.
Step stepOf(const Context& context, const Request& request);

Reply jsonReply(std::string body, int status = 200);
/// [{"message":…,"errorCode":…,"fields":[…]}]
Reply errorReply(const ApiError& error);
/// {"statusCode":…,"message":…,"fields":[…]} as in per-record results.
std::string showRecordError(const ApiError& error);
[[noreturn]] void notFound();
[[noreturn]] void wrongMethod(const std::string& method, const std::string& allowed);
DmlOptions optionsOf(const Request& request);
/// The table of an object name in a path. Throws NOT_FOUND.
Table& tableOf(Context& context, const std::string& object);
/// Parses a JSON body that must be an object. Throws JSON_PARSER_ERROR.
nlohmann::json bodyObject(const Request& request);

/// Handlers, one family each. All throw ApiError.
Reply answerSobjects(Context& context, const Step& step);
Reply answerCollections(Context& context, const Step& step);
Reply answerComposite(Context& context, const Step& step);
Reply answerQuery(Context& context, const Step& step);
Reply answerReplication(Context& context, const Step& step);
Reply describeGlobal(const Context& context);
Reply describeObject(const Context& context, const ObjectType& type);

/// Row found by an external id, or made: used by single, collection and bulk upserts. Throws
/// ApiError, with status 300 and the URLs in `extra` when several rows hold the value.
struct Upserted {
    RowIndex row;
    bool created;
};
struct UpsertKey {
    FieldIndex field;
    Value value;
    bool update_only = false;
};
UpsertKey readUpsertKey(const Table& table, const std::string& field, const std::string& value);
Upserted upsertRecord(Context& context,
                      Table& table,
                      const UpsertKey& key,
                      const nlohmann::json& record,
                      const DmlOptions& options);

}  // namespace concordat::simulators::salesforce
