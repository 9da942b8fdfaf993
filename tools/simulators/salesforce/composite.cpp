// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/context.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostSteps = 25;
constexpr std::size_t kMostQueries = 5;
constexpr std::size_t kMostGraphs = 75;
constexpr std::size_t kMostNodes = 500;

Json halted(const std::string& why) {
    return Json::array({{{"errorCode", "PROCESSING_HALTED"}, {"message", why}}});
}

constexpr auto kRolledBack =
    "The transaction was rolled back since another operation in the same transaction failed.";

/// Thrown when a @{reference} names nothing that is there.
struct BadReference {
    std::string text;
};

/// Replies of earlier steps by their referenceId.
using Results = std::map<std::string, Json>;

/// Follows "ref.records[0].Id" into the results.
std::string resolve(const std::string& text, const Results& results) {
    const auto stop = text.find_first_of(".[");
    const auto found = results.find(text.substr(0, stop));
    if (found == results.end()) throw BadReference{text};
    const Json* at = &found->second;
    std::size_t from = stop;
    while (from < text.size()) {
        const bool index = text[from] == '[';
        const auto end = index ? text.find(']', from) : text.find_first_of(".[", from + 1);
        const auto key = text.substr(from + 1, end == std::string::npos ? end : end - from - 1);
        if (index && at->is_array() && !key.empty() &&
            key.find_first_not_of("0123456789") == std::string::npos &&
            std::stoul(key) < at->size()) {
            at = &(*at)[std::stoul(key)];
        } else if (!index && at->is_object() && at->contains(key)) {
            at = &(*at)[key];
        } else {
            throw BadReference{text};
        }
        from = end == std::string::npos ? text.size() : index ? end + 1 : end;
    }
    if (at->is_structured()) throw BadReference{text};
    return at->is_string() ? at->get<std::string>() : at->dump();
}

std::string fillIn(const std::string& text, const Results& results) {
    std::string out;
    std::size_t from = 0;
    for (auto at = text.find("@{"); at != std::string::npos; at = text.find("@{", from)) {
        const auto end = text.find('}', at);
        if (end == std::string::npos) break;
        out += text.substr(from, at - from) + resolve(text.substr(at + 2, end - at - 2), results);
        from = end + 1;
    }
    return out + text.substr(from);
}

void fillInAll(Json& value, const Results& results) {
    if (value.is_structured()) {
        for (auto& part : value) fillInAll(part, results);
    } else if (value.is_string()) {
        value = fillIn(value.get<std::string>(), results);
    }
}

Request requestOf(const Json& part, const Results& results) {
    Request request;
    request.method = part.at("method").get<std::string>();
    const auto url = fillIn(part.at("url").get<std::string>(), results);
    const auto mark = url.find('?');
    request.path = url.substr(0, mark);
    if (mark != std::string::npos) request.query = url.substr(mark + 1);
    if (part.contains("httpHeaders")) {
        for (const auto& [name, value] : part.at("httpHeaders").items()) {
            if (sameText(name, "Accept") || sameText(name, "Authorization") ||
                sameText(name, "Content-Type")) {
                throw ApiError(400, "INVALID_HEADER",
                               "the header " + name + " is not allowed in a subrequest");
            }
            request.headers.emplace_back(name, value.get<std::string>());
        }
    }
    if (part.contains("body")) {
        Json body = part.at("body");
        fillInAll(body, results);
        request.body = body.dump();
    }
    return request;
}

Json showPart(const Reply& reply, const std::string& reference) {
    Json headers = Json::object();
    for (const auto& [name, value] : reply.headers) headers[name] = value;
    return {{"body", reply.body.empty() ? Json() : Json::parse(reply.body)},
            {"httpHeaders", headers},
            {"httpStatusCode", reply.status},
            {"referenceId", reference}};
}

Json showHalted(const std::string& why, const std::string& reference) {
    return {{"body", halted(why)},
            {"httpHeaders", Json::object()},
            {"httpStatusCode", 400},
            {"referenceId", reference}};
}

Json runPart(Context& context, const Json& part, Results& results) {
    const auto reference = part.at("referenceId").get<std::string>();
    try {
        const auto reply = dispatch(context, requestOf(part, results));
        Json shown = showPart(reply, reference);
        if (reply.status < 400) results[reference] = shown.at("body");
        return shown;
    } catch (const BadReference& bad) {
        return showHalted("Invalid reference specified. No value for " + bad.text + " found",
                          reference);
    }
}

/// Runs the steps in one go. `ok` tells whether all of them worked.
Json runSteps(Context& context, const Json& steps, bool allOrNone, bool& ok) {
    const auto mark = context.txn->mark();
    Results results;
    Json replies = Json::array();
    std::size_t failed = steps.size();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        context.partly_failed = false;
        replies.push_back(runPart(context, steps[i], results));
        const bool bad =
            replies.back().at("httpStatusCode").get<int>() >= 400 || context.partly_failed;
        if (bad && failed == steps.size()) failed = i;
        if (bad && allOrNone) break;
    }
    ok = failed == steps.size();
    if (ok || !allOrNone) return replies;
    context.txn->rollback(mark);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i == failed) continue;
        const auto reference = steps[i].at("referenceId").get<std::string>();
        // A collection of ours keeps its own answer: "success" although rolled back.
        if (i < failed && replies[i].at("body").is_array()) continue;
        if (i < replies.size()) {
            replies[i] = showHalted(kRolledBack, reference);
        } else {
            replies.push_back(showHalted(kRolledBack, reference));
        }
    }
    return replies;
}

