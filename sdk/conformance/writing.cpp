// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sdk/concordat/calls.h"
#include "sdk/conformance/checks.h"

namespace concordat::sdk::conformance {
namespace {

ApplyItem write(const RecordRef& record, const std::string& slot, bool permit) {
    return {.record = record, .writes = {{.slot = slot, .permit = permit}}, .creationKey = "kit"};
}

OutcomeKind applyOne(Caller& caller, const ApplyItem& item) {
    const auto reply = caller.ask<ApplyReply>(method::kApply, ApplyCall{{item}});
    require(reply.outcomes.size() == 1,
            "apply of one item gives " + std::to_string(reply.outcomes.size()) + " outcomes");
    return reply.outcomes.front().kind;
}

bool isDone(OutcomeKind kind) {
    return kind == OutcomeKind::Applied || kind == OutcomeKind::Unchanged;
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
    const auto slots = describe(scenario).slots;
    const auto slot = std::find_if(slots.begin(), slots.end(),
                                   [&](const auto& each) { return each.id == scenario.slot; });
    require(slot != slots.end(), "the scenario's slot '" + scenario.slot + "' is not described");
    Caller caller(scenario);
    for (const bool permit : {false, true, false}) {
        require(isDone(applyOne(caller, write(scenario.known, scenario.slot, permit))),
                "a write to the known record is not applied");
        require(shownNow(caller, scenario) == (permit ? slot->showsPermit : slot->showsDeny),
                "what is read back is not what was written");
    }
}

void repeatsWithoutHarm(const Scenario& scenario) {
    Caller caller(scenario);
    const auto item = write(scenario.known, scenario.slot, false);
    require(isDone(applyOne(caller, item)), "a write to the known record is not applied");
    const auto once = shownNow(caller, scenario);
    require(isDone(applyOne(caller, item)), "the same write is not accepted a second time");
    require(shownNow(caller, scenario) == once, "the same write done twice changed something");
}

void answersEveryItem(const Scenario& scenario) {
    const auto known = write(scenario.known, scenario.slot, false);
    const auto unknown = write(scenario.unknown, scenario.slot, false);
    const ApplyCall call{{known, unknown, known}};
    const auto reply = Caller(scenario).ask<ApplyReply>(method::kApply, call);
    require(reply.outcomes.size() == 3,
            "apply of 3 items gives " + std::to_string(reply.outcomes.size()) + " outcomes");
    require(isDone(reply.outcomes[0].kind) && isDone(reply.outcomes[2].kind),
            "an unknown record in the batch keeps the known one from being written");
    require(reply.outcomes[1].kind == OutcomeKind::NotFound, "an unknown record is not not_found");
}

void admitsAnUnknownOutcome(const Scenario& scenario) {
    Caller caller(scenario);
    caller.setFault(Fault::LostAfterSending);
    const auto kind = applyOne(caller, write(scenario.known, scenario.slot, false));
    require(kind == OutcomeKind::Unknown || kind == OutcomeKind::Unchanged,
            "a write whose answer was lost (maybeSent) is not unknown");
}

void endsWhenCancelled(const Scenario& scenario) {
    Caller caller(scenario);
    caller.setFault(Fault::Cancelled);
    const auto reply = caller.raw(method::kPull, encode(PullRequest{}));
    require(reply.status == CONCORDAT_CANCELLED,
            "after the hub ended a pull, the connector does not let Cancelled pass through");
}

}  // namespace concordat::sdk::conformance
