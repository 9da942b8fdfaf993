// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/replies.h"

#include <algorithm>
#include <array>

#include "plugins/salesforce/vocabulary.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;
using sdk::shortened;

constexpr std::string_view kVendor = "Salesforce";
constexpr std::size_t kMostWords = 400;
constexpr std::int64_t kSoonMs = 2'000;

/// Salesforce writes some messages for a web page (known issue W-2812314).
std::string unescaped(std::string text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEntities = {
        {{"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}};
    for (const auto& [entity, plain] : kEntities)
        for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos;
             at += plain.size())
            text.replace(at, entity.size(), plain);
    return text;
}

bool isIn(std::string_view code, std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The first error of a body: an array of errors, or the single object of OAuth.
const json& errorOf(const json& body) {
    static const json kNull;
    if (body.is_array()) return body.empty() ? kNull : errorOf(body.front());
    return body.is_object() ? body : kNull;
}

std::string codeOf(const json& error) {
    for (const char* name : {"errorCode", "statusCode", "error"})
        if (const json& code = member(error, name); code.is_string())
            return code.get<std::string>();
    return "";
}

std::string wordsOf(const json& error) {
    const json& text = member(error, "message");
    return unescaped(shortened(textOf(text.is_string() ? text : member(error, "error_description")),
                               kMostWords));
}

bool isCode(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

/// Codes are the vendor's own and hold no personal data; messages can quote a value.
std::string reasonOf(int status, const std::string& code) {
    std::string reason = "Salesforce answered";
    if (status != 0) reason += " " + std::to_string(status);
    if (!code.empty() && isCode(code)) reason += " " + shortened(code, 60);
    if (code == "INVALID_FIELD" || code == "INVALID_FIELD_FOR_INSERT_UPDATE")
        reason += ": a field is missing, or field-level security hides it from the user";
    if (code.starts_with("INSUFFICIENT_ACCESS")) reason += ": the user lacks a right";
    return reason;
}

std::int64_t waitOf(const std::string& code, const std::string& words) {
    if (code == "REQUEST_LIMIT_EXCEEDED") return contains(words, "Concurrent") ? 5'000 : 300'000;
    if (isIn(code, {"LIMIT_EXCEEDED", "STORAGE_LIMIT_EXCEEDED"})) return 600'000;
    return kSoonMs;
}

void fail(Answer& answer, const json& error, bool writes) {
    answer.code = codeOf(error);
    answer.words = wordsOf(error);
    answer.ending = answer.code.empty() ? sdk::endingOfStatus(answer.status, !writes)
                                        : endingOfCode(answer.code, answer.words, answer.status);
    answer.reason = reasonOf(answer.status, answer.code);
    answer.retryAfterMs = std::max(answer.retryAfterMs, waitOf(answer.code, answer.words));
}

/// One answer for each part of a request that failed as a whole. "Not there" and "changed" were
/// then said of the address, never of a record.
std::vector<Answer> forEach(const Answer& whole, std::size_t count) {
    Answer part = whole;
    part.body = nullptr;
    if (part.ending == Ending::NotFound || part.ending == Ending::Conflict)
        part.ending = Ending::Later;
    return std::vector<Answer>(count, part);
}

}  // namespace

Ending endingOfCode(const std::string& code, const std::string& words, int status) {
    // A trigger that ran into a lock is reported as a failed trigger.
    if (code == "UNABLE_TO_LOCK_ROW" || contains(words, "UNABLE_TO_LOCK_ROW") ||
        contains(words, "unable to obtain exclusive access"))
        return Ending::Locked;
    if (isIn(code, {"ENTITY_IS_DELETED", "NOT_FOUND", "CANNOT_UPDATE_CONVERTED_LEAD",
                    "INVALID_CROSS_REFERENCE_KEY"}))
        return Ending::NotFound;
    if (status == 412 || code == "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE") return Ending::Conflict;
    if (status == 401 || isIn(code, {"INVALID_SESSION_ID", "API_DISABLED_FOR_ORG"}))
        return Ending::SignIn;
    if (isIn(code, {"SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG", "QUERY_TIMEOUT",
                    "TOO_MANY_APEX_REQUESTS", "UNKNOWN_EXCEPTION", "CANNOT_EXECUTE_FLOW_TRIGGER",
                    "API_CURRENTLY_DISABLED", "REQUEST_LIMIT_EXCEEDED", "LIMIT_EXCEEDED",
                    "STORAGE_LIMIT_EXCEEDED", "ExceededQuota", "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                    "PROCESSING_HALTED", "BATCH_PROCESSING_HALTED", "TXN_SECURITY_NO_ACCESS"}) ||
        status >= 500 || status == 420 || status == 429)
        return Ending::Later;
    return Ending::Refused;
}

Answer answerOf(const sdk::HttpReply& reply, bool writes) {
    if (reply.status == 0 || reply.kind == sdk::HttpClass::Cancelled)
        return sdk::silence(reply, kVendor, !writes);
    Answer answer;
    answer.status = reply.status;
    answer.retryAfterMs = reply.retryAfterMs;
    answer.body = json::parse(reply.body, nullptr, false);
    const bool unreadable = answer.body.is_discarded();
    if (unreadable) answer.body = nullptr;
    const bool good = reply.status >= 200 && reply.status < 300;
    const json& error = errorOf(answer.body);
    if (!good || (answer.body.is_array() && member(error, "errorCode").is_string())) {
        fail(answer, error, writes);
        return answer;
    }
    answer.ending = Ending::Done;
    if (unreadable && reply.status != 204) sdk::spoil(answer, kVendor, !writes);
    return answer;
}

std::vector<Answer> compositeAnswers(const Answer& whole, std::size_t count, bool writes) {
    auto answers = forEach(whole, count);
    if (whole.ending != Ending::Done) return answers;
    const json& parts = member(whole.body, "compositeResponse");
    for (std::size_t i = 0; i < count; ++i) {
        if (!parts.is_array() || parts.size() != count) {
            sdk::spoil(answers[i], kVendor, !writes);
            continue;
        }
        const json& status = member(parts[i], "httpStatusCode");
        answers[i].status = status.is_number_integer() ? status.get<int>() : 0;
        answers[i].body = member(parts[i], "body");
        if (answers[i].status < 100 || answers[i].status > 599)
            sdk::spoil(answers[i], kVendor, !writes);
        else if (answers[i].status >= 300)
            fail(answers[i], errorOf(answers[i].body), writes);
    }
    return answers;
}

std::vector<Answer> collectionAnswers(const Answer& whole, const std::vector<std::string>& ids) {
    auto answers = forEach(whole, ids.size());
    if (whole.ending != Ending::Done) return answers;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!whole.body.is_array() || whole.body.size() != ids.size()) {
            sdk::spoil(answers[i], kVendor, false);
            continue;
        }
        const json& result = whole.body[i];
        const json& success = member(result, "success");
        const std::string id = fullId(textOf(member(result, "id")));
        // A result for another record means that they do not stand in the order of the request.
        const bool other = !ids[i].empty() && !id.empty() && id != fullId(ids[i]);
        answers[i].status = 0;
        if (!success.is_boolean() || other)
            sdk::spoil(answers[i], kVendor, false);
        else if (!success.get<bool>())
            fail(answers[i], errorOf(member(result, "errors")), true);
        answers[i].body = result;
    }
    return answers;
}

Answer rowAnswer(const std::string& error) {
    Answer answer;
    const auto colon = std::min(error.find(':'), error.size());
    const json row = {{"statusCode", error.substr(0, colon)},
                      {"message", colon < error.size() ? error.substr(colon + 1) : ""}};
    fail(answer, row, true);
    return answer;
}

bool mayPass(const Answer& answer) {
    return answer.ending == Ending::Later || answer.ending == Ending::Locked ||
           answer.ending == Ending::SignIn;
}

std::optional<std::vector<json>> rowsOf(const Answer& answer) {
    if (answer.ending != Ending::Done) return std::nullopt;
    const json& list = answer.body.is_array() ? answer.body : member(answer.body, "records");
    if (!list.is_array()) return std::nullopt;
    std::vector<json> rows;
    for (const auto& row : list)
        if (row.is_object()) rows.push_back(row);
    return rows;
}

bool isCut(const Answer& answer) {
    const json& done = member(answer.body, "done");
    return (done.is_boolean() && !done.get<bool>()) ||
           member(answer.body, "nextRecordsUrl").is_string();
}

}  // namespace concordat::plugins::salesforce