void checkSteps(const Json& steps) {
    if (steps.size() > kMostSteps) {
        throw ApiError(400, "LIMIT_EXCEEDED", "cannot have more than 25 subrequests");
    }
    std::size_t queries = 0;
    std::set<std::string> references;
    for (const auto& step : steps) {
        const auto url = step.at("url").get<std::string>();
        if (url.find("/query") != std::string::npos ||
            url.find("/composite/sobjects") != std::string::npos) {
            ++queries;
        }
        if (!references.insert(step.at("referenceId").get<std::string>()).second) {
            throw ApiError(400, "INVALID_INPUT", "duplicate referenceId");
        }
    }
    if (queries > kMostQueries) {
        throw ApiError(400, "LIMIT_EXCEEDED",
                       "cannot have more than 5 query or collections subrequests");
    }
}

Reply composite(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& steps = body.at("compositeRequest");
    checkSteps(steps);
    bool ok = true;
    const Json replies = runSteps(context, steps, body.value("allOrNone", false), ok);
    return jsonReply(Json{{"compositeResponse", replies}}.dump());
}

/// "v66.0/sobjects/…" without the leading "/services/data".
Json runBatchPart(Context& context, const Json& part) {
    Request request;
    request.method = part.at("method").get<std::string>();
    const auto url = "/services/data/" + part.at("url").get<std::string>();
    const auto mark = url.find('?');
    request.path = url.substr(0, mark);
    if (mark != std::string::npos) request.query = url.substr(mark + 1);
    if (part.contains("richInput")) request.body = part.at("richInput").dump();
    ++context.org.usage;
    const auto reply = dispatch(context, request);
    return {{"statusCode", reply.status},
            {"result", reply.body.empty() ? Json() : Json::parse(reply.body)}};
}

Reply batch(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& parts = body.at("batchRequests");
    if (parts.size() > kMostSteps) {
        throw ApiError(400, "LIMIT_EXCEEDED", "cannot have more than 25 subrequests");
    }
    const bool halt = body.value("haltOnError", false);
    Json results = Json::array();
    bool failed = false;
    for (const auto& part : parts) {
        if (failed && halt) {
            results.push_back(
                {{"statusCode", 412},
                 {"result", Json::array({{{"errorCode", "BATCH_PROCESSING_HALTED"},
                                          {"message", "Batch processing halted"}}})}});
            continue;
        }
        results.push_back(runBatchPart(context, part));
        failed = failed || results.back().at("statusCode").get<int>() >= 400;
    }
    return jsonReply(Json{{"hasErrors", failed}, {"results", results}}.dump());
}

Json runGraph(Context& context, const Json& graph) {
    bool ok = true;
    const Json replies = runSteps(context, graph.at("compositeRequest"), true, ok);
    return {{"graphId", graph.at("graphId")},
            {"graphResponse", {{"compositeResponse", replies}}},
            {"isSuccessful", ok}};
}

Reply graph(Context& context, const Step& step) {
    const Json body = bodyObject(step.request);
    const auto& graphs = body.at("graphs");
    std::size_t nodes = 0;
    for (const auto& one : graphs) {
        nodes += one.at("compositeRequest").size();
        for (const auto& part : one.at("compositeRequest")) {
            if (part.at("url").get<std::string>().find("/sobjects/") == std::string::npos ||
                part.at("url").get<std::string>().find("/composite/") != std::string::npos) {
                throw ApiError(400, "INVALID_INPUT", "a graph takes sobjects URLs only");
            }
        }
    }
    if (graphs.size() > kMostGraphs || nodes > kMostNodes) {
        throw ApiError(400, "LIMIT_EXCEEDED", "cannot have more than 75 graphs or 500 nodes");
    }
    Json out = Json::array();
    for (const auto& one : graphs) out.push_back(runGraph(context, one));
    return jsonReply(Json{{"graphs", out}}.dump());
}

}  // namespace

Reply answerComposite(Context& context, const Step& step) {
    const auto& parts = step.parts;
    const std::string kind = parts.size() > 1 ? parts[1] : "";
    if (parts.size() > 2) notFound();
    if (step.method() != "POST") wrongMethod(step.method(), "POST");
    Reply reply;
    if (kind.empty()) {
        reply = composite(context, step);
    } else if (kind == "batch") {
        reply = batch(context, step);
    } else if (kind == "graph") {
        reply = graph(context, step);
    } else {
        notFound();
    }
    context.call.name = kind.empty() ? "/composite" : "/composite/" + kind;
    return reply;
}

}  // namespace concordat::simulators::salesforce
