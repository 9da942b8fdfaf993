// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/connector.h"

#include <algorithm>
#include <memory>

#include "plugins/sellsy/apply.h"
#include "plugins/sellsy/notices.h"
#include "sdk/concordat/groups.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;
using sdk::CallError;
using sdk::RecordRef;

const Answer& mustBeDone(const Answer& answer, const std::string& what) {
    return sdk::mustBeDone(answer, what, "check client_id and client_secret");
}

/// The searches that show `records`, and the kind of each.
std::vector<std::pair<const Kind*, Call>> searchesFor(const Settings& settings,
                                                      const std::set<RecordRef>& records) {
    std::vector<std::pair<const Kind*, Call>> searches;
    for (const auto& kind : kKinds) {
        std::vector<std::string> ids;
        for (const auto& record : records)
            if (record.object == kind.object && isId(record.id)) ids.push_back(record.id);
        for (const auto& page : sdk::inGroups(ids, kPageSize))
            searches.emplace_back(&kind, searchIds(settings, kind, page));
    }
    return searches;
}

std::vector<Call> callsOf(const std::vector<std::pair<const Kind*, Call>>& searches) {
    std::vector<Call> calls;
    for (const auto& [kind, call] : searches) calls.push_back(call);
    return calls;
}

bool isPage(const Answer& answer) {
    return answer.ending == Ending::Done && member(answer.body, "data").is_array();
}

}  // namespace

SellsyConnector::SellsyConnector(sdk::Host& host, const json& settings)
    : host_(host), settings_(readSettings(settings)), link_(host, settings_) {}

sdk::Page SellsyConnector::pull(const sdk::PullRequest& request) {
    Cursor cursor = readCursor(request.cursor, settings_.kinds);
    if (!underWay(cursor)) beginRounds(cursor, host_.now());
    std::vector<const Kind*> kinds;
    std::vector<Call> calls;
    const int limit = request.pageSize > 0 ? std::min(request.pageSize, kPageSize) : kPageSize;
    for (const auto* kind : settings_.kinds) {
        const auto& round = cursor[std::string(kind->object)].round;
        if (!round) continue;
        kinds.push_back(kind);
        calls.push_back(searchPage(settings_, *kind, {round->from, round->offset, limit}));
    }
    const auto askedAt = host_.now();
    const auto answers = link_.send(calls);
    sdk::Page page;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (answers[i].ending == Ending::Later) {
            page.waitMs =
                std::max(page.waitMs, std::max<std::int64_t>(answers[i].retryAfterMs, 1'000));
            continue;
        }
        const std::string what = "reading Sellsy's " + std::string(kinds[i]->collection);
        const auto& body = mustBeDone(answers[i], what).body;
        auto rows = pageOf(body, settings_, *kinds[i], askedAt);
        if (rows.skipped > 0)
            host_.log("warning", what + ": left out rows without an id, count=" +
                                     std::to_string(rows.skipped));
        const bool last = rows.rows < static_cast<std::size_t>(limit);
        advance(cursor[std::string(kinds[i]->object)],
                {rows.offset, last, link_.vendorTimeBefore()}, askedAt);
        for (auto& record : rows.records) page.observations.push_back(std::move(record.seen));
    }
    page.cursor = writeCursor(cursor);
    page.more = underWay(cursor);
    return page;
}

Fetched SellsyConnector::fetch(const std::set<RecordRef>& records) {
    Fetched fetched;
    const auto searches = searchesFor(settings_, records);
    const auto askedAt = host_.now();
    const auto answers = link_.send(callsOf(searches));
    for (std::size_t i = 0; i < searches.size(); ++i) {
        if (!isPage(answers[i])) continue;
        for (auto& record : pageOf(answers[i].body, settings_, *searches[i].first, askedAt).records)
            if (records.contains(record.seen.record))
                fetched.found[record.seen.record] = std::move(record);
    }
    std::vector<RecordRef> alone;
    for (const auto& record : records) {
        if (fetched.found.contains(record)) continue;
        if (!kindNamed(record.object) || !isId(record.id))
            fetched.missing.insert(record);
        else
            alone.push_back(record);
    }
    // A search that failed says nothing of its records: look at none of them alone, the vendor has
    // trouble enough.
    for (std::size_t i = 0; i < searches.size(); ++i) {
        if (isPage(answers[i])) continue;
        Answer failure = answers[i];
        if (failure.ending == Ending::Done || failure.ending == Ending::NotFound) {
            failure.ending = Ending::Later;
            failure.retryAfterMs = 2'000;
            failure.reason = "Sellsy's search did not answer with a page";
        }
        for (const auto& record : alone)
            if (record.object == searches[i].first->object) fetched.failed.emplace(record, failure);
    }
    std::erase_if(alone,
                  [&fetched](const RecordRef& record) { return fetched.failed.contains(record); });
    lookAlone(fetched, alone);
    return fetched;
}

void SellsyConnector::lookAlone(Fetched& fetched, const std::vector<RecordRef>& records) {
    std::vector<Call> calls;
    for (const auto& record : records)
        calls.push_back(getRecord(settings_, *kindNamed(record.object), record.id));
    if (calls.empty()) return;
    const auto askedAt = host_.now();
    auto answers = link_.send(calls);
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto record = recordOf(answers[i].body, settings_, *kindNamed(records[i].object), askedAt);
        if (answers[i].ending == Ending::NotFound) {
            fetched.missing.insert(records[i]);
        } else if (answers[i].ending == Ending::Done && record &&
                   record->seen.record == records[i]) {
            fetched.found[records[i]] = std::move(*record);
        } else {
            if (answers[i].ending == Ending::Done) {
                answers[i].ending = Ending::Later;
                answers[i].reason = "Sellsy answered with another record than the one asked for";
            }
            fetched.failed.emplace(records[i], std::move(answers[i]));
        }
    }
}

