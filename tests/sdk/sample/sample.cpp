// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/sample/sample.h"

#include <algorithm>
#include <set>

#include "sdk/concordat/cursor.h"
#include "sdk/concordat/groups.h"
#include "sdk/concordat/text.h"

namespace concordat::sample {
namespace {

using namespace sdk;
using nlohmann::json;

constexpr int kPageSize = 100;
constexpr int kBatch = 50;
/// A row may become visible this long after its change time.
constexpr std::int64_t kVisibleLateMs = 120'000;
constexpr std::int64_t kWideEveryMs = 60'000;
constexpr CursorFormat kFormat{"sample"};

/// A walk by (modified, id) that begins at `since`.
struct Round {
    EpochMs since = 0;
    std::string after;  ///< the last id of that moment
    EpochMs started = 0;
    bool wide = true;
};

struct Progress {
    EpochMs near = 0;    ///< the next narrow round begins here
    EpochMs safe = 0;    ///< what changed before this moment has been seen
    EpochMs wideAt = 0;  ///< by the hub's clock
    std::optional<Round> round;
};

Progress readProgress(const json& tree) {
    Progress progress{tree.at("near"), tree.at("safe"), tree.at("wideAt"), std::nullopt};
    if (const auto& round = member(tree, "round"); round.is_object())
        progress.round =
            Round{round.at("since"), round.at("after"), round.at("started"), round.at("wide")};
    return progress;
}

json writeProgress(const Progress& progress) {
    json tree = {{"near", progress.near}, {"safe", progress.safe}, {"wideAt", progress.wideAt}};
    if (const auto& round = progress.round)
        tree["round"] = {{"since", round->since},
                         {"after", round->after},
                         {"started", round->started},
                         {"wide", round->wide}};
    return tree;
}

void begin(Progress& progress, EpochMs now) {
    const bool wide = progress.near == 0 || isDue(now, progress.wideAt, kWideEveryMs);
    progress.round = Round{wide ? progress.safe : progress.near, "", 0, wide};
}

void finish(Progress& progress, EpochMs now) {
    const Round round = *progress.round;
    progress.near = round.started;
    if (round.wide) {
        progress.safe = std::max<EpochMs>(0, round.started - kVisibleLateMs);
        progress.wideAt = now;
    }
    progress.round.reset();
}

Observation observationOf(const json& contact, EpochMs askedAt) {
    const bool optIn = contact.at("optIn").get<bool>();
    Observation seen{.record = {"Contact", textOf(contact.at("id"))},
                     .identifiers = {{IdentifierKind::Email, textOf(contact.at("email")), "email"}},
                     .slots = {{.slot = "contact.email",
                                .shown = optIn ? Shown::Permit : Shown::Deny,
                                .raw = optIn ? "true" : "false"}},
                     .modifiedAt = VendorTime{.at = contact.at("modified")},
                     .version = contact.at("modified"),
                     .askedAt = askedAt,
                     .origin = textOf(member(contact, "client")),
                     .deleted = contact.value("deleted", false)};
    if (const auto into = textOf(member(contact, "mergedInto")); !into.empty())
        seen.mergedInto = RecordRef{"Contact", into};
    return seen;
}

/// Pure: what the vendor's reply means.
Answer answerOf(const HttpReply& reply, bool reads) {
    if (reply.status == 0 || reply.kind == HttpClass::Cancelled)
        return silence(reply, "Sample", reads);
    Answer answer;
    answer.status = reply.status;
    answer.ending = endingOfStatus(reply.status, reads);
    answer.retryAfterMs = std::max<std::int64_t>(reply.retryAfterMs, 2'000);
    answer.reason = "Sample answered " + std::to_string(reply.status);
    answer.body = json::parse(reply.body, nullptr, false);
    if (answer.ending == Ending::Done && answer.body.is_discarded()) spoil(answer, "Sample", reads);
    return answer;
}

const Answer& mustBeDone(const Answer& answer, const std::string& what) {
    return sdk::mustBeDone(answer, what, "check the key");
}

}  // namespace

Sample::Sample(Host& host, const json& settings)
    : host_(host),
      exchange_(host),
      address_(setting(settings, "address", std::string("https://api.sample.example"))) {}

Description Sample::description() {
    return {.id = "sample",
            .name = "Sample",
            .version = "1.0.0",
            .settingsSchemaJson = R"({"type":"object","properties":{
                "address":{"type":"string","format":"uri","title":"Address of the API"}}})",
            .slots = {{.id = "contact.email",
                       .object = "Contact",
                       .field = "optIn",
                       .label = "Newsletter",
                       .channels = {"email"}}},
            .identifiers = {"email"},
            .abilities = {"check", "pull", "read", "find", "apply"},
            .readBatch = 200,
            .findBatch = 200,
            .applyBatch = 200,
            .auth = {{.kind = "none"}},
            .hosts = {{.host = "api.sample.example",
                       .methods = {"GET", "POST"},
                       .paths = {"/me", "/contacts*"},
                       .why = "contacts and their opt-in"}}};
}

