// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/apply.h"

#include <algorithm>

#include "plugins/sellsy/requests.h"

namespace concordat::plugins::sellsy {
namespace {

using sdk::outcome;
using sdk::OutcomeKind;

bool isIn(const std::vector<std::string>& members, std::string_view member) {
    return std::find(members.begin(), members.end(), member) != members.end();
}

/// True if the record neither shows nor stores anything else than `permit` for the channel.
bool alreadyHolds(const Record& now, const Kind& kind, const Channel& channel, bool permit) {
    if (now.members && isIn(*now.members, channel.member) != permit) return false;
    const std::string slot = std::string(kind.object) + "." + std::string(channel.slot);
    for (const auto& reading : now.seen.slots)
        if (reading.slot == slot) return (reading.shown == sdk::Shown::Permit) == permit;
    return false;
}

}  // namespace

ReadItem wishOf(const sdk::ApplyItem& item, const std::vector<const Kind*>& kinds) {
    Wish wish;
    wish.kind = kindNamed(item.record.object);
    if (!wish.kind || std::find(kinds.begin(), kinds.end(), wish.kind) == kinds.end())
        return {std::nullopt, "this system has no object of that name; see the setting objects"};
    for (const auto& write : item.writes) {
        const Channel* channel = channelOf(*wish.kind, write.slot);
        if (!channel) return {std::nullopt, "the record has no slot of that name"};
        wish.permit[channel] = write.permit;
        if (write.permit) wish.expectedVersion = item.expectedVersion;
    }
    return {wish, ""};
}

Step stepFor(const Wish& wish, const Record& now, bool wholeSet) {
    Step step;
    // A permit rests on what the hub read. If the record moved on, only what tightens is written.
    const bool moved = wish.expectedVersion != 0 && now.seen.version != wish.expectedVersion;
    step.outcome = outcome(moved ? OutcomeKind::Conflict : OutcomeKind::Unchanged);
    step.outcome->observed = now.seen;
    step.members = now.members.value_or(std::vector<std::string>{});
    for (const auto& [channel, permit] : wish.permit) {
        if ((permit && moved) || alreadyHolds(now, *wish.kind, *channel, permit)) continue;
        step.permit[channel] = permit;
        std::erase(step.members, channel->member);
        if (permit) step.members.emplace_back(channel->member);
    }
    step.writes = !step.permit.empty();
    if (step.writes && wholeSet && !now.members) {
        step.writes = false;
        if (now.isSetUnreadable) {
            step.outcome =
                outcome(OutcomeKind::Retry, "Sellsy's reply holds a set of channels that is none");
            return step;
        }
        step.outcome = outcome(OutcomeKind::Rejected,
                               "Sellsy's reply lacks the set of channels, so it cannot be written "
                               "without touching the others");
    }
    return step;
}

}  // namespace concordat::plugins::sellsy
