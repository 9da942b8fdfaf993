// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/write_jobs.h"

#include <algorithm>

#include "plugins/salesforce/csv.h"
#include "sdk/concordat/cursor.h"

namespace concordat::plugins::salesforce {
namespace {

using sdk::outcome;
using sdk::OutcomeKind;

constexpr std::int64_t kJobSoonMs = 2'000;
constexpr std::int64_t kLongestWaitMs = 30'000;
/// A withdrawal waits no longer in Salesforce's queue; then it goes by a collection.
constexpr std::int64_t kPatienceMs = 15 * 60'000;
constexpr std::int64_t kPauseMs = 60 * 60'000;
constexpr int kMostSpoiled = 5;
constexpr std::size_t kJobsKept = 8;

sdk::Outcome pending(const std::string& token, std::int64_t waitMs) {
    auto made = outcome(OutcomeKind::Pending);
    made.token = token;
    made.retryAfterMs = std::max<std::int64_t>(waitMs, 1);
    return made;
}

sdk::Outcome later(std::string words, std::int64_t waitMs) {
    auto made = outcome(OutcomeKind::Retry, std::move(words));
    made.retryAfterMs = waitMs;
    return made;
}

bool onlyRefuses(const Patch& patch) {
    return !patch.unmodifiedSince && !patch.flags.empty() &&
           std::all_of(patch.flags.begin(), patch.flags.end(),
                       [](const auto& flag) { return flag.second; });
}

/// What the results call a row: the column that we sent.
std::string idOf(const nlohmann::json& row) { return fullId(textOf(member(row, "Id"))); }

}  // namespace

bool WriteJobs::isEnough(std::size_t rows) {
    const bool paused = pausedAt_ != 0 && !sdk::isDue(host_.now(), pausedAt_, kPauseMs);
    return settings_.bulkWriteFrom > 0 && !paused &&
           rows >= static_cast<std::size_t>(settings_.bulkWriteFrom);
}

std::vector<Writing> WriteJobs::take(std::vector<Writing> refusals, Outcomes& outcomes) {
    std::map<std::string, std::map<std::string, Writing>> byType;
    std::vector<Writing> rest;
    for (auto& writing : refusals) {
        const auto& patch = writing.patch;
        auto& rows = byType[patch.type];
        const bool fits =
            onlyRefuses(patch) && refused_.erase(patch.id) == 0 && !rows.contains(patch.id);
        if (fits)
            rows.emplace(patch.id, std::move(writing));
        else
            rest.push_back(std::move(writing));
    }
    for (auto& [type, rows] : byType) {
        std::vector<Patch> patches;
        for (const auto& [id, writing] : rows) patches.push_back(writing.patch);
        const auto job = isEnough(rows.size()) ? begin(type, patches) : std::nullopt;
        for (auto& [id, writing] : rows)
            if (job)
                outcomes[writing.record] = pending(*job + "/" + id, kJobSoonMs);
            else
                rest.push_back(std::move(writing));
    }
    return rest;
}

std::optional<std::string> WriteJobs::begin(const std::string& type,
                                            const std::vector<Patch>& patches) {
    const auto made = link_.send(makeIngest(type));
    if (made.ending == Ending::Cancelled) throw sdk::Cancelled();
    const std::string id = fullId(textOf(member(made.body, "id")));
    if (made.ending != Ending::Done || id.empty()) {
        pause(made.ending == Ending::Done ? "the new job has no id" : made.reason);
        return std::nullopt;
    }
    const auto given = link_.sendRaw({uploadRows(id, patches)}).front();
    if (given.kind == sdk::HttpClass::Cancelled) throw sdk::Cancelled();
    if (given.status < 200 || given.status > 299) {
        pause(answerOf(given, true).reason);
        link_.send(endIngest(id, "Aborted"));
        return std::nullopt;
    }
    // Whether this arrives the next look at the job tells.
    link_.send(endIngest(id, "UploadComplete"));
    forgetOldest();
    jobs_[id] = {.askedAt = host_.now(), .waitMs = kJobSoonMs, .others = {}};
    return id;
}

sdk::Outcome WriteJobs::poll(const std::string& token) {
    const auto slash = token.find('/');
    const std::string id = fullId(token.substr(0, slash));
    if (slash == std::string::npos || id.empty())
        return outcome(OutcomeKind::Unknown, "the token names no job of Salesforce");
    if (!jobs_.contains(id)) forgetOldest();
    Job& job = jobs_[id];
    if (!job.over && sdk::isDue(host_.now(), job.askedAt, job.waitMs)) ask(id, job);
    if (!job.over) return pending(token, job.askedAt + job.waitMs - host_.now());
    const std::string row = token.substr(slash + 1);
    if (job.applied.contains(row)) return outcome(OutcomeKind::Applied);
    const auto found = job.others.find(row);
    return found == job.others.end() ? job.rest : found->second;
}

void WriteJobs::ask(const std::string& id, Job& job) {
    const auto ready = link_.prepare({});
    if (ready.ending != Ending::Done) return wait(job, ready);
    const auto answer = link_.send(pollIngest(id));
    const std::string state = textOf(member(answer.body, "state"));
    wait(job, answer);
    if (mayPass(answer)) return;
    if (answer.ending != Ending::Done) {
        // Its results cannot be learnt any more; the hub reads back.
        job.rest = outcome(OutcomeKind::Unknown, answer.reason);
        job.over = true;
    } else if (state == "Open") {
        giveUp(id, job);
    } else if (state == "JobComplete" || state == "Failed" || state == "Aborted") {
        if (state != "JobComplete") pause("the job is " + state);
        takeResults(id, job);
    } else if (const auto created = timeOf(answer.body, "createdDate");
               created && link_.vendorTimeBefore() - created->at > kPatienceMs) {
        // What was not done by then stands in its results.
        link_.send(endIngest(id, "Aborted"));
    }
}

void WriteJobs::wait(Job& job, const Answer& answer) {
    const auto created = timeOf(answer.body, "createdDate");
    const auto age = created ? link_.vendorTimeBefore() - created->at : 0;
    job.askedAt = host_.now();
    job.waitMs = std::max(answer.retryAfterMs, std::clamp(age / 4, kJobSoonMs, kLongestWaitMs));
}

void WriteJobs::giveUp(const std::string& id, Job& job) {
    const auto ended = link_.send(endIngest(id, "Aborted"));
    if (ended.ending != Ending::Done || textOf(member(ended.body, "state")) != "Aborted") return;
    pause("closing a job did not reach Salesforce");
    job.rest = later("Salesforce did not begin the job", kJobSoonMs);
    job.over = true;
}

void WriteJobs::takeResults(const std::string& id, Job& job) {
    const auto replies =
        link_.sendRaw({ingestResults(id, "successfulResults"), ingestResults(id, "failedResults"),
                       ingestResults(id, "unprocessedrecords")});
    std::vector<std::vector<nlohmann::json>> lists;
    for (const auto& reply : replies) {
        if (reply.kind == sdk::HttpClass::Cancelled) throw sdk::Cancelled();
        auto rows = reply.status == 200 ? rowsOfCsv(reply.body, Shape{}) : std::nullopt;
        if (rows) lists.push_back(std::move(*rows));
    }
    if (lists.size() != replies.size() && ++job.spoiled < kMostSpoiled) return;
    job.rest = outcome(OutcomeKind::Unknown, "the job's results do not name the record");
    job.over = true;
    if (lists.size() != replies.size()) return;
    for (const auto& row : lists[0]) job.applied.insert(idOf(row));
    takeFailed(lists[1], job);
    for (const auto& row : lists[2])
        job.others[idOf(row)] = later("Salesforce did not come to the record", kJobSoonMs);
    // Two lists that name one record contradict each other.
    for (const auto& [row, other] : job.others) job.applied.erase(row);
}

void WriteJobs::takeFailed(const std::vector<nlohmann::json>& rows, Job& job) {
    for (const auto& row : rows) {
        auto made = outcomeOf(rowAnswer(textOf(member(row, "sf__Error"))), host_.random());
        // A job cannot pass an alert about duplicates; the last word is a collection's.
        if (made.kind == OutcomeKind::Rejected) {
            refused_.insert(idOf(row));
            made = later(made.message, kJobSoonMs);
        }
        job.others[idOf(row)] = std::move(made);
    }
}

void WriteJobs::pause(const std::string& why) {
    pausedAt_ = host_.now();
    host_.log("warning", "large writes to Salesforce go by collections for an hour: " + why);
}

void WriteJobs::forgetOldest() {
    if (jobs_.size() < kJobsKept) return;
    jobs_.erase(std::min_element(jobs_.begin(), jobs_.end(), [](const auto& one, const auto& two) {
        return one.second.askedAt < two.second.askedAt;
    }));
}

}  // namespace concordat::plugins::salesforce
