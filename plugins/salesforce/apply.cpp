// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/apply.h"

#include <algorithm>

namespace concordat::plugins::salesforce {
namespace {

using sdk::outcome;
using sdk::OutcomeKind;

constexpr std::int64_t kLockedMs = 2'000;

/// Why a record cannot be written at all; no outcome if it can.
std::optional<sdk::Outcome> obstacleOf(const Row& now) {
    std::optional<sdk::Outcome> found;
    if (now.seen.deleted)
        found = outcome(OutcomeKind::NotFound, now.seen.mergedInto
                                                   ? "the record was merged into another one"
                                                   : "the record is in the recycle bin");
    else if (isSet(now.raw, "IsConverted"))
        found = outcome(OutcomeKind::NotFound,
                        "the lead was converted and is read-only; its contact counts");
    if (found) found->observed = now.seen;
    return found;
}

/// Person accounts are written through their account; the contact is a view of it.
std::optional<Patch> targetOf(const Row& now, bool personAccount) {
    Patch patch{now.seen.record.object, now.seen.record.id, {}, std::nullopt};
    if (!personAccount) return patch;
    patch.type = "Account";
    patch.id = fullId(textOf(member(now.raw, "AccountId")));
    if (patch.id.empty()) return std::nullopt;
    return patch;
}

std::string hiddenField(const Flag& flag) {
    return std::string(flag.object) + "." + std::string(flag.field) +
           " is not visible or not editable for the user: check field-level security";
}

}  // namespace

sdk::Outcome rejected(std::string words) {
    return outcome(OutcomeKind::Rejected, std::move(words));
}

ReadItem wishOf(const sdk::ApplyItem& item, const Settings& settings) {
    Wish wish;
    wish.kind = kindNamed(item.record.object);
    if (!wish.kind || wish.kind == &kConsent || !takesPart(settings, *wish.kind))
        return {std::nullopt, "this system has no object of that name; see the setting objects"};
    wish.creationKey = item.creationKey;
    for (const auto& write : item.writes) {
        const Flag* flag = flagOf(*wish.kind, write.slot);
        const bool mayHold = wish.kind == &kIndividual && takesPart(settings, kConsent);
        const PointType* point = mayHold ? pointTypeOf(write.slot) : nullptr;
        if (!flag && !point) return {std::nullopt, "the record has no slot of that name"};
        const bool isProven =
            write.evidence && write.evidence->capturedAt && !write.evidence->source.empty();
        if (point && write.permit && !isProven)
            return {std::nullopt,
                    "a consent is written with its proof, and this one does not say when and "
                    "where it was given"};
        if (flag) wish.permit[flag] = write.permit;
        if (point) wish.consents[point] = write;
        if (write.permit) wish.expectedVersion = item.expectedVersion;
    }
    return {wish, ""};
}

void merge(Wish& into, const Wish& later) {
    into.kind = later.kind;
    for (const auto& [flag, permit] : later.permit) into.permit[flag] = permit;
    for (const auto& [point, write] : later.consents) into.consents[point] = write;
    if (later.expectedVersion != 0) into.expectedVersion = later.expectedVersion;
    if (!later.creationKey.empty()) into.creationKey = later.creationKey;
}

Step stepFor(const Wish& wish, const Row& now, const Shape& shape, sdk::EpochMs before) {
    Step step;
    if (const auto obstacle = obstacleOf(now)) {
        step.outcome = *obstacle;
        return step;
    }
    // A permit rests on what the hub read. If the record moved on, only what tightens is written.
    const bool moved = wish.expectedVersion != 0 && now.seen.version != wish.expectedVersion;
    const bool personAccount = isSet(now.raw, "IsPersonAccount");
    auto patch = targetOf(now, personAccount);
    if (!patch) {
        step.outcome =
            rejected("the contact is a person account whose account the user cannot see");
        return step;
    }
    step.outcome = outcome(moved ? OutcomeKind::Conflict : OutcomeKind::Unchanged);
    step.outcome.observed = now.seen;
    for (const auto& [flag, permit] : wish.permit) {
        const auto field = shape.fields.find(flag->field);
        const bool writable =
            field != shape.fields.end() && (field->second.updateable || personAccount);
        if (!writable) {
            step.outcome = rejected(hiddenField(*flag));
            return step;
        }
        if (permit && moved) continue;
        if (member(now.raw, flag->field) == nlohmann::json(!permit)) continue;
        patch->flags[std::string(personAccount ? flag->personField : flag->field)] = !permit;
        step.loosens = step.loosens || permit;
    }
    if (patch->flags.empty()) return step;
    // Whole seconds on both sides: the second before our look at the record lets any later change
    // be noticed, and the record's own time must pass.
    if (step.loosens)
        patch->unmodifiedSince = std::max(now.seen.version, before > 0 ? before - 1'000 : 0);
    step.patch = std::move(patch);
    return step;
}

sdk::Outcome outcomeOf(const Answer& answer, std::uint64_t random) {
    auto made = sdk::outcomeOf(answer);
    // Those who met at one row must not meet again.
    if (answer.ending == Ending::Locked)
        made.retryAfterMs = kLockedMs + static_cast<std::int64_t>(random % 3'000);
    return made;
}

}  // namespace concordat::plugins::salesforce