sdk::ReadReply SellsyConnector::read(const std::vector<RecordRef>& records) {
    auto fetched = fetch({records.begin(), records.end()});
    if (!fetched.failed.empty())
        mustBeDone(fetched.failed.begin()->second, "reading records from Sellsy");
    sdk::ReadReply reply;
    for (auto& [ref, record] : fetched.found) reply.observations.push_back(std::move(record.seen));
    reply.missing.assign(fetched.missing.begin(), fetched.missing.end());
    return reply;
}

sdk::FindReply SellsyConnector::find(const std::vector<sdk::Identifier>& identifiers) {
    struct Search {
        std::size_t wanted;
        const Kind* kind;
    };
    std::vector<Search> searches;
    std::vector<Call> calls;
    const auto add = [&](std::size_t wanted, const Kind* kind, const std::string& filter) {
        searches.push_back({wanted, kind});
        calls.push_back(searchValue(settings_, *kind, filter, identifiers[wanted].value));
    };
    for (std::size_t i = 0; i < identifiers.size(); ++i)
        for (const auto* kind : settings_.kinds) {
            const auto& identifier = identifiers[i];
            const auto external = settings_.externalIds.find(identifier.name);
            if (identifier.kind == sdk::IdentifierKind::Email) add(i, kind, "email");
            if (identifier.kind == sdk::IdentifierKind::Phone && kind->phoneFilter)
                for (const char* filter : {"mobile_number", "phone_number"}) add(i, kind, filter);
            const bool byReference =
                external != settings_.externalIds.end() && external->second == "reference";
            if (identifier.kind == sdk::IdentifierKind::External && byReference &&
                !kind->phoneFilter)
                add(i, kind, "reference");
        }
    const auto askedAt = host_.now();
    const auto answers = link_.send(calls);
    std::vector<std::map<RecordRef, sdk::Observation>> matches(identifiers.size());
    for (std::size_t i = 0; i < searches.size(); ++i) {
        const auto& body = mustBeDone(answers[i], "searching in Sellsy").body;
        for (auto& record : pageOf(body, settings_, *searches[i].kind, askedAt).records)
            if (holds(record.seen, identifiers[searches[i].wanted]))
                matches[searches[i].wanted][record.seen.record] = std::move(record.seen);
    }
    sdk::FindReply reply;
    for (auto& found : matches) {
        auto& list = reply.matches.emplace_back();
        for (auto& [ref, seen] : found) list.push_back(std::move(seen));
    }
    return reply;
}

