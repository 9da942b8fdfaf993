// SPDX-License-Identifier: Apache-2.0
// What a pull must not lose: equal times, rows that show late, slow and large replies.
#include <algorithm>

#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

constexpr EpochMs kSlowMs = 250;
/// A call has at most so long. Source: sdk/README.md.
constexpr EpochMs kCallMs = 30'000;
/// Rows may show so late; every connector must look further back than this.
constexpr EpochMs kLateMs = 30'000;

void mustHaveCome(const Scenario& scenario,
                  const std::vector<Page>& pages,
                  const std::vector<RecordRef>& records,
                  bool permit,
                  const std::string& problem) {
    const auto seen = shownIn(pages, scenario.slot);
    for (const auto& record : records) {
        const auto found = seen.find(record);
        require(found != seen.end() && found->second == shownFor(scenario, permit), problem);
    }
}

/// The observations of a reply must have been asked for no later than its last request.
void mustBeAskedBefore(const Caller& caller, const std::vector<Observation>& observations) {
    for (const auto& seen : observations)
        require(seen.askedAt <= caller.lastExchangeAt(),
                "askedAt is later than the request that answered: take host.now() before it");
}

}  // namespace

void pullsEqualTimes(const Scenario& scenario) {
    const auto records = others(scenario, 5);
    writeAll(scenario, records, true);
    const auto cursor = endCursor(scenario);
    writeAll(scenario, records, false);
    for (const int pageSize : {2, 0})
        mustHaveCome(
            scenario, pullAll(scenario, cursor, pageSize), records, false,
            "of rows that changed at the same moment, a pull with pages of " +
                (pageSize == 0 ? std::string("the usual size") : std::to_string(pageSize)) +
                " loses some");
}

void pullsWhatShowsLate(const Scenario& scenario) {
    const auto& stage = scenario.stage;
    if (!stage.showLate || !stage.passTime)
        throw NotRun("fill Stage::showLate and Stage::passTime");
    const auto records = others(scenario, 2);
    writeAll(scenario, records, true);
    const auto start = endCursor(scenario);
    stage.passTime(2 * kLateMs);
    // The newest row is in, when one comes up that is older.
    writeAll(scenario, {records[1]}, false);
    auto pages = pullAll(scenario, start);
    stage.showLate(kLateMs);
    writeAll(scenario, {records[0]}, false);
    stage.showLate(0);
    for (int round = 0; round < 3; ++round) {
        for (auto& page : pullAll(scenario, pages.back().cursor)) pages.push_back(std::move(page));
        stage.passTime(2 * kLateMs);
    }
    mustHaveCome(scenario, pages, records, false,
                 "a row that could be seen only 30 s after its change time is never pulled");
}

void survivesSlowReplies(const Scenario& scenario) {
    const std::vector<RecordRef> record{scenario.known};
    writeAll(scenario, record, true);
    const auto cursor = endCursor(scenario);
    Caller slow(scenario);
    slow.setDelay(kSlowMs);
    // Once before, so that the next answer is a page, and not what the connector learns at first.
    slow.ask<Page>(method::kPull, PullRequest{cursor, 0});
    slow.onNextAnswer([&] { writeAll(scenario, record, false); });
    auto page = slow.ask<Page>(method::kPull, PullRequest{cursor, 0});
    mustBeAskedBefore(slow, page.observations);
    std::vector<Page> pages{page};
    for (auto& later : pullAll(scenario, page.cursor)) pages.push_back(std::move(later));
    mustHaveCome(scenario, pages, record, false,
                 "what changed while a page was on its way is not in the pages behind it");
    const auto read = slow.ask<ReadReply>(method::kRead, ReadCall{record});
    mustBeAskedBefore(slow, read.observations);
    const auto found = slow.ask<FindReply>(method::kFind, FindCall{{scenario.address}});
    for (const auto& matches : found.matches) mustBeAskedBefore(slow, matches);
}

void endsInTime(const Scenario& scenario) {
    const auto description = describe(scenario);
    Caller caller(scenario);
    const auto mustEnd = [&](const std::string& what) {
        require(caller.exchanges() * kSlowMs <= kCallMs,
                what + " takes " + std::to_string(caller.exchanges()) +
                    " exchanges one after the other; at 250 ms each that is over the 30 s of a "
                    "call");
    };
    // A record asked for twice is one exchange more for those that ask one by one.
    const auto filled = [&](int batch) {
        auto records = scenario.others;
        records.push_back(scenario.known);
        while (records.size() < static_cast<std::size_t>(batch)) records.push_back(scenario.known);
        records.resize(static_cast<std::size_t>(std::max(1, batch)));
        return records;
    };
    caller.ask<ReadReply>(method::kRead, ReadCall{filled(description.readBatch)});
    mustEnd("a read of " + std::to_string(description.readBatch) + " records (readBatch)");
    caller.ask<FindReply>(
        method::kFind,
        FindCall{std::vector(static_cast<std::size_t>(std::max(1, description.findBatch)),
                             scenario.address)});
    mustEnd("a search for " + std::to_string(description.findBatch) + " addresses (findBatch)");
    caller.ask<ApplyReply>(
        method::kApply, ApplyCall{writesOf(filled(description.applyBatch), scenario.slot, false)});
    mustEnd("an apply of " + std::to_string(description.applyBatch) + " items (applyBatch)");
}

void readsLargeReplies(const Scenario& scenario) {
    Caller caller(scenario);
    caller.setFault(Fault::Large);
    const auto read = caller.ask<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    require(read.observations.size() == 1, "from a reply over 64 KiB the record is not read");
    const auto found = caller.ask<FindReply>(method::kFind, FindCall{{scenario.address}});
    require(found.matches.size() == 1 && found.matches[0].size() == 1,
            "from a reply over 64 KiB the record is not found");
    const auto page = caller.ask<Page>(method::kPull, PullRequest{});
    require(!page.cursor.empty(), "a page from a reply over 64 KiB has no cursor");
}

}  // namespace concordat::sdk::conformance
