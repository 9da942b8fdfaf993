// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/steps.h"

#include <algorithm>
#include <array>

namespace concordat::sdk::conformance {
namespace {

constexpr std::size_t kMostPages = 1'000;
constexpr int kMostPolls = 200;
constexpr EpochMs kPollMs = 5'000;

/// Items of one job may be answered by one outcome for all of them.
void takePolled(ApplyReply& reply, const std::string& token, const ApplyReply& polled) {
    std::vector<Outcome*> items;
    for (auto& outcome : reply.outcomes)
        if (outcome.kind == OutcomeKind::Pending && outcome.token == token)
            items.push_back(&outcome);
    require(polled.outcomes.size() == 1 || polled.outcomes.size() == items.size(),
            "apply.poll answers neither once nor for each item of the token");
    for (std::size_t i = 0; i < items.size(); ++i)
        *items[i] = polled.outcomes[polled.outcomes.size() == 1 ? 0 : i];
}

void settle(const Scenario& scenario, Caller& caller, ApplyReply& reply) {
    for (int poll = 0;; ++poll) {
        std::map<std::string, EpochMs> waits;
        for (const auto& outcome : reply.outcomes)
            if (outcome.kind == OutcomeKind::Pending)
                waits[outcome.token] = outcome.retryAfterMs > 0 ? outcome.retryAfterMs : kPollMs;
        if (waits.empty()) return;
        require(!waits.contains(""), "a pending item has no token to ask for it by");
        require(poll < kMostPolls, "an item is still pending after 200 times of asking");
        if (scenario.stage.passTime) scenario.stage.passTime(waits.begin()->second);
        for (const auto& [token, wait] : waits)
            if (const auto polled =
                    caller.tryAsk<ApplyReply>(method::kPollApply, PollApplyCall{token}))
                takePolled(reply, token, *polled);
    }
}

std::string nameOf(OutcomeKind kind) {
    static constexpr std::array<const char*, 8> kNames = {
        "applied", "unchanged", "conflict", "not_found", "rejected", "retry", "pending", "unknown"};
    return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace

std::vector<Page> pullAll(const Scenario& scenario, const std::string& from, int pageSize) {
    Caller caller(scenario);
    std::vector<Page> pages;
    std::string cursor = from;
    do {
        require(pages.size() < kMostPages, "pull does not come to an end in 1,000 pages");
        pages.push_back(caller.ask<Page>(method::kPull, PullRequest{cursor, pageSize}));
        require(!pages.back().cursor.empty(), "a page has no cursor to go on from");
        // A vendor's job, or a limit: by the kit's clock it would never be over.
        if (pages.back().waitMs > 0 && scenario.stage.passTime)
            scenario.stage.passTime(pages.back().waitMs);
        cursor = pages.back().cursor;
    } while (pages.back().more);
    return pages;
}

std::string endCursor(const Scenario& scenario) { return pullAll(scenario, "").back().cursor; }

std::map<RecordRef, Shown> shownIn(const std::vector<Page>& pages, const std::string& slot) {
    std::map<RecordRef, Shown> shown;
    for (const auto& page : pages)
        for (const auto& seen : page.observations)
            for (const auto& reading : seen.slots)
                if (reading.slot == slot) shown[seen.record] = reading.shown;
    return shown;
}

ApplyItem writeOf(const RecordRef& record, const std::string& slot, bool permit) {
    return {.record = record, .writes = {{.slot = slot, .permit = permit}}, .creationKey = "kit"};
}

std::vector<ApplyItem> writesOf(const std::vector<RecordRef>& records,
                                const std::string& slot,
                                bool permit) {
    std::vector<ApplyItem> items;
    for (const auto& record : records) items.push_back(writeOf(record, slot, permit));
    return items;
}

bool isDone(OutcomeKind kind) {
    return kind == OutcomeKind::Applied || kind == OutcomeKind::Unchanged;
}

std::optional<ApplyReply> tryApply(const Scenario& scenario,
                                   Caller& caller,
                                   const std::vector<ApplyItem>& items) {
    auto reply = caller.tryAsk<ApplyReply>(method::kApply, ApplyCall{items});
    if (reply) settle(scenario, caller, *reply);
    return reply;
}

ApplyReply apply(const Scenario& scenario, Caller& caller, const std::vector<ApplyItem>& items) {
    auto reply = caller.ask<ApplyReply>(method::kApply, ApplyCall{items});
    settle(scenario, caller, reply);
    return reply;
}

void writeAll(const Scenario& scenario, const std::vector<RecordRef>& records, bool permit) {
    Caller caller(scenario);
    const auto batch = static_cast<std::size_t>(std::max(1, describe(scenario).applyBatch));
    for (std::size_t at = 0; at < records.size(); at += batch) {
        const auto end = std::min(records.size(), at + batch);
        const std::vector<RecordRef> part(records.begin() + static_cast<std::ptrdiff_t>(at),
                                          records.begin() + static_cast<std::ptrdiff_t>(end));
        const auto reply = apply(scenario, caller, writesOf(part, scenario.slot, permit));
        require(reply.outcomes.size() == part.size(), "apply does not answer every item");
        for (const auto& outcome : reply.outcomes)
            require(isDone(outcome.kind),
                    "an undisturbed write to a known record is " + nameOf(outcome.kind));
    }
}

Shown shownFor(const Scenario& scenario, bool permit) {
    const auto slots = describe(scenario).slots;
    const auto slot = std::find_if(slots.begin(), slots.end(),
                                   [&](const auto& each) { return each.id == scenario.slot; });
    require(slot != slots.end(), "the scenario's slot '" + scenario.slot + "' is not described");
    return permit ? slot->showsPermit : slot->showsDeny;
}

std::map<RecordRef, Shown> readNow(const Scenario& scenario,
                                   const std::vector<RecordRef>& records) {
    const auto reply = Caller(scenario).ask<ReadReply>(method::kRead, ReadCall{records});
    return shownIn({{.observations = reply.observations}}, scenario.slot);
}

std::vector<RecordRef> others(const Scenario& scenario, std::size_t count) {
    if (scenario.others.size() < count)
        throw NotRun("name " + std::to_string(count) + " more records in Scenario::others");
    return {scenario.others.begin(), scenario.others.begin() + static_cast<std::ptrdiff_t>(count)};
}

void mustBeHonest(const Scenario& scenario,
                  const std::vector<ApplyItem>& items,
                  const ApplyReply& reply,
                  const std::string& when) {
    require(reply.outcomes.size() == items.size(),
            "with " + when + ", apply of " + std::to_string(items.size()) + " items gives " +
                std::to_string(reply.outcomes.size()) + " outcomes");
    std::vector<RecordRef> records;
    for (const auto& item : items) records.push_back(item.record);
    const auto now = readNow(scenario, records);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto kind = reply.outcomes[i].kind;
        require(kind != OutcomeKind::Rejected && kind != OutcomeKind::NotFound,
                "with " + when + ", a write to a known record ends as " + nameOf(kind) +
                    ", though it may go well later");
        const auto shown = now.find(items[i].record);
        const auto wanted = shownFor(scenario, items[i].writes.front().permit);
        require(!isDone(kind) || (shown != now.end() && shown->second == wanted),
                "with " + when + ", a write is " + nameOf(kind) +
                    ", but what is read back is not what was written");
    }
}

}  // namespace concordat::sdk::conformance