sdk::ApplyReply SellsyConnector::apply(const std::vector<sdk::ApplyItem>& items) {
    std::map<RecordRef, Wish> wishes;
    std::vector<std::string> refusals(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto item = wishOf(items[i], settings_.kinds);
        refusals[i] = item.reason;
        if (!item.wish) continue;
        auto& wish = wishes[items[i].record];
        wish.kind = item.wish->kind;
        for (const auto& [channel, permit] : item.wish->permit) wish.permit[channel] = permit;
        if (item.wish->expectedVersion != 0) wish.expectedVersion = item.wish->expectedVersion;
    }
    const auto results = bring(wishes);
    sdk::ApplyReply reply;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto found = results.find(items[i].record);
        sdk::Outcome outcome;
        if (!refusals[i].empty() || found == results.end()) {
            outcome.kind = sdk::OutcomeKind::Rejected;
            outcome.message = refusals[i];
        } else {
            outcome = found->second;
        }
        reply.outcomes.push_back(std::move(outcome));
    }
    return reply;
}

std::map<RecordRef, sdk::Outcome> SellsyConnector::bring(const std::map<RecordRef, Wish>& wishes) {
    std::set<RecordRef> records;
    for (const auto& [record, wish] : wishes) records.insert(record);
    const auto fetched = fetch(records);
    std::map<RecordRef, sdk::Outcome> outcomes;
    for (const auto& record : fetched.missing) outcomes[record].kind = sdk::OutcomeKind::NotFound;
    for (const auto& [record, answer] : fetched.failed)
        outcomes[record] = sdk::outcomeBeforeWriting(answer);
    std::vector<Writing> writings;
    for (const auto& [record, now] : fetched.found) {
        auto step = stepFor(wishes.at(record), now, !settings_.v1);
        outcomes[record] = *step.outcome;
        if (step.writes) writings.push_back({record, wishes.at(record).kind, std::move(step)});
    }
    // A batch carries its writes and the search that reads them back.
    const std::size_t room =
        settings_.batchSize > kKinds.size() + 1 ? settings_.batchSize - kKinds.size() : 1;
    for (std::size_t at = 0; at < writings.size(); at += room) {
        const auto end = std::min(writings.size(), at + room);
        writeTogether({writings.begin() + static_cast<std::ptrdiff_t>(at),
                       writings.begin() + static_cast<std::ptrdiff_t>(end)},
                      outcomes);
    }
    return outcomes;
}

void SellsyConnector::writeTogether(const std::vector<Writing>& writings,
                                    std::map<RecordRef, sdk::Outcome>& outcomes) {
    std::set<RecordRef> records;
    std::vector<Call> calls;
    std::vector<sdk::HttpRequest> flags;
    for (const auto& writing : writings) {
        records.insert(writing.record);
        if (settings_.v1)
            flags.push_back(
                v1Update(settings_, *writing.kind, writing.record.id, writing.step.permit));
        else
            calls.push_back(putSet(*writing.kind, writing.record.id, writing.step.members));
    }
    const auto searches = searchesFor(settings_, records);
    auto askedAt = host_.now();
    std::vector<Answer> answers;
    if (settings_.v1 || settings_.batchSize == 1) {
        answers = settings_.v1 ? link_.sendV1(flags) : link_.send(calls);
        askedAt = host_.now();
        for (auto& answer : link_.send(callsOf(searches))) answers.push_back(std::move(answer));
    } else {
        for (const auto& [kind, call] : searches) calls.push_back(call);
        answers = link_.send(calls);
    }
    std::map<RecordRef, sdk::Observation> readBack;
    for (std::size_t i = 0; i < searches.size(); ++i)
        if (isPage(answers[writings.size() + i]))
            for (auto& record :
                 pageOf(answers[writings.size() + i].body, settings_, *searches[i].first, askedAt)
                     .records)
                readBack[record.seen.record] = std::move(record.seen);
    for (std::size_t i = 0; i < writings.size(); ++i)
        settle(writings[i], answers[i], readBack, outcomes);
}

