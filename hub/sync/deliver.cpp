// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/deliver.h"

#include <algorithm>

#include "hub/consent/error.h"
#include "hub/sync/deliveries.h"

namespace concordat::sync {

namespace {

constexpr std::int64_t kPollAfterMs = 5'000;

bool isWithoutReply(const sdk::Outcome& outcome) {
    return outcome.kind == sdk::OutcomeKind::Unknown || outcome.kind == sdk::OutcomeKind::Retry;
}

void forgetSent(store::Record& record) {
    for (auto& shadow : record.slots)
        if (shadow.sent && !shadow.sent->settled) shadow.sent.reset();
}

}  // namespace

Deliverer::Deliverer(Core& core,
                     const SystemPlan& plan,
                     host::Connector& connector,
                     Observer& observer)
    : core_(core),
      plan_(plan),
      connector_(connector),
      observer_(observer),
      owner_(core.plan.settings.node + "/" + plan.name) {}

host::CallContext Deliverer::context(host::Priority priority,
                                     std::chrono::steady_clock::time_point sendBefore) const {
    host::CallContext context;
    context.priority = priority;
    context.sendBefore = sendBefore;
    return context;
}

/// Claiming is a write, which costs a commit even when nothing is due.
bool Deliverer::isAnythingDue() {
    std::optional<EpochMs> next;
    core_.store.read([&](store::Reader& reader) { next = reader.nextDue(plan_.name); });
    return next && *next <= core_.time.now();
}

StepResult Deliverer::deliver(bool mayLoosen) {
    if (!isAnythingDue()) return {};
    const auto& settings = core_.plan.settings;
    const auto sendBefore = core_.time.monotonic() +
                            std::chrono::milliseconds(settings.leaseMs - settings.sendMarginMs);
    const auto limit = std::min(settings.claimLimit, std::max(1, plan_.applyBatch));
    WritePlan writes;
    std::size_t claimed = 0;
    inUnit(core_, [&](Unit& unit) {
        writes = WritePlan{};
        const auto state = standing(unit.store(), plan_.name);
        if (!state.isOpen() || state.isFullyStopped(unit.now())) return;
        Planner planner(unit, plan_, mayLoosen);
        const auto targets = unit.store().claimDue(plan_.name, owner_, unit.now(),
                                                   unit.now() + settings.leaseMs, limit);
        claimed = targets.size();
        for (const auto& target : targets) planner.add(target, writes);
    });
    held_.insert(writes.held.begin(), writes.held.end());
    const auto first = send(writes.tightening, host::Priority::Tightening, sendBefore);
    const auto second = send(writes.loosening, host::Priority::Consent, sendBefore);
    return {static_cast<int>(claimed), first.failed || second.failed,
            first.called || second.called};
}

StepResult Deliverer::send(const std::vector<Planned>& batch,
                           host::Priority priority,
                           std::chrono::steady_clock::time_point sendBefore) {
    StepResult result;
    const auto size = static_cast<std::size_t>(std::max(1, plan_.applyBatch));
    for (std::size_t from = 0; from < batch.size(); from += size) {
        const std::vector<Planned> part(
            batch.begin() + static_cast<std::ptrdiff_t>(from),
            batch.begin() + static_cast<std::ptrdiff_t>(std::min(batch.size(), from + size)));
        std::vector<sdk::ApplyItem> items;
        for (const auto& planned : part) items.push_back(planned.item);
        auto frame = context(priority, sendBefore);
        frame.mayProbe = priority == host::Priority::Tightening;
        auto reply = connector_.apply(items, frame);
        // An answer of the wrong length says nothing about any of them.
        if (reply.outcomes.size() != part.size())
            reply.outcomes.assign(part.size(), sdk::Outcome{});
        inUnit(core_, [&](Unit& unit) {
            for (std::size_t at = 0; at < part.size(); ++at)
                settle(unit, part[at], reply.outcomes[at]);
        });
        result.called = true;
        result.done += static_cast<int>(part.size());
        result.failed = result.failed ||
                        std::all_of(reply.outcomes.begin(), reply.outcomes.end(), isWithoutReply);
        leaveNotes(part, reply);
    }
    return result;
}

void Deliverer::probe() {
    connector_.check(context(host::Priority::Read, std::chrono::steady_clock::time_point::max()));
}

/// A job asked for again holds no lease.
bool Deliverer::isHolder(Unit& unit, const Planned& planned) const {
    const auto target = unit.store().target(planned.subject, plan_.name);
    return planned.fence == 0 || !target || target->fence == planned.fence;
}

void Deliverer::settle(Unit& unit, const Planned& planned, const sdk::Outcome& outcome) {
    auto& store = unit.store();
    auto record = store.record(plan_.name, planned.item.record);
    // A lease that ended may have given the same generation to another lane: only the holder's
    // result counts, else the read-back tells. tests/model/lease.pml shows what would come of it.
    if (!record || !isHolder(unit, planned)) return;
    for (auto row : store.targetRecords(planned.subject, plan_.name)) {
        if (row.ref != planned.item.record) continue;
        // Somebody else writes this record since: an old result changes nothing.
        if (row.sentGeneration != planned.item.generation) break;
        take(unit, planned, outcome, *record, row);
        store.put(row);
        store.put(*record);
    }
    release(unit, planned);
    if (!outcome.observed) return;
    Seen seen;
    Sighting sighting{*outcome.observed, Source::Reply, 0, true, ""};
    sighting.observation.askedAt = unit.now() + 1;  // after the write that it answers
    observer_.observeOne(unit, sighting, seen);
}

void Deliverer::take(Unit& unit,
                     const Planned& planned,
                     const sdk::Outcome& outcome,
                     store::Record& record,
                     store::TargetRecord& row) {
    const auto now = unit.now();
    row.outcome = outcome.kind;
    row.verifyAt = now + 1;  // what is read in the same millisecond proves nothing
    record.writeEnded = now;
    switch (outcome.kind) {
        case sdk::OutcomeKind::Applied:
        case sdk::OutcomeKind::Unchanged:
            for (auto& shadow : record.slots)
                if (shadow.sent && !shadow.sent->settled)
                    shadow = consent::withAcknowledgement(
                        std::move(shadow), now, outcome.observed ? outcome.observed->version : 0);
            addDelivery(unit, row, planned.restores ? "restored" : "accepted", planned.slots, "");
            return;
        case sdk::OutcomeKind::Conflict:
            forgetSent(record);
            row.loosenedGeneration = 0;  // nothing was written: it may be sent once more
            addDelivery(unit, row, "retry", planned.slots, "the record had changed");
            return;
        case sdk::OutcomeKind::NotFound:
            addDelivery(unit, row, "gone", planned.slots, "");
            observer_.gone(unit, planned.item.record);
            record.closed = true;
            forgetSent(record);
            row.verifyAt = 0;
            return;
        case sdk::OutcomeKind::Rejected:
            forgetSent(record);
            row.loosenedGeneration = 0;
            park(unit, row, outcome.message, !planned.loosening);
            return;
        case sdk::OutcomeKind::Retry:
            forgetSent(record);
            row.loosenedGeneration = 0;
            row.verifyAt = 0;
            row.retryAt =
                now + std::max(outcome.retryAfterMs,
                               backoffMs(core_.plan.settings, row.attempts, core_.random));
            ++row.attempts;
            addDelivery(unit, row, "retry", planned.slots, outcome.message);
            return;
        case sdk::OutcomeKind::Pending:
            record.writeEnded = 0;
            row.token = outcome.token;
            row.verifyAt = now + (outcome.retryAfterMs > 0 ? outcome.retryAfterMs : kPollAfterMs);
            addDelivery(unit, row, "sent", planned.slots, "");
            return;
        case sdk::OutcomeKind::Unknown:
            takeUnknown(unit, planned, row);
            return;
    }
}

void Deliverer::takeUnknown(Unit& unit, const Planned& planned, store::TargetRecord& row) {
    addDelivery(unit, row, "unknown", planned.slots, "");
    if (planned.loosening) return;  // sent once; the read-back says what became of it
    const auto pause =
        row.attempts == 0 ? 0 : backoffMs(core_.plan.settings, row.attempts, core_.random);
    ++row.attempts;
    row.retryAt = unit.now() + (planned.mayCreate ? std::max(plan_.commitDelayMs, pause) : pause);
}

void Deliverer::release(Unit& unit, const Planned& planned) {
    auto target = unit.store().target(planned.subject, plan_.name);
    if (!target || target->fence != planned.fence || target->leaseOwner != owner_) return;
    // A target raised meanwhile is due at once; one whose only due time was its lease is done.
    if (target->generation == planned.item.generation && target->dueAt == target->leaseUntil)
        target->dueAt = 0;
    target->leaseOwner.clear();
    target->leaseUntil = 0;
    unit.store().put(*target);
}

void Deliverer::leaveNotes(const std::vector<Planned>& batch, const sdk::ApplyReply& reply) {
    if (!plan_.notes) return;
    for (std::size_t at = 0; at < batch.size(); ++at) {
        if (!batch[at].restores || reply.outcomes[at].kind != sdk::OutcomeKind::Applied) continue;
        connector_.note(
            batch[at].item.record, noteFor(batch[at]),
            context(host::Priority::Sweep, std::chrono::steady_clock::time_point::max()));
    }
}

}  // namespace concordat::sync
