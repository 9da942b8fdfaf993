// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/salesforce.h"

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

constexpr int kOldest = 58;
constexpr int kNewest = 66;
constexpr int kOldestRetired = 21;
constexpr std::size_t kLongestUri = 16384;

/// The major number of "v66.0"; 0 when it is not of that form.
int majorOf(const std::string& part) {
    if (part.size() != 5 || part[0] != 'v' || part.substr(3) != ".0") return 0;
    const auto digits = part.substr(1, 2);
    return digits.find_first_not_of("0123456789") == std::string::npos ? std::stoi(digits) : 0;
}

std::string originOf(const Request& request) {
    const auto header = std::string(request.header("Sforce-Call-Options"));
    const auto at = header.find("client=");
    if (at == std::string::npos) return "";
    return header.substr(at + 7, header.find_first_of(",;", at) - at - 7);
}

bool readsOnly(const Request& request) {
    if (request.method == "GET" || request.method == "HEAD") return true;
    const auto at = request.path.find("/composite/sobjects/");
    return request.method == "POST" && at != std::string::npos;
}

Reply sessionError() {
    auto reply = errorReply(ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid"));
    reply.headers.emplace_back("WWW-Authenticate", "Token");
    return reply;
}

}  // namespace

Salesforce::Salesforce(Stage& stage, Credentials credentials)
    : org_(stage, std::move(credentials)), auth_(org_), jobs_(org_, cursors_), ui_(org_) {}

Reply Salesforce::versions() const {
    std::string out = "[";
    for (int version = kOldest; version <= kNewest; ++version) {
        const auto number = std::to_string(version) + ".0";
        out += (out.size() > 1 ? "," : "") + std::string("{\"label\":\"API ") + number +
               "\",\"url\":\"/services/data/v" + number + "\",\"version\":\"" + number + "\"}";
    }
    return jsonReply(out + "]");
}

Reply Salesforce::handle(const Request& request, Call& call) {
    ui_.runDue();
    auto reply = [&] {
        try {
            return data(request, call);
        } catch (const ApiError& error) {
            return salesforce::errorReply(error);
        }
    }();
    // The vendor's own clock: clients are told to take "now" from here.
    reply.headers.emplace_back("Date", showHttpTime(org_.stage.now()));
    return reply;
}

Reply Salesforce::data(const Request& request, Call& call) {
    const auto parts = request.segments();
    if (request.path.size() + request.query.size() > kLongestUri) {
        throw ApiError(414, "URI_TOO_LONG", "The URI is longer than 16384 bytes");
    }
    if (parts.size() == 3 && parts[0] == "services" && parts[1] == "oauth2") {
        call.name = "/services/oauth2/" + parts[2];
        if (parts[2] == "token" || parts[2] == "revoke" || parts[2] == "introspect" ||
            parts[2] == "userinfo") {
            return auth_.answer(request, parts[2]);
        }
        notFound();
    }
    if (parts.size() == 3 && parts[0] == "id") {
        call.name = "/id/{org}/{user}";
        if (parts[1] != kOrgId) notFound();
        return auth_.answer(request, "userinfo");
    }
    if (parts.size() < 2 || parts[0] != "services" || parts[1] != "data") notFound();
    call.name = "/services/data";
    if (parts.size() == 2) return versions();
    const int major = majorOf(parts[2]);
    if (major >= kOldestRetired && major < kOldest) {
        throw ApiError(410, "UNSUPPORTED_API_VERSION", "API version " + parts[2] + " is retired");
    }
    if (major < kOldest || major > kNewest) notFound();
    const auto client = auth_.clientOf(request);
    return client ? metered(request, *client, call) : sessionError();
}

Reply Salesforce::metered(const Request& request, const std::string& client, Call& call) {
    const auto quota = org_.quota();
    if (org_.usage >= quota) return limitReply();
    ++org_.usage;
    Reply reply;
    if (call.fault && call.fault->kind == "concurrent_limit") {
        reply = salesforce::errorReply(
            ApiError(403, "REQUEST_LIMIT_EXCEEDED",
                     "ConcurrentRequests (Concurrent API Requests) Limit exceeded."));
    } else if (request.method == "POST" && request.param("_HttpMethod")) {
        Request other = request;
        other.method = *request.param("_HttpMethod");
        reply = work(other, client, call);
    } else {
        reply = work(request, client, call);
    }
    reply.headers.emplace_back(
        "Sforce-Limit-Info",
        "api-usage=" + std::to_string(org_.usage.load()) + "/" + std::to_string(quota));
    return reply;
}

Reply Salesforce::work(const Request& request, const std::string& client, Call& call) {
    const auto version = request.segments()[2].substr(1);
    const std::string base = "/services/data/v" + version;
    Context context{org_, cursors_, call, version, base};
    const Doer doer{"api:" + client, originOf(request),
                    request.method + request.path.substr(base.size())};
    const auto step = stepOf(context, request);
    if (!step.parts.empty() && step.parts[0] == "jobs") {
        return jobs_.answer(step, version, doer, call);
    }
    if (readsOnly(request)) {
        const std::shared_lock lock(org_.mutex);
        return dispatch(context, request);
    }
    const std::unique_lock lock(org_.mutex);
    Transaction txn(org_, doer, 0);
    context.txn = &txn;
    auto reply = dispatch(context, request);
    txn.commit();
    return reply;
}

Reply Salesforce::limitReply() {
    return salesforce::errorReply(
        ApiError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
}

Reply Salesforce::errorReply(int status) {
    const char* code = status == 503   ? "SERVER_UNAVAILABLE"
                       : status == 401 ? "INVALID_SESSION_ID"
                       : status == 403 ? "INSUFFICIENT_ACCESS"
                       : status == 404 ? "NOT_FOUND"
                                       : "UNKNOWN_EXCEPTION";
    return salesforce::errorReply(
        ApiError(status, code, "An unexpected error occurred. Please include this ErrorId"));
}

std::vector<std::string> Salesforce::faultKinds() const {
    return {"lock_row", "lock_chunk", "concurrent_limit", "query_timeout", "bulk_fail"};
}

nlohmann::json Salesforce::act(const nlohmann::json& order) { return ui_.act(order); }
nlohmann::json Salesforce::records(const RecordQuery& query) { return ui_.records(query); }
nlohmann::json Salesforce::summary() { return ui_.summary(); }
bool Salesforce::set(const std::string& name, const Json& value) { return ui_.set(name, value); }
nlohmann::json Salesforce::settings() { return ui_.settings(); }

void Salesforce::reset() {
    const std::unique_lock lock(org_.mutex);
    org_.database.seed();
}

void Salesforce::replay(const Write& write) {
    const std::unique_lock lock(org_.mutex);
    replayWrite(org_, write);
}

}  // namespace concordat::simulators::salesforce
