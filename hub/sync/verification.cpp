// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/verification.h"

#include <algorithm>
#include <optional>

#include "hub/sync/deliveries.h"
#include "hub/sync/wanted.h"

namespace concordat::sync {

namespace {

constexpr EpochMs kFirstLookMs = 100;

std::optional<store::TargetRecord> rowOf(Unit& unit,
                                         const std::string& system,
                                         const store::Record& record) {
    for (auto& row : unit.store().targetRecords(record.subject, system))
        if (row.ref == record.ref) return row;
    return std::nullopt;
}

/// Until when a write of ours into this record may stay invisible.
EpochMs settledAt(const SystemPlan& plan, const store::Record& record, bool unknownOutcome) {
    EpochMs end = 0;
    for (const auto& rules : plan.slots) {
        const auto* shadow = shadowOf(record, rules.slot.id);
        if (!shadow || !shadow->sent || shadow->sent->settled) continue;
        const auto delay = unknownOutcome ? std::max(rules.slot.settleMs, plan.commitDelayMs)
                                          : rules.slot.settleMs;
        end = std::max(end, std::max(shadow->sent->startedAt, record.writeEnded) + delay);
    }
    return end;
}

void lookAgain(Unit& unit, store::TargetRecord& row, EpochMs settled) {
    const auto pause = kFirstLookMs << std::min(row.attempts, 10);
    row.verifyAt = std::min(unit.now() + pause, std::max(settled, unit.now() + kFirstLookMs));
    ++row.attempts;
}

/// The settle time is over and the system still shows the earlier value.
void didNotHold(Unit& unit, store::Record& record, store::TargetRecord& row) {
    bool wasPermit = false;
    bool wasAnswered = row.outcome != sdk::OutcomeKind::Unknown;
    for (auto& shadow : record.slots) {
        if (!shadow.sent || shadow.sent->settled) continue;
        wasPermit = wasPermit || shadow.sent->permit;
        wasAnswered = wasAnswered || shadow.sent->finishedAt != 0;
        shadow.sent.reset();
    }
    row.verifyAt = 0;
    // Nobody answered, it cannot commit any more, and the record's version is the one before it:
    // the write never arrived and nobody decided against it, so it may be sent once more.
    const bool neverArrived = !wasAnswered && record.version != 0;
    if (wasPermit && neverArrived) row.loosenedGeneration = 0;
    if (wasPermit && !neverArrived) {
        park(unit, row, "the system did not keep the permit", false);
        return;
    }
    row.retryAt =
        unit.now() + backoffMs(unit.core().plan.settings, row.attempts++, unit.core().random);
    addDelivery(unit, row, "retry", "", "the system does not show the write");
    if (!wasPermit && row.attempts == unit.core().plan.settings.fuseFlips)
        reportStuckWithdrawal(unit, row, "the system does not keep the withdrawal");
}

/// Until when an older or unacknowledged write of ours may still appear; 0: none can.
EpochMs commitsUntil(const SystemPlan& plan,
                     const store::Record& record,
                     const store::TargetRecord& row) {
    EpochMs until = 0;
    if (row.outcome == sdk::OutcomeKind::Unknown)
        until = std::max(record.writeBegan, record.writeEnded) + plan.commitDelayMs;
    for (const auto& rules : plan.slots) {
        const auto* shadow = shadowOf(record, rules.slot.id);
        if (shadow && shadow->earlier)
            until = std::max(until,
                             shadow->earlier->startedAt + plan.commitDelayMs + rules.slot.settleMs);
    }
    return until;
}

void verified(Unit& unit, store::TargetRecord& row, const WriteCheck& check, EpochMs commits) {
    row.verifiedGeneration = std::max(row.verifiedGeneration, row.sentGeneration);
    row.attempts = 0;
    row.parked = false;
    row.retryAt = 0;
    row.reason.clear();
    const bool mayCommitLate = commits > check.asOf;
    row.verifyAt = mayCommitLate ? commits : 0;
    if (!mayCommitLate) row.outcome = sdk::OutcomeKind::Applied;
    addDelivery(unit, row, "verified", check.slots, "");
    unit.store().resolveIncidents(stuckName(row), unit.now());
}

}  // namespace

void checkWrites(Unit& unit,
                 const SystemPlan& plan,
                 store::Record& record,
                 const WriteCheck& check,
                 bool wasReadBack) {
    const bool wasWaiting = check.verified + check.unchanged + check.other > 0;
    if (!wasWaiting && !wasReadBack) return;
    auto row = rowOf(unit, plan.name, record);
    if (!row) return;
    const bool isUnknown = row->outcome == sdk::OutcomeKind::Unknown;
    if (check.unchanged > 0) {
        if (!wasReadBack) return;
        const auto settled = settledAt(plan, record, isUnknown);
        if (check.asOf < settled) {
            lookAgain(unit, *row, settled);
        } else {
            didNotHold(unit, record, *row);
        }
    } else if (check.verified > 0) {
        verified(unit, *row, check, commitsUntil(plan, record, *row));
    } else {
        // Nothing of ours is left to wait for: a conflict was read again, or the table took over.
        const auto commits = commitsUntil(plan, record, *row);
        row->verifyAt = commits > check.asOf ? commits : 0;
        if (isUnknown && !wasWaiting && row->verifyAt == 0)
            row->outcome = sdk::OutcomeKind::Applied;
        if (row->outcome == sdk::OutcomeKind::Conflict || check.other > 0)
            unit.raise(record.subject, plan.name, unit.now());
    }
    unit.store().put(*row);
}

}  // namespace concordat::sync
