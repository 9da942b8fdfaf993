// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/link.h"

#include <algorithm>
#include <charconv>

namespace concordat::plugins::salesforce {
namespace {

/// Rights change rarely; a field that appears is seen after this, one that disappears at once.
constexpr std::int64_t kShapeAgeMs = 3'600'000;

std::optional<std::int64_t> numberAt(const std::string& text, std::size_t at) {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc() || stop == text.data() + at) return std::nullopt;
    return value;
}

/// "66.0" as 66; 0 if it is none.
int versionOf(const std::string& text) {
    const auto number = numberAt(text, 0);
    return number && *number > 0 && *number < 1000 ? static_cast<int>(*number) : 0;
}

Answer done() {
    Answer answer;
    answer.ending = Ending::Done;
    return answer;
}

}  // namespace

Answer Link::askVersions() { return answerOf(exchange({versionsRequest()}).front(), false); }

Answer Link::chooseVersion() {
    Answer answer = askVersions();
    // "Not there" is said of the address, never of a record.
    if (answer.ending == Ending::NotFound || answer.ending == Ending::Conflict)
        answer.ending = Ending::Later;
    if (answer.ending != Ending::Done) return answer;
    int newest = 0;
    if (answer.body.is_array())
        for (const auto& row : answer.body) {
            const int offered = versionOf(textOf(member(row, "version")));
            const bool wanted = !settings_.newestVersion || offered <= *settings_.newestVersion;
            if (wanted) newest = std::max(newest, offered);
        }
    if (newest == 0) {
        answer.ending = Ending::Refused;
        answer.reason = "the org offers no API version up to the setting api_version";
        return answer;
    }
    versionPath_ = "/services/data/v" + std::to_string(newest) + ".0";
    return answer;
}

Answer Link::prepare(const std::vector<const Kind*>& kinds) {
    if (versionPath_.empty())
        if (auto answer = chooseVersion(); answer.ending != Ending::Done) return answer;
    std::vector<const Kind*> unknown;
    std::vector<Call> calls;
    const auto now = host_.now();
    for (const auto* kind : kinds) {
        const auto found = shapes_.find(kind);
        if (found != shapes_.end() && now >= found->second.readAt &&
            now - found->second.readAt < kShapeAgeMs)
            continue;
        unknown.push_back(kind);
        calls.push_back(describeObject(kind->object));
    }
    if (calls.empty()) return done();
    const auto answers = send(calls);
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        Answer answer = answers[i];
        const auto shape = shapeOf(answer.body, now);
        if (answer.ending == Ending::Done && shape.has("Id")) {
            shapes_[unknown[i]] = shape;
            continue;
        }
        const std::string object(unknown[i]->object);
        if (answer.ending == Ending::Done) answer.ending = Ending::Later;
        // Of the object, not of any record.
        if (answer.ending == Ending::NotFound) answer.ending = Ending::Refused;
        if (answer.ending == Ending::Refused)
            answer.reason += "; the org or the user has no object " + object;
        answer.reason = "describing " + object + ": " + answer.reason;
        return answer;
    }
    return done();
}

const Shape& Link::shape(const Kind& kind) const {
    static const Shape kNone;
    const auto found = shapes_.find(&kind);
    return found == shapes_.end() ? kNone : found->second;
}

std::vector<Answer> Link::send(const std::vector<Call>& calls) {
    const auto replies = sendRaw(calls);
    const bool writes =
        std::any_of(calls.begin(), calls.end(), [](const Call& call) { return call.writes; });
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        answers.push_back(answerOf(replies[i], calls[i].writes));
        if (answers.back().ending == Ending::Cancelled && !writes) throw sdk::Cancelled();
        if (answers.back().code == "INVALID_FIELD") forgetShapes();
        // The vendor retired our version, or took the org back to an older release.
        if (answers.back().status == 410 || answers.back().code == "UNSUPPORTED_API_VERSION")
            versionPath_.clear();
    }
    return answers;
}

std::vector<sdk::HttpReply> Link::sendRaw(const std::vector<Call>& calls) {
    std::vector<sdk::HttpRequest> requests;
    for (const auto& call : calls) requests.push_back(direct(versionPath_, call));
    return exchange(requests);
}

std::vector<Answer> Link::sendTogether(const std::vector<Call>& reads) {
    if (reads.size() == 1) return send(reads);
    auto answers = compositeAnswers(send(together(versionPath_, reads)), reads.size(), false);
    for (const auto& answer : answers)
        if (answer.code == "INVALID_FIELD") forgetShapes();
    return answers;
}

std::vector<sdk::HttpReply> Link::exchange(const std::vector<sdk::HttpRequest>& requests) {
    auto replies = exchange_.send(requests);
    for (const auto& reply : replies) learn(reply);
    return replies;
}

void Link::learn(const sdk::HttpReply& reply) {
    const auto usage = reply.headers.find("sforce-limit-info");
    if (usage != reply.headers.end()) learnQuota(usage->second);
    const auto id = reply.token.find("id");
    if (id != reply.token.end()) {
        // https://login.salesforce.com/id/ORG/USER
        const auto org = id->second.find("/id/");
        if (org != std::string::npos)
            orgId_ = fullId(id->second.substr(org + 4, id->second.find('/', org + 4) - org - 4));
    }
}

void Link::learnQuota(const std::string& header) {
    const auto at = header.find("api-usage=");
    const auto slash = header.find('/');
    if (at == std::string::npos || slash == std::string::npos) return;
    const auto used = numberAt(header, at + 10), limit = numberAt(header, slash + 1);
    if (!used || !limit) return;
    quotaLeft_["day"] = *limit - *used;
    quotaText_ =
        std::to_string(*limit - *used) + " of " + std::to_string(*limit) + " calls left today";
}

}  // namespace concordat::plugins::salesforce
