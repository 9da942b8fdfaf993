// SPDX-License-Identifier: Apache-2.0
// The verifying half of Deliverer.
#include <algorithm>
#include <set>

#include "hub/consent/explain.h"
#include "hub/sync/deliver.h"

namespace concordat::sync {

StepResult Deliverer::verify() {
    const auto now = core_.time.now();
    std::vector<store::TargetRecord> rows;
    bool isOpen = false;
    core_.store.read([&](store::Reader& reader) {
        const auto state = standing(reader, plan_.name);
        isOpen = state.isOpen();
        if (isOpen) rows = reader.recordsToVerify(plan_.name, now, std::max(1, plan_.readBatch));
    });
    if (rows.empty() || !isOpen) return {};
    std::vector<store::TargetRecord> jobs;
    std::vector<sdk::RecordRef> refs;
    for (const auto& row : rows) {
        if (row.verifyAt == 0 || row.verifyAt > now) continue;
        if (row.token.empty()) {
            refs.push_back(row.ref);
        } else {
            jobs.push_back(row);
        }
    }
    if (!jobs.empty()) pollJobs(jobs);
    if (!refs.empty()) readBack(refs);
    makeDue(rows);
    return {static_cast<int>(rows.size()), false, !jobs.empty() || !refs.empty()};
}

void Deliverer::readBack(const std::vector<sdk::RecordRef>& refs) {
    const auto reply = connector_.read(
        refs, context(host::Priority::Read, std::chrono::steady_clock::time_point::max()));
    std::vector<Sighting> sightings;
    for (const auto& observation : reply.observations)
        sightings.push_back(
            {observation, Source::ReadBack, 0, staleReads_.erase(observation.record) > 0, ""});
    auto seen = observer_.observe(sightings);
    const std::set<sdk::RecordRef> stale(seen.readAgain.begin(), seen.readAgain.end());
    std::set<sdk::RecordRef> later(refs.begin(), refs.end());
    for (const auto& observation : reply.observations) later.erase(observation.record);
    later.insert(stale.begin(), stale.end());
    for (const auto& ref : reply.missing) later.erase(ref);
    if (reply.missing.empty() && later.empty()) return;
    inUnit(core_, [&](Unit& unit) {
        for (const auto& ref : reply.missing) observer_.gone(unit, ref);
        for (const auto& ref : later) lookLater(unit, ref, stale.contains(ref));
    });
}

void Deliverer::lookLater(Unit& unit, const sdk::RecordRef& ref, bool isStale) {
    const auto record = unit.store().record(plan_.name, ref);
    if (!record) return;
    for (auto row : unit.store().targetRecords(record->subject, plan_.name)) {
        if (row.ref != ref) continue;
        row.verifyAt = unit.now() + backoffMs(core_.plan.settings, row.attempts, core_.random);
        ++row.attempts;
        unit.store().put(row);
    }
    // A replica that stays behind longer than a write may take is a regression, not a delay.
    EpochMs settleMs = 0;
    for (const auto& rules : plan_.slots) settleMs = std::max(settleMs, rules.slot.settleMs);
    if (isStale && unit.now() > record->writeEnded + settleMs) staleReads_.insert(ref);
}

void Deliverer::pollJobs(const std::vector<store::TargetRecord>& rows) {
    std::set<std::string> tokens;
    for (const auto& row : rows) tokens.insert(row.token);
    for (const auto& token : tokens) {
        const auto reply = connector_.pollApply(
            token, context(host::Priority::Consent, std::chrono::steady_clock::time_point::max()));
        std::vector<store::TargetRecord> ofJob;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(ofJob),
                     [&](const auto& row) { return row.token == token; });
        inUnit(core_, [&](Unit& unit) {
            for (std::size_t at = 0; at < ofJob.size(); ++at) {
                // Several records of one job in another number than asked: the read-back tells.
                sdk::Outcome outcome;
                if (reply.outcomes.size() == ofJob.size()) outcome = reply.outcomes[at];
                if (reply.outcomes.size() == 1) outcome = reply.outcomes.front();
                settleJob(unit, ofJob[at], outcome);
            }
        });
    }
}

void Deliverer::settleJob(Unit& unit, const store::TargetRecord& row, const sdk::Outcome& outcome) {
    auto record = unit.store().record(plan_.name, row.ref);
    if (!record) return;
    Planned planned;
    planned.subject = row.subject;
    planned.item.record = row.ref;
    planned.item.generation = row.sentGeneration;
    for (const auto& shadow : record->slots)
        if (shadow.sent && !shadow.sent->settled) {
            planned.loosening = planned.loosening || shadow.sent->permit;
            planned.slots += (planned.slots.empty() ? "" : ",") + shadow.slot +
                             (shadow.sent->permit ? "=permit" : "=deny");
        }
    auto current = row;
    if (outcome.kind != sdk::OutcomeKind::Pending) current.token.clear();
    unit.store().put(current);
    settle(unit, planned, outcome);
}

void Deliverer::makeDue(const std::vector<store::TargetRecord>& rows) {
    std::set<std::string> subjects;
    for (const auto& row : rows)
        if (row.retryAt > 0) subjects.insert(row.subject);
    if (subjects.empty()) return;
    inUnit(core_, [&](Unit& unit) {
        for (const auto& subject : subjects) {
            bool isDue = false;
            for (auto row : unit.store().targetRecords(subject, plan_.name)) {
                if (row.retryAt == 0 || row.retryAt > unit.now()) continue;
                row.retryAt = 0;
                unit.store().put(row);
                isDue = true;
            }
            auto target = unit.store().target(subject, plan_.name);
            if (!isDue || !target) continue;
            target->dueAt = unit.now();
            unit.store().put(*target);
        }
    });
}

void Deliverer::releaseHeld() {
    if (held_.empty()) return;
    inUnit(core_, [&](Unit& unit) {
        for (const auto& subject : held_) {
            auto target = unit.store().target(subject, plan_.name);
            if (!target || target->dueAt == 0) continue;
            target->dueAt = unit.now();
            unit.store().put(*target);
        }
    });
    held_.clear();
}

std::string Deliverer::noteFor(const Planned& planned) {
    std::string text = "Consent was restored to what the ledger holds (" + planned.slots + ").";
    core_.store.read([&](store::Reader& reader) {
        for (const auto& row : reader.effective(planned.subject)) {
            if (row.effective.answer != consent::Answer::Deny || row.effective.deciding.empty())
                continue;
            const auto event = reader.event(row.effective.deciding.front());
            if (!event) continue;
            text = "The person's choice was " + consent::toString(event->decision) + " on " +
                   consent::dateText(event->time ? event->time->at : event->observedAt) + " in " +
                   (event->system.empty() ? "the consent hub" : event->system) + "; " +
                   planned.slots +
                   " was therefore restored. If there is a newer consent, add its proof in the "
                   "hub's inbox.";
            return;
        }
    });
    return text;
}

}  // namespace concordat::sync
