// SPDX-License-Identifier: Apache-2.0
// What lanes say to vendors, with everything that can happen in between.

#include "hub/consent/error.h"
#include "tests/simulation/simulation.h"

namespace concordat::simulation {

namespace {

std::string shownText(const sdk::Observation& observation) {
    static const char* const kShown[] = {"permit", "deny", "none", "absent"};
    std::string text = "version " + std::to_string(observation.version);
    for (const auto& reading : observation.slots)
        text += ", " + reading.slot + " " + kShown[static_cast<int>(reading.shown)] +
                (reading.evidence ? " with evidence" : "");
    return text + (observation.deleted ? ", deleted" : "");
}

std::string writesText(const sdk::ApplyItem& item) {
    std::string text = "generation " + std::to_string(item.generation);
    for (const auto& write : item.writes)
        text += ", " + write.slot + (write.permit ? " to permit" : " to deny");
    return text;
}

const char* outcomeText(sdk::OutcomeKind kind) {
    static const char* const kNames[] = {"applied",  "unchanged", "conflict", "not found",
                                         "rejected", "retry",     "pending",  "unknown"};
    return kNames[static_cast<int>(kind)];
}

}  // namespace

ModelSystem& Line::model() { return *world_.company_.system(system_).model; }

sdk::Description Line::description() { return {}; }

void Line::learnSkew() {
    // As the gateway does it, from the Date header and the hub's clock.
    const auto skew = model().now() - node_.program->time.now();
    auto& known = node_.skew[static_cast<std::size_t>(system_)];
    if (skew - known > 1'500 || known - skew > 1'500)
        known = skew < 1'500 && skew > -1'500 ? 0 : skew;
}

void Line::shown(std::vector<sdk::Observation>& observations, EpochMs asked) {
    for (auto& observation : observations) {
        observation.askedAt = asked;
        world_.judge_.served(system_, observation.record, &observation);
        world_.trace(observation.record.id + shownText(observation));
        auto& last = lastShown_[observation.record];
        const auto text = shownText(observation);
        if (last != text)
            world_.log("hub " + std::to_string(node_.number + 1) + " reads " + text, system_,
                       observation.record);
        last = text;
    }
    learnSkew();
}

sdk::Check Line::check(const host::CallContext& context) { return model().check(context); }

sdk::Page Line::pull(const sdk::PullRequest& request, const host::CallContext& context) {
    const auto asked = node_.program->time.now();
    auto page = model().pull(request, context);
    shown(page.observations, asked);
    const bool overlaps = world_.overlapUntil_ > world_.real() && world_.dice_.chance(30);
    world_.pass(overlaps ? world_.dice_.between(10, 9'000) : world_.dice_.between(1, 4), &node_);
    if (node_.mustDie) throw Died{};
    return page;
}

sdk::ReadReply Line::read(const std::vector<sdk::RecordRef>& records,
                          const host::CallContext& context) {
    const auto asked = node_.program->time.now();
    auto reply = model().read(records, context);
    for (const auto& ref : reply.missing) world_.judge_.served(system_, ref, nullptr);
    shown(reply.observations, asked);
    const bool overlaps = world_.overlapUntil_ > world_.real() && world_.dice_.chance(30);
    world_.pass(overlaps ? world_.dice_.between(10, 9'000) : world_.dice_.between(1, 4), &node_);
    if (node_.mustDie) throw Died{};
    return reply;
}

sdk::ApplyReply Line::apply(const std::vector<sdk::ApplyItem>& items,
                            const host::CallContext& context) {
    const bool overlaps = world_.overlapUntil_ > world_.real() && world_.dice_.chance(50);
    const bool pauses = world_.pauseUntil_ > world_.real() && world_.dice_.chance(40);
    const bool before = world_.dice_.chance(50);
    const auto delay = [&](bool here) -> EpochMs {
        if (pauses && here) return world_.dice_.between(20'000, 150'000);
        return overlaps ? world_.dice_.between(10, 9'000) : world_.dice_.between(1, 4);
    };
    const auto stand = [&](bool here) {
        node_.isFrozen = pauses && here;
        world_.pass(delay(here), &node_);
        node_.isFrozen = false;
        if (node_.mustDie) throw Died{};
    };
    stand(before);
    sdk::ApplyReply reply;
    if (world_.clock_.monotonic() >= context.sendBefore) {
        sdk::Outcome outcome;
        outcome.kind = sdk::OutcomeKind::Retry;
        outcome.message = "the lease is over";
        reply.outcomes.assign(items.size(), outcome);
        world_.log("hub " + std::to_string(node_.number + 1) + " is too late to write", system_);
        return reply;
    }
    for (const auto& item : items) {
        world_.judge_.writeStarts(system_, item);
        world_.trace(item.record.id + writesText(item));
        world_.log("hub " + std::to_string(node_.number + 1) + " writes " + writesText(item),
                   system_, item.record);
    }
    reply = model().apply(items, context);
    const auto asked = node_.program->time.now();
    for (std::size_t at = 0; at < reply.outcomes.size(); ++at) {
        auto& outcome = reply.outcomes[at];
        world_.log(std::string("answer: ") + outcomeText(outcome.kind) + " " + outcome.message,
                   system_, items[at].record);
        if (outcome.observed) outcome.observed->askedAt = asked;
        if (outcome.kind == sdk::OutcomeKind::NotFound)
            world_.judge_.served(system_, items[at].record, nullptr);
    }
    learnSkew();
    stand(!before);
    return reply;
}

sdk::ApplyReply Line::pollApply(const std::string& token, const host::CallContext& context) {
    return model().pollApply(token, context);
}

sdk::WebhookNews Line::parseWebhook(const sdk::WebhookRequest& request,
                                    const host::CallContext& context) {
    return model().parseWebhook(request, context);
}

}  // namespace concordat::simulation
