// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

/// A write of one record takes fewer requests than this.
constexpr int kMostLost = 6;

OutcomeKind applyOne(const Scenario& scenario, Caller& caller, const ApplyItem& item) {
    const auto reply = apply(scenario, caller, {item});
    require(reply.outcomes.size() == 1,
            "apply of one item gives " + std::to_string(reply.outcomes.size()) + " outcomes");
    return reply.outcomes.front().kind;
}

Shown shownNow(Caller& caller, const Scenario& scenario) {
    const auto reply = caller.ask<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    require(reply.observations.size() == 1, "the written record cannot be read back");
    for (const auto& reading : reply.observations.front().slots)
        if (reading.slot == scenario.slot) return reading.shown;
    throw Problem("the written slot is not in what was read back");
}

}  // namespace

void writesAndReadsBack(const Scenario& scenario) {
    Caller caller(scenario);
    for (const bool permit : {false, true, false}) {
        require(isDone(applyOne(scenario, caller, writeOf(scenario.known, scenario.slot, permit))),
                "a write to the known record is not applied");
        require(shownNow(caller, scenario) == shownFor(scenario, permit),
                "what is read back is not what was written");
    }
}

void repeatsWithoutHarm(const Scenario& scenario) {
    Caller caller(scenario);
    const auto item = writeOf(scenario.known, scenario.slot, false);
    require(isDone(applyOne(scenario, caller, item)), "a write to the known record is not applied");
    const auto once = shownNow(caller, scenario);
    require(isDone(applyOne(scenario, caller, item)),
            "the same write is not accepted a second time");
    require(shownNow(caller, scenario) == once, "the same write done twice changed something");
}

void answersEveryItem(const Scenario& scenario) {
    const auto known = writeOf(scenario.known, scenario.slot, false);
    const auto unknown = writeOf(scenario.unknown, scenario.slot, false);
    Caller caller(scenario);
    const auto reply = apply(scenario, caller, {known, unknown, known});
    require(reply.outcomes.size() == 3,
            "apply of 3 items gives " + std::to_string(reply.outcomes.size()) + " outcomes");
    require(isDone(reply.outcomes[0].kind) && isDone(reply.outcomes[2].kind),
            "an unknown record in the batch keeps the known one from being written");
    require(reply.outcomes[1].kind == OutcomeKind::NotFound, "an unknown record is not not_found");
}

void admitsAnUnknownOutcome(const Scenario& scenario) {
    // The answer that is lost may be that of a search by POST, so each is lost in its turn.
    for (int lost = 0; lost < kMostLost; ++lost) {
        writeAll(scenario, {scenario.known}, true);
        Caller caller(scenario);
        caller.setPlan([sent = 0, lost](const HttpRequest& request, std::size_t) mutable {
            const bool reads = request.method == "GET" || request.method == "HEAD";
            return !reads && sent++ == lost ? Fault::LostAfterSending : Fault::None;
        });
        const auto items = writesOf({scenario.known}, scenario.slot, false);
        const auto reply = apply(scenario, caller, items);
        mustBeHonest(scenario, items, reply, nameOf(Fault::LostAfterSending));
        const bool isWritten =
            readNow(scenario, {scenario.known}).at(scenario.known) == shownFor(scenario, false);
        const auto kind = reply.outcomes.front().kind;
        require(!isWritten || kind != OutcomeKind::Retry,
                "a write whose answer was lost (maybeSent) is retry, though it was done");
    }
}

void endsWhenCancelled(const Scenario& scenario) {
    Caller caller(scenario);
    caller.setFault(Fault::Cancelled);
    const auto reply = caller.raw(method::kPull, encode(PullRequest{}));
    require(reply.status == CONCORDAT_CANCELLED,
            "after the hub ended a pull, the connector does not let Cancelled pass through");
    require(caller.exchangesAfterEnd() <= 1,
            "after the hub ended the call, the connector goes on sending; 250 ms later its process "
            "is killed");
}

}  // namespace concordat::sdk::conformance