void SellsyConnector::settle(const Writing& writing,
                             const Answer& answer,
                             const std::map<RecordRef, sdk::Observation>& readBack,
                             std::map<RecordRef, sdk::Outcome>& outcomes) {
    auto& outcome = outcomes[writing.record];
    const bool moved = outcome.kind == sdk::OutcomeKind::Conflict;
    outcome = outcomeOf(answer);
    // A body for another record means that the answers do not stand in the order of the calls.
    const std::string id = settings_.v1 ? "" : textOf(member(answer.body, "id"));
    if (outcome.kind == sdk::OutcomeKind::Applied && !id.empty() && id != writing.record.id)
        outcome.kind = sdk::OutcomeKind::Unknown;
    if (outcome.kind != sdk::OutcomeKind::Applied) return;
    if (moved) outcome.kind = sdk::OutcomeKind::Conflict;
    const auto found = readBack.find(writing.record);
    if (found != readBack.end()) outcome.observed = found->second;
}

void SellsyConnector::note(const RecordRef& record, const std::string& text) {
    const Kind* kind = kindNamed(record.object);
    if (!kind || !isId(record.id)) throw CallError("Sellsy has no record of that object and id");
    mustBeDone(link_.send({postComment(*kind, record.id, text)}).front(),
               "leaving a comment in Sellsy");
}

sdk::Health SellsyConnector::health() {
    sdk::Health health;
    health.lastError = link_.lastError();
    health.quotaLeft = link_.quotaLeft();
    return health;
}

sdk::WebhookNews SellsyConnector::parseWebhook(const sdk::WebhookRequest& request) {
    return noticeOf(request, settings_.kinds);
}

std::vector<sdk::Subscription> SellsyConnector::listWebhooks() {
    const auto answers = link_.send({{"GET", "/webhooks", {{"limit", "100"}}, ""}});
    return subscriptionsOf(mustBeDone(answers.front(), "listing Sellsy's webhooks").body);
}

sdk::Subscription SellsyConnector::subscribeWebhook(const std::string& address) {
    Call call{"POST", "/webhooks", {}, webhookBody(address, settings_.kinds)};
    std::string id;
    for (const auto& known : listWebhooks())
        if (known.address == address && isId(known.id)) id = known.id;
    if (!id.empty()) call = {"PUT", "/webhooks/" + id, {}, call.body};
    // Sent alone: only there does the gateway fill in the signing key.
    const auto answers = link_.send({call});
    const auto& body = mustBeDone(answers.front(), "subscribing to Sellsy's webhooks").body;
    if (id.empty()) id = textOf(member(body, "id"));
    if (id.empty())
        throw CallError(
            "Sellsy made the webhook but did not say its id; list the webhooks to see it");
    return {id, address, true};
}

void SellsyConnector::removeWebhook(const std::string& id) {
    if (!isId(id)) throw CallError("that is not the id of a Sellsy webhook");
    const auto answers = link_.send({{"DELETE", "/webhooks/" + id, {}, ""}});
    if (answers.front().ending != Ending::NotFound)
        mustBeDone(answers.front(), "removing the webhook");
}

}  // namespace concordat::plugins::sellsy

using concordat::plugins::sellsy::SellsyConnector;
CONCORDAT_CONNECTOR(SellsyConnector)
