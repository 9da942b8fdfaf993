// SPDX-License-Identifier: Apache-2.0
// What a connector must say while a vendor has trouble: limits, tokens that expire, batches that
// fail in part, faults drawn from a seed.
#include <algorithm>
#include <random>
#include <thread>

#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

constexpr int kCallers = 8;
constexpr int kRounds = 24;

void mustWait(const Scenario& scenario, Fault fault) {
    Caller caller(scenario);
    caller.setFault(fault);
    const auto items = writesOf({scenario.known}, scenario.slot, false);
    const auto reply = caller.ask<ApplyReply>(method::kApply, ApplyCall{items});
    const auto when = nameOf(fault);
    require(reply.outcomes.size() == 1, "with " + when + ", apply does not answer its item");
    const auto& outcome = reply.outcomes.front();
    require(outcome.kind == OutcomeKind::Retry,
            "with " + when + ", a write is not retry, though nothing was done");
    const auto least = std::max<std::int64_t>(waitAskedBy(fault), 1);
    require(outcome.retryAfterMs >= least, "with " + when + ", retryAfterMs is " +
                                               std::to_string(outcome.retryAfterMs) +
                                               ": the hub asks again at once");
    const auto page = caller.tryAsk<Page>(method::kPull, PullRequest{});
    require(!page || (page->observations.empty() && page->waitMs >= least),
            "with " + when + ", a pull neither fails nor says how long to wait (waitMs)");
}

/// Absence is only concluded from a clear answer.
void mustNotConcludeAbsence(const Scenario& scenario, Caller& caller, const std::string& when) {
    const auto read = caller.tryAsk<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    require(!read || read->missing.empty(),
            "with " + when + ", read says that a record is missing which is there");
    const auto found = caller.tryAsk<FindReply>(method::kFind, FindCall{{scenario.address}});
    require(!found || (found->matches.size() == 1 && !found->matches[0].empty()),
            "with " + when + ", find says that nobody holds an address which somebody holds");
}

/// Some records of the scenario, each to permit or deny, as the seed has it.
std::vector<ApplyItem> drawnItems(const Scenario& scenario, std::mt19937_64& random) {
    auto records = scenario.others;
    records.push_back(scenario.known);
    std::vector<ApplyItem> items;
    for (const auto& record : records)
        if (items.size() < 8 && (random() % 2 == 0 || &record == &records.back()))
            items.push_back(writeOf(record, scenario.slot, random() % 2 == 0));
    return items;
}

/// A disturbed pull may bring less, never lose: the undisturbed one goes on from where it stopped.
void mustLoseNothing(const Scenario& scenario, Caller& disturbedCaller, const std::string& when) {
    const std::vector<RecordRef> record{scenario.known};
    writeAll(scenario, record, true);
    std::string cursor = endCursor(scenario);
    writeAll(scenario, record, false);
    std::vector<Page> pages;
    for (int round = 0; round < 4; ++round) {
        auto page = disturbedCaller.tryAsk<Page>(method::kPull, PullRequest{cursor, 0});
        if (!page) continue;
        cursor = page->cursor;
        pages.push_back(std::move(*page));
    }
    for (auto& page : pullAll(scenario, cursor)) pages.push_back(std::move(page));
    const auto shown = shownIn(pages, scenario.slot);
    const auto found = shown.find(scenario.known);
    require(found != shown.end() && found->second == shownFor(scenario, false),
            "with " + when + ", a pull goes on behind a change that it did not bring");
}

}  // namespace

void waitsWhenLimited(const Scenario& scenario) {
    writeAll(scenario, {scenario.known}, true);
    for (const auto fault : {Fault::LimitedSeconds, Fault::LimitedDate, Fault::LimitedBare})
        mustWait(scenario, fault);
}

void survivesAnExpiringToken(const Scenario& scenario) {
    auto records = scenario.others;
    records.push_back(scenario.known);
    const std::string when = "a token that expires in the middle";
    for (const std::size_t odd : {0U, 1U}) {
        writeAll(scenario, records, true);
        Caller caller(scenario);
        std::size_t sent = odd;
        caller.setPlan([sent](const HttpRequest&, std::size_t) mutable {
            return sent++ % 2 == 1 ? Fault::Refused : Fault::None;
        });
        const auto items = writesOf(records, scenario.slot, false);
        mustBeHonest(scenario, items, apply(scenario, caller, items), when);
        mustNotConcludeAbsence(scenario, caller, when);
    }
}

void signsInOnce(const Scenario& scenario) {
    const auto& stage = scenario.stage;
    if (!stage.expireTokens || !stage.signIns)
        throw NotRun("fill Stage::expireTokens and Stage::signIns");
    const auto read = [&] {
        return Caller(scenario).tryAsk<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    };
    stage.expireTokens();
    const int before = stage.signIns();
    require(read().has_value(), "after its token expired, a caller cannot read");
    const int one = stage.signIns() - before;
    stage.expireTokens();
    const int middle = stage.signIns();
    std::vector<char> good(kCallers, 0);
    {
        std::vector<std::jthread> callers;
        for (auto& each : good)
            callers.emplace_back([&each, &read] { each = read().has_value() ? 1 : 0; });
    }
    require(std::count(good.begin(), good.end(), 1) == kCallers,
            "of eight callers whose token expired, not all can read");
    require(stage.signIns() - middle <= one, "eight callers whose token expired sign in " +
                                                 std::to_string(stage.signIns() - middle) +
                                                 " times, where one needs " + std::to_string(one));
}

void survivesAPartialFailure(const Scenario& scenario) {
    if (!scenario.stage.failSome) throw NotRun("fill Stage::failSome");
    const auto records = others(scenario, 4);
    writeAll(scenario, records, true);
    scenario.stage.failSome(true);
    const auto items = writesOf(records, scenario.slot, false);
    Caller caller(scenario);
    const auto reply = tryApply(scenario, caller, items);
    scenario.stage.failSome(false);
    require(reply.has_value(), "a batch that fails in part fails the whole call");
    mustBeHonest(scenario, items, *reply, "a batch that fails in part");
    writeAll(scenario, records, false);
}

void survivesDrawnFaults(const Scenario& scenario) {
    std::mt19937_64 random(scenario.seed);
    for (int round = 0; round < kRounds; ++round) {
        const auto seed = random();
        const std::string when = "faults drawn from seed " + std::to_string(scenario.seed) +
                                 " (round " + std::to_string(round) + ")";
        Caller caller(scenario);
        caller.setPlan(drawnFaults(seed));
        const auto items = drawnItems(scenario, random);
        // A call that fails as a whole leaves its items unknown; the hub reads them back.
        if (const auto reply = tryApply(scenario, caller, items))
            mustBeHonest(scenario, items, *reply, when);
        mustNotConcludeAbsence(scenario, caller, when);
        if (round % 6 == 0) mustLoseNothing(scenario, caller, when);
    }
}

}  // namespace concordat::sdk::conformance
