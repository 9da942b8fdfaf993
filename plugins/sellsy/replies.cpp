// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/replies.h"

#include <algorithm>

#include "plugins/sellsy/requests.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/times.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;
using sdk::shortened;
using sdk::Shown;

constexpr std::string_view kVendor = "Sellsy";
constexpr std::size_t kMostWords = 400;

json parsed(const std::string& body) {
    json tree = json::parse(body, nullptr, false);
    return tree.is_discarded() ? json() : tree;
}

/// `details` is an object for a validation error, and an empty list when there is nothing to say.
std::string wordsOf(const json& body) {
    const json& error = member(body, "error");
    std::string words = textOf(error.is_string() ? error : member(error, "message"));
    const json& details = member(error, "details");
    if (details.is_object())
        for (const auto& [field, text] : details.items())
            words += "; " + field + ": " +
                     (text.is_string() ? text.get<std::string>() : sdk::written(text));
    return shortened(std::move(words), kMostWords);
}

/// What may be logged: the status, the vendor's code and the names of refused fields; never their
/// text, which can quote a value and comes in the account's language.
std::string reasonOf(int status, const json& body) {
    std::string reason = "Sellsy answered " + std::to_string(status);
    const json& error = member(body, "error");
    const std::string context = textOf(member(error, "context"));
    if (!context.empty()) reason += ", context " + shortened(context, 60);
    const json& details = member(error, "details");
    if (details.is_object() && !details.empty())
        reason += ", field " + shortened(details.begin().key(), 60);
    if (status == 402) reason += ": the plan's quota for this resource is used up";
    if (status == 403) reason += ": the access lacks a scope, or its owner a right";
    return reason;
}

/// No Retry-After is documented: which of the four counters is empty says how long to wait.
std::int64_t waitOf(const sdk::HttpReply& reply) {
    if (reply.retryAfterMs > 0) return reply.retryAfterMs;
    const auto empty = [&reply](const char* name) {
        const auto found = reply.headers.find(name);
        return found != reply.headers.end() &&
               (found->second == "0" || found->second.starts_with("-"));
    };
    if (empty("x-quota-remaining-by-month") || empty("x-quota-remaining-by-day")) return 3'600'000;
    if (empty("x-quota-remaining-by-minute")) return 60'000;
    return 2'000;
}

Answer statusAnswer(int status, json body, bool reads, std::int64_t wait) {
    Answer answer;
    answer.status = status;
    answer.ending = sdk::endingOfStatus(status, reads);
    answer.retryAfterMs = wait;
    answer.words = wordsOf(body);
    if (answer.ending != Ending::Done) answer.reason = reasonOf(status, body);
    answer.body = std::move(body);
    return answer;
}

std::optional<sdk::VendorTime> timeOf(const json& row,
                                      std::string_view first,
                                      std::string_view second) {
    for (const auto name : {first, second}) {
        const json& text = member(row, name);
        if (!text.is_string()) continue;
        if (const auto at = sdk::parseIsoTime(text.get_ref<const std::string&>())) {
            sdk::VendorTime time;
            time.at = *at;
            time.precision = sdk::Precision::Second;
            return time;
        }
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> membersOf(const json& row) {
    const json& set = member(row, kSet);
    if (!set.is_array()) return std::nullopt;
    std::vector<std::string> members;
    for (const auto& entry : set) {
        // A set that cannot be read in full says nothing of what is not in it.
        if (!entry.is_string()) return std::nullopt;
        members.push_back(entry.get<std::string>());
    }
    return members;
}

/// The set decides, and the mirror if it is stricter. A permit needs the set; without both there is
/// no reading.
std::optional<sdk::SlotReading> readingOf(const json& row,
                                          const Record& record,
                                          const Kind& kind,
                                          const Channel& channel) {
    const json& mirror = member(member(row, kMirror), channel.member);
    if (!record.members && mirror != json(false)) return std::nullopt;
    const bool inSet = record.members && std::find(record.members->begin(), record.members->end(),
                                                   channel.member) != record.members->end();
    sdk::SlotReading reading;
    reading.slot = std::string(kind.object) + "." + std::string(channel.slot);
    reading.shown = inSet && mirror != json(false) ? Shown::Permit : Shown::Absent;
    reading.raw = record.members ? (inSet ? "in the set" : "not in the set") : "no set";
    if (mirror.is_boolean())
        reading.raw += std::string(", ") + std::string(kMirror) + " " +
                       (mirror.get<bool>() ? "true" : "false");
    return reading;
}

void addIdentifier(sdk::Observation& seen,
                   sdk::IdentifierKind kind,
                   const json& value,
                   std::string name) {
    std::string text = textOf(value);
    if (!text.empty()) seen.identifiers.push_back({kind, std::move(text), std::move(name)});
}

/// "reference" is a field of the row; "cf.12" is the embedded custom field with that id.
const json& externalField(const json& row, const std::string& field) {
    if (!field.starts_with("cf.")) return member(row, field);
    const json& fields = member(member(row, "_embed"), "custom_fields");
    if (fields.is_array())
        for (const auto& entry : fields)
            if (textOf(member(entry, "id")) == field.substr(3)) return member(entry, "value");
    return member(json::object(), "");
}

}  // namespace

Answer answerOf(const sdk::HttpReply& reply, bool reads) {
    if (reply.status == 0 || reply.kind == sdk::HttpClass::Cancelled)
        return sdk::silence(reply, kVendor, reads);
    Answer answer = statusAnswer(reply.status, parsed(reply.body), reads, waitOf(reply));
    // 204 has no body (a PUT of some versions); any other 2xx that is not JSON is an error page or
    // a torn reply.
    const bool empty = reply.status == 204 || (reply.body.empty() && !reads);
    if (answer.ending == Ending::Done && answer.body.is_null() && !empty)
        sdk::spoil(answer, kVendor, reads);
    return answer;
}

std::vector<Answer> batchAnswers(const sdk::HttpReply& reply, const std::vector<bool>& reads) {
    const bool allRead = std::find(reads.begin(), reads.end(), false) == reads.end();
    const Answer whole = answerOf(reply, allRead);
    const json& responses = member(whole.body, "responses");
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < reads.size(); ++i) {
        if (whole.ending == Ending::Done && responses.is_array() && i < responses.size()) {
            const json& code = member(responses[i], "code");
            const int status = code.is_number_integer() ? code.get<int>() : 0;
            answers.push_back(
                statusAnswer(status, member(responses[i], "response"), reads[i], waitOf(reply)));
            if (status < 100 || status > 599) sdk::spoil(answers.back(), kVendor, reads[i]);
            continue;
        }
        answers.push_back(whole);
        answers.back().body = nullptr;
        if (whole.ending == Ending::Done) sdk::spoil(answers.back(), kVendor, reads[i]);
        if (whole.ending == Ending::Unclear && reads[i]) answers.back().ending = Ending::Later;
        // "Not found" for the batch address itself says nothing of any record.
        if (whole.ending == Ending::NotFound) {
            answers.back().ending = Ending::Refused;
            answers.back().reason = "Sellsy has no batch endpoint here; set batch_size to 1";
        }
    }
    return answers;
}

