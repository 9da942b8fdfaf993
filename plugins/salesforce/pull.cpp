// SPDX-License-Identifier: Apache-2.0
// The reading of what changed.
#include <algorithm>

#include "plugins/salesforce/connector.h"
#include "plugins/salesforce/times.h"

namespace concordat::plugins::salesforce {
namespace {

constexpr std::int64_t kWaitMs = 1'000;
/// getDeleted goes back so far. Source: REST guide, API v66.0; one day less than 15.
constexpr std::int64_t kDeletedBackMs = 14LL * 86'400'000;

/// Only a wait if the vendor said "later"; anything worse ends the call.
bool mustWait(const Answer& answer, const std::string& what, sdk::Page& page) {
    const bool later = answer.ending == Ending::Later || answer.ending == Ending::Locked ||
                       answer.code == "INVALID_FIELD";
    if (!later) mustBeDone(answer, what);
    if (later) page.waitMs = std::max({page.waitMs, answer.retryAfterMs, kWaitMs});
    return later;
}

Key keyOf(const sdk::Observation& seen) { return {seen.version, seen.record.id}; }

}  // namespace

sdk::Page SalesforceConnector::pull(const sdk::PullRequest& request) {
    Cursor cursor = readCursor(request.cursor, settings_.kinds);
    sdk::Page page;
    page.cursor = request.cursor.empty() ? writeCursor(cursor) : request.cursor;
    if (mustWait(link_.prepare(settings_.kinds), "looking at Salesforce's objects", page))
        return page;
    if (!underWay(cursor)) {
        pullDeleted(cursor, page);
        beginRounds(cursor, host_.now());
    }
    pullPages(cursor, request.pageSize > 0 ? std::min(request.pageSize, kPageSize) : kPageSize,
              page);
    individuals_.complete(page.observations);
    page.cursor = writeCursor(cursor);
    page.more = underWay(cursor);
    return page;
}

void SalesforceConnector::pullPages(Cursor& cursor, int limit, sdk::Page& page) {
    std::vector<const Kind*> kinds;
    std::vector<Call> calls;
    std::set<sdk::RecordRef> changed;
    for (const auto* kind : settings_.kinds) {
        auto& progress = cursor[std::string(kind->object)];
        if (loadsByJob(progress)) pullLoad(*kind, progress, page);
        const auto& round = progress.round;
        if (!round || loadsByJob(progress)) continue;
        kinds.push_back(kind);
        calls.push_back(queryAll(pageQuery(link_.fields(*kind), *kind, round->after, limit)));
    }
    if (calls.empty()) return;
    page.waitMs = 0;  // a job may take its time while others have rows
    const auto askedAt = host_.now();
    // Large pages go alone, as a reply has a largest size; a poll is one request.
    const auto answers = isLoading(cursor) ? link_.send(calls) : link_.sendTogether(calls);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const std::string what = "reading Salesforce's " + std::string(kinds[i]->object);
        if (mustWait(answers[i], what, page)) continue;
        const auto rows = rowsOf(answers[i]);
        if (!rows) throw sdk::CallError(what + " failed: the reply has no list of records");
        PageEnd end{std::nullopt,
                    isCut(answers[i]) || rows->size() >= static_cast<std::size_t>(limit),
                    link_.vendorTimeBefore()};
        for (const auto& raw : *rows) {
            auto row = rowOf(raw, settings_, *kinds[i], askedAt);
            if (!row || !row->seen.modifiedAt)
                throw sdk::CallError(what + " failed: a row has no usable Id or SystemModstamp");
            end.last = keyOf(row->seen);
            if (kinds[i] == &kConsent)
                changed.insert(
                    {std::string(kIndividual.object), fullId(textOf(member(row->raw, "PartyId")))});
            else
                page.observations.push_back(std::move(row->seen));
        }
        advance(cursor[std::string(kinds[i]->object)], end, host_.now());
    }
    addIndividuals(changed, page);
}

void SalesforceConnector::addIndividuals(const std::set<sdk::RecordRef>& individuals,
                                         sdk::Page& page) {
    auto wanted = individuals;
    for (const auto& seen : page.observations) wanted.erase(seen.record);
    if (wanted.empty()) return;
    const auto fetched = records_.fetch(wanted);
    if (!fetched.failed.empty()) mustBeDone(fetched.failed.begin()->second, "reading individuals");
    for (const auto& [record, row] : fetched.found) page.observations.push_back(row.seen);
}

void SalesforceConnector::pullDeleted(Cursor& cursor, sdk::Page& page) {
    for (const auto* kind : settings_.kinds) {
        auto& progress = cursor[std::string(kind->object)];
        const auto now = host_.now();
        if (!wantsDeleted(progress, now) || !link_.shape(*kind).replicateable || kind == &kConsent)
            continue;
        const auto skew = link_.skewMs().value_or(0);
        const auto to = now + skew;
        auto from = progress.covered != 0 ? progress.covered : progress.safe;
        from = std::max(from, to - kDeletedBackMs);
        progress.deletedAt = now;
        // Both are cut to the minute, and must be more than one apart.
        if (to - from < 2 * 60'000) continue;
        const auto answer = link_.send(deletedBetween(*kind, from, to));
        const auto covered = timeOf(answer.body, "latestDateCovered");
        if (answer.ending != Ending::Done || !covered) {
            // The pages show deleted rows too; this list only catches what left the recycle bin.
            host_.log("warning", "the list of deleted " + std::string(kind->object) +
                                     " could not be read: " + answer.reason);
            progress.covered = 0;
            continue;
        }
        const auto earliest = timeOf(answer.body, "earliestDateAvailable");
        if (earliest && earliest->at > from + 60'000)
            host_.log("warning", "Salesforce no longer knows all deleted " +
                                     std::string(kind->object) + "; the drift sweep will");
        addDeleted(*kind, answer.body, page);
        progress.covered = std::min(covered->at, to);
    }
}

void SalesforceConnector::addDeleted(const Kind& kind,
                                     const nlohmann::json& body,
                                     sdk::Page& page) {
    const auto& list = member(body, "deletedRecords");
    if (!list.is_array()) return;
    std::map<sdk::RecordRef, std::optional<sdk::VendorTime>> deleted;
    for (const auto& entry : list) {
        const std::string id = fullId(textOf(member(entry, "id")));
        if (!id.empty()) deleted[{std::string(kind.object), id}] = timeOf(entry, "deletedDate");
    }
    std::set<sdk::RecordRef> wanted;
    for (const auto& [record, at] : deleted) wanted.insert(record);
    const auto askedAt = host_.now();
    const auto fetched = records_.fetch(wanted);
    if (!fetched.failed.empty())
        mustBeDone(fetched.failed.begin()->second, "reading deleted records");
    for (const auto& [record, row] : fetched.found) page.observations.push_back(row.seen);
    for (const auto& record : fetched.missing) {
        sdk::Observation gone;
        gone.record = record;
        gone.deleted = true;
        gone.askedAt = askedAt;
        gone.modifiedAt = deleted[record];
        if (gone.modifiedAt) gone.version = gone.modifiedAt->at;
        page.observations.push_back(std::move(gone));
    }
}

}  // namespace concordat::plugins::salesforce
