// SPDX-License-Identifier: Apache-2.0
// The first load of a large object by a Bulk API 2.0 query job: a few calls instead of one for each
// 2,000 rows. Where the org does not have it, or a job fails, the pages do it.
#include <algorithm>

#include "plugins/salesforce/connector.h"
#include "plugins/salesforce/csv.h"

namespace concordat::plugins::salesforce {
namespace {

constexpr std::int64_t kJobMs = 5'000;

/// How many rows the object has; empty: Salesforce does not say.
std::optional<std::int64_t> countOf(const Answer& answer) {
    const auto& total = member(answer.body, "totalSize");
    if (answer.ending != Ending::Done || !total.is_number_integer()) return std::nullopt;
    return total.get<std::int64_t>();
}

}  // namespace

bool SalesforceConnector::loadsByJob(const Progress& progress) const {
    return settings_.bulkFrom > 0 && !progress.loaded && !progress.byPages && progress.round &&
           !progress.round->after;
}

void SalesforceConnector::goOnByPages(const Kind& kind,
                                      Progress& progress,
                                      const std::string& why) {
    host_.log("warning",
              "the first load of " + std::string(kind.object) + " goes on page by page: " + why);
    progress.load.reset();
    progress.byPages = true;
}

void SalesforceConnector::pullLoad(const Kind& kind, Progress& progress, sdk::Page& page) {
    if (!progress.load) return beginLoad(kind, progress, page);
    if (progress.load->complete) return takeLoad(kind, progress, page);
    const auto answer = link_.send(pollJob(progress.load->job));
    const std::string state = textOf(member(answer.body, "state"));
    if (mayPass(answer) || state == "UploadComplete" || state == "InProgress") {
        page.waitMs = std::max({page.waitMs, answer.retryAfterMs, kJobMs});
        return;
    }
    if (answer.ending != Ending::Done || state != "JobComplete")
        return goOnByPages(kind, progress,
                           answer.ending == Ending::Done ? "the job is " + state : answer.reason);
    progress.load->complete = true;
    takeLoad(kind, progress, page);
}

void SalesforceConnector::beginLoad(const Kind& kind, Progress& progress, sdk::Page& page) {
    const auto counted = link_.send(query(selecting({"COUNT()"}, kind.object)));
    const auto count = countOf(counted);
    if (mayPass(counted)) {
        page.waitMs = std::max({page.waitMs, counted.retryAfterMs, kJobMs});
        return;
    }
    if (!count || *count < settings_.bulkFrom) {
        progress.byPages = true;
        return;
    }
    // Before the job looks at the first row, so that what changes meanwhile is in the next round.
    const auto before = link_.vendorTimeBefore();
    const auto made = link_.send(makeJob(selecting(link_.fields(kind), kind.object)));
    const std::string job = fullId(textOf(member(made.body, "id")));
    if (made.ending != Ending::Done || job.empty())
        return goOnByPages(kind, progress,
                           made.ending == Ending::Done ? "the new job has no id" : made.reason);
    progress.load = Load{job, "", before, std::nullopt, false};
    page.waitMs = std::max(page.waitMs, kJobMs);
}

void SalesforceConnector::takeLoad(const Kind& kind, Progress& progress, sdk::Page& page) {
    Load& load = *progress.load;
    const auto askedAt = host_.now();
    const auto reply = link_.sendRaw({jobResults(load.job, load.locator)}).front();
    const auto rows = reply.status == 200 ? rowsOfCsv(reply.body, link_.shape(kind)) : std::nullopt;
    if (!rows) {
        auto answer = answerOf(reply, false);
        if (answer.ending == Ending::Cancelled) throw sdk::Cancelled();
        if (!mayPass(answer))
            return goOnByPages(
                kind, progress,
                answer.ending == Ending::Done ? "its results are no table" : answer.reason);
        page.waitMs = std::max({page.waitMs, answer.retryAfterMs, kJobMs});
        return;
    }
    std::optional<Key> newest = load.newest;
    addLoaded(kind, *rows, askedAt, newest, page);
    const auto locator = reply.headers.find("sforce-locator");
    const bool last = locator == reply.headers.end() || locator->second == "null";
    if (!last && locator->second == load.locator)
        throw sdk::CallError(
            "Salesforce sent the same results of a bulk job again; the reading "
            "cannot go on");
    load.newest = newest;
    if (!last) {
        load.locator = locator->second;
        return;
    }
    const PageEnd end{load.newest, false, load.begun};
    progress.load.reset();
    advance(progress, end, host_.now());
}

void SalesforceConnector::addLoaded(const Kind& kind,
                                    const std::vector<nlohmann::json>& rows,
                                    sdk::EpochMs askedAt,
                                    std::optional<Key>& newest,
                                    sdk::Page& page) {
    std::set<sdk::RecordRef> changed;
    for (const auto& raw : rows) {
        auto row = rowOf(raw, settings_, kind, askedAt);
        if (!row || !row->seen.modifiedAt)
            throw sdk::CallError(
                "the results of a bulk job hold a row without a usable Id or "
                "SystemModstamp");
        const Key key{row->seen.version, row->seen.record.id};
        if (!newest || *newest < key) newest = key;
        if (&kind == &kConsent)
            changed.insert(
                {std::string(kIndividual.object), fullId(textOf(member(row->raw, "PartyId")))});
        else
            page.observations.push_back(std::move(row->seen));
    }
    addIndividuals(changed, page);
}

}  // namespace concordat::plugins::salesforce