Check Sample::check() {
    const auto answer = send({.url = address_ + "/me"});
    if (answer.ending != Ending::Done)
        return {.probes = {{.name = "credentials",
                            .state = ProbeState::Fail,
                            .message = answer.reason,
                            .fix = "give the key of an API user"}}};
    return {.probes = {{.name = "credentials", .message = "accepted"}},
            .tenantId = textOf(member(answer.body, "id")),
            .tenantName = textOf(member(answer.body, "name"))};
}

Page Sample::pull(const PullRequest& request) {
    auto cursor = readCursor<Progress>(kFormat, request.cursor, {"Contact"}, readProgress);
    auto& progress = cursor.at("Contact");
    const auto askedAt = host_.now();
    if (!progress.round) begin(progress, askedAt);
    Round& round = *progress.round;
    const int limit = request.pageSize > 0 ? std::min(request.pageSize, kPageSize) : kPageSize;
    const auto answer =
        send({.url = address_ + "/contacts?since=" + std::to_string(round.since) +
                     "&after=" + percentEncode(round.after) + "&limit=" + std::to_string(limit)});
    if (answer.status == 429)
        return {.cursor = request.cursor.empty() ? writeCursor(kFormat, cursor, writeProgress)
                                                 : request.cursor,
                .waitMs = answer.retryAfterMs};
    const auto& contacts = mustBeDone(answer, "reading Sample's contacts").body.at("contacts");
    if (round.started == 0) round.started = exchange_.cautiousTime();
    Page page;
    for (const auto& contact : contacts) {
        page.observations.push_back(observationOf(contact, askedAt));
        round.since = page.observations.back().version;
        round.after = page.observations.back().record.id;
    }
    if (contacts.size() < static_cast<std::size_t>(limit)) finish(progress, askedAt);
    page.more = progress.round.has_value();
    page.cursor = writeCursor(kFormat, cursor, writeProgress);
    return page;
}

ReadReply Sample::read(const std::vector<RecordRef>& records) {
    std::set<std::string> missing;
    for (const auto& record : records) missing.insert(record.id);
    std::vector<HttpRequest> requests;
    for (const auto& batch : inGroups(missing, kBatch)) {
        std::string ids;
        for (const auto& id : batch) ids += (ids.empty() ? "" : ",") + percentEncode(id);
        requests.push_back({.url = address_ + "/contacts?ids=" + ids});
    }
    const auto askedAt = host_.now();
    ReadReply result;
    for (const auto& answer : sendAll(requests))
        for (const auto& contact : mustBeDone(answer, "reading from Sample").body.at("contacts")) {
            result.observations.push_back(observationOf(contact, askedAt));
            missing.erase(result.observations.back().record.id);
        }
    for (const auto& id : missing) result.missing.push_back({"Contact", id});
    return result;
}

FindReply Sample::find(const std::vector<Identifier>& identifiers) {
    std::vector<HttpRequest> requests;
    for (const auto& each : identifiers)
        requests.push_back({.url = address_ + "/contacts?email=" + percentEncode(each.value)});
    const auto askedAt = host_.now();
    FindReply result;
    for (const auto& answer : sendAll(requests)) {
        auto& matches = result.matches.emplace_back();
        for (const auto& contact : mustBeDone(answer, "searching in Sample").body.at("contacts"))
            matches.push_back(observationOf(contact, askedAt));
    }
    return result;
}

ApplyReply Sample::apply(const std::vector<ApplyItem>& items) {
    ApplyReply result;
    for (std::size_t at = 0; at < items.size(); at += kBatch) {
        const auto end = std::min(items.size(), at + kBatch);
        json rows = json::array();
        for (std::size_t i = at; i < end; ++i)
            rows.push_back({{"id", items[i].record.id}, {"optIn", items[i].writes.front().permit}});
        const auto answer = send({.method = "POST",
                                  .url = address_ + "/contacts/batch",
                                  .headers = {{"x-client", "concordat"}},
                                  .body = written(rows),
                                  .idempotent = true});
        for (std::size_t i = at; i < end; ++i) {
            Answer each = answer;
            // One result per row, in order; anything else says nothing of the rows.
            if (answer.ending == Ending::Done) {
                const bool fits = answer.body.is_array() && answer.body.size() == end - at;
                const json& status = fits ? answer.body[i - at] : member(answer.body, "");
                if (status.is_number_integer())
                    each.ending = status == 423 ? Ending::Locked : endingOfStatus(status, false);
                else
                    spoil(each, "Sample", false);
            }
            result.outcomes.push_back(outcomeOf(each));
        }
    }
    return result;
}

Answer Sample::send(const HttpRequest& request) { return sendAll({request}).front(); }

std::vector<Answer> Sample::sendAll(const std::vector<HttpRequest>& requests) {
    const auto replies = exchange_.send(requests);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < replies.size(); ++i)
        answers.push_back(answerOf(replies[i], requests[i].method == "GET"));
    return answers;
}

}  // namespace concordat::sample
