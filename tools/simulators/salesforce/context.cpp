// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/context.h"

#include <algorithm>

#include <nlohmann/json.hpp>
namespace concordat::simulators::salesforce {
namespace {

std::string fieldList(const ApiError& error) {
    std::string out = "[";
    for (const auto& field : error.fields) {
        if (out.size() > 1) out += ',';
        appendQuoted(out, field);
    }
    return out + "]";
}

Reply resources(const Context& context) {
    std::string out = "{";
    for (const char* name : {"sobjects", "query", "queryAll", "composite", "limits", "jobs"}) {
        out += "\"" + std::string(name) + "\":\"" + context.base + "/" + name + "\",";
    }
    const auto user = context.org.database.table("User").id(0);
    return jsonReply(out + "\"identity\":\"https://login.salesforce.com/id/" + std::string(kOrgId) +
                     "/" + user + "\"}");
}

Reply limits(const Context& context) {
    const auto max = context.org.quota();
    const auto entry = [](const std::string& name, std::int64_t top, std::int64_t left) {
        return "\"" + name + "\":{\"Max\":" + std::to_string(top) +
               ",\"Remaining\":" + std::to_string(std::max<std::int64_t>(left, 0)) + "}";
    };
    return jsonReply("{" + entry("DailyApiRequests", max, max - context.org.usage) + "," +
                     entry("DailyBulkApiBatches", 15000, context.org.bulk_batches) + "," +
                     entry("DailyBulkV2QueryJobs", 10000, 10000) + "," +
                     entry("DataStorageMB", 1024, 900) + "}");
}

Reply route(Context& context, const Step& step) {
    const auto& parts = step.parts;
    if (parts.empty() || (parts[0] == "limits" && parts.size() == 1)) {
        if (step.method() != "GET") wrongMethod(step.method(), "GET");
        return parts.empty() ? resources(context) : limits(context);
    }
    if (parts[0] == "query" || parts[0] == "queryAll") return answerQuery(context, step);
    if (parts[0] == "sobjects") return answerSobjects(context, step);
    if (parts[0] == "composite" && parts.size() > 1 && parts[1] == "sobjects") {
        return answerCollections(context, step);
    }
    if (parts[0] == "composite") return answerComposite(context, step);
    notFound();
}

}  // namespace

Reply jsonReply(std::string body, int status) {
    Reply reply;
    reply.status = status;
    reply.body = std::move(body);
    if (reply.body.empty()) reply.type.clear();
    return reply;
}

Reply errorReply(const ApiError& error) {
    if (error.status == 300) return jsonReply(error.extra, 300);
    if (error.status == 412) return jsonReply("", 412);
    std::string out = "[{";
    if (!error.extra.empty()) out += error.extra + ",";
    out += "\"message\":";
    appendQuoted(out, error.what());
    out += ",\"errorCode\":";
    appendQuoted(out, error.code);
    if (!error.fields.empty()) out += ",\"fields\":" + fieldList(error);
    return jsonReply(out + "}]", error.status);
}

std::string showRecordError(const ApiError& error) {
    // A record of a collection is not a resource of its own.
    const bool missing = error.code == "NOT_FOUND";
    std::string out = "{\"statusCode\":";
    appendQuoted(out, missing ? "INVALID_CROSS_REFERENCE_KEY" : error.code);
    out += ",\"message\":";
    appendQuoted(out, missing ? "invalid cross reference id" : error.what());
    return out + ",\"fields\":" + fieldList(error) + "}";
}

void notFound() { throw ApiError(404, "NOT_FOUND", "The requested resource does not exist"); }

void wrongMethod(const std::string& method, const std::string& allowed) {
    throw ApiError(405, "METHOD_NOT_ALLOWED",
                   "HTTP Method '" + method + "' not allowed. Allowed are " + allowed);
}

DmlOptions optionsOf(const Request& request) {
    DmlOptions options;
    const auto rule = lowerText(request.header("Sforce-Duplicate-Rule-Header"));
    const auto at = rule.find("allowsave");
    options.allow_duplicates = at != std::string::npos &&
                               rule.find("true", at) != std::string::npos &&
                               rule.find("true", at) < rule.find(';', at);
    return options;
}

Table& tableOf(Context& context, const std::string& object) {
    const int place = findObject(object);
    if (place < 0) notFound();
    return context.org.database.table(place);
}

nlohmann::json bodyObject(const Request& request) {
    auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (body.is_discarded() || !body.is_object()) {
        throw ApiError(400, "JSON_PARSER_ERROR",
                       "Unexpected character or end of input at [line:1, column:1]");
    }
    return body;
}

Step stepOf(const Context& context, const Request& request) {
    Step step{request, request.segments()};
    const bool here = step.parts.size() >= 3 && step.parts[0] == "services" &&
                      step.parts[1] == "data" && step.parts[2] == "v" + context.version;
    if (!here) notFound();
    step.parts.erase(step.parts.begin(), step.parts.begin() + 3);
    return step;
}

Reply dispatch(Context& context, const Request& request) {
    const auto mark = context.txn ? context.txn->mark() : Transaction::Mark{};
    try {
        return route(context, stepOf(context, request));
    } catch (const ApiError& error) {
        if (context.txn) context.txn->rollback(mark);
        return errorReply(error);
    } catch (const nlohmann::json::exception&) {
        if (context.txn) context.txn->rollback(mark);
        return errorReply(ApiError(400, "JSON_PARSER_ERROR",
                                   "The request body does not have the expected shape"));
    }
}

}  // namespace concordat::simulators::salesforce