Answer v1Answer(const sdk::HttpReply& reply) {
    Answer answer = answerOf(reply, false);
    if (answer.ending != Ending::Done) return answer;
    if (textOf(member(answer.body, "status")) == "success") return answer;
    const json& error = member(answer.body, "error");
    const std::string code = textOf(member(error, "code"));
    if (textOf(member(answer.body, "status")) != "error" && !error.is_string() &&
        !error.is_object()) {
        sdk::spoil(answer, kVendor, false);
        return answer;
    }
    answer.words =
        shortened(error.is_string() ? error.get<std::string>() : textOf(member(error, "message")),
                  kMostWords);
    answer.reason = "Sellsy API v1 answered " + (code.empty() ? "an error" : shortened(code, 60));
    answer.ending =
        code == "E_OBJ_NOT_LOADABLE" || code == "E_OBJ_NOT_LOADED" ? Ending::NotFound
        : code == "E_USER_NOT_LOGGED" || answer.words.find("oauth_problem") != std::string::npos
            ? Ending::SignIn
        : code == "E_UNKNOW" ? Ending::Unclear
                             : Ending::Refused;
    return answer;
}

std::optional<Record> recordOf(const json& row,
                               const Settings& settings,
                               const Kind& kind,
                               sdk::EpochMs askedAt) {
    Record record;
    record.seen.record = {std::string(kind.object), textOf(member(row, "id"))};
    if (!isId(record.seen.record.id)) return std::nullopt;
    record.members = membersOf(row);
    record.isSetUnreadable = !record.members && !member(row, kSet).is_null();
    record.seen.organisation = kind.organisation;
    record.seen.askedAt = askedAt;
    record.seen.modifiedAt = timeOf(row, "updated", "updated_at");
    record.seen.createdAt = timeOf(row, "created", "created_at");
    if (record.seen.modifiedAt) record.seen.version = record.seen.modifiedAt->at / 1000;
    addIdentifier(record.seen, sdk::IdentifierKind::Email, member(row, "email"), "email");
    for (const char* field : {"mobile_number", "phone_number"})
        addIdentifier(record.seen, sdk::IdentifierKind::Phone, member(row, field), field);
    for (const auto& [name, field] : settings.externalIds)
        addIdentifier(record.seen, sdk::IdentifierKind::External, externalField(row, field), name);
    for (const auto& channel : kChannels)
        if (auto reading = readingOf(row, record, kind, channel))
            record.seen.slots.push_back(std::move(*reading));
    return record;
}

RecordPage pageOf(const json& body,
                  const Settings& settings,
                  const Kind& kind,
                  sdk::EpochMs askedAt) {
    const json& data = member(body, "data");
    if (!data.is_array())
        throw sdk::CallError("Sellsy's page of " + std::string(kind.collection) +
                             " has no list named data");
    RecordPage page;
    page.rows = data.size();
    for (const auto& row : data) {
        if (auto record = recordOf(row, settings, kind, askedAt))
            page.records.push_back(std::move(*record));
        else
            ++page.skipped;
    }
    page.offset = textOf(member(member(body, "pagination"), "offset"));
    return page;
}

}  // namespace concordat::plugins::sellsy
