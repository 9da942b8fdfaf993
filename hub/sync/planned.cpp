// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/planned.h"

#include <algorithm>

#include "hub/sync/deliveries.h"

namespace concordat::sync {

namespace {

constexpr EpochMs kWebhookHoldMs = 500;
constexpr auto kCannotWrite = "the system does not let this value be written";
constexpr auto kCannotLoosen = "the system does not let the hub write a permit here";

std::string textOf(const std::vector<Need>& needs) {
    std::string text;
    for (const auto& need : needs)
        text += (text.empty() ? "" : ",") + need.rules->slot.id +
                (need.permit ? "=permit" : "=deny");
    return text;
}

sdk::VendorTime vendorTime(EpochMs at) {
    sdk::VendorTime time;
    time.at = at;
    return time;
}

}  // namespace

struct Planner::Work {
    WritePlan& result;
    store::Target target;
    Book book;
    std::vector<store::TargetRecord> rows;
    store::TargetRecord* row = nullptr;  // of the record at hand
    EpochMs nextDue = 0;                 // 0: nothing is left to write
    bool isSending = false;

    void dueAt(EpochMs at) { nextDue = nextDue == 0 ? at : std::min(nextDue, at); }
};

Planner::Planner(Unit& unit, const SystemPlan& plan, bool mayLoosen)
    : unit_(unit),
      plan_(plan),
      whyNot_(whyNotLoosen(unit.store(), standing(unit.store(), plan.name))),
      mayLoosen_(mayLoosen),
      webhookWaits_(unit.store().webhookWaitsFor(plan.name)) {}

void Planner::add(const store::Target& target, WritePlan& result) {
    auto& store = unit_.store();
    Work work{result, target, {}, store.targetRecords(target.subject, plan_.name)};
    work.book.history.subject = target.subject;
    work.book.answers = store.effective(target.subject);
    work.book.records = store.recordsOf(target.subject, plan_.name);
    auto records = work.book.records;
    for (auto& record : records) addRecord(work, record);
    finish(work);
}

void Planner::addRecord(Work& work, store::Record& record) {
    if (record.closed || record.deleted) return;
    const auto found = std::find_if(work.rows.begin(), work.rows.end(), [&](const auto& row) {
        return row.ref == record.ref;
    });
    store::TargetRecord fresh;
    fresh.subject = work.target.subject;
    fresh.system = plan_.name;
    fresh.ref = record.ref;
    work.row = found == work.rows.end() ? &fresh : &*found;
    const bool isOldNews = work.row->sentGeneration >= work.target.generation;
    if (isOldNews && work.row->retryAt > unit_.now()) return;

    const bool mayPermit = std::any_of(plan_.slots.begin(), plan_.slots.end(), [&](const auto& rules) {
        return wantedValue(plan_, rules, work.book.answers, unit_.core().plan.policy) == true;
    });
    if (mayPermit && work.book.history.events.empty())
        work.book.history = readBook(unit_.store(), work.target.subject).history;
    std::vector<Need> tightening;
    std::vector<Need> loosening;
    for (const auto& need : needsOf(plan_, record, work.book, unit_.core().plan.policy))
        (need.permit ? loosening : tightening).push_back(need);
    if (!tightening.empty()) {
        tighten(work, record, tightening);
        // One write of ours at a time: the permit goes once this one was read back.
    } else if (!loosening.empty()) {
        loosen(work, record, loosening);
    } else if (!hasUnsettledWrite(record) && work.row != &fresh) {
        work.row->sentGeneration = work.target.generation;
        work.row->verifiedGeneration = work.target.generation;
        work.row->parked = false;
        work.row->retryAt = 0;
        unit_.store().put(*work.row);
    }
}

void Planner::tighten(Work& work, store::Record& record, const std::vector<Need>& needs) {
    const auto name = work.target.subject + "|" + plan_.name;
    const auto next = unit_.core().fuse.nextTightening(name, unit_.now());
    if (next > unit_.now()) {
        work.dueAt(next);
        return;
    }
    std::vector<Need> writable;
    std::copy_if(needs.begin(), needs.end(), std::back_inserter(writable), [](const Need& need) {
        return need.rules->slot.writable;
    });
    if (writable.empty()) {
        work.row->sentGeneration = work.target.generation;
        park(unit_, *work.row, kCannotWrite, true);
        unit_.store().put(*work.row);
        return;
    }
    work.result.tightening.push_back(start(work, record, writable));
}

void Planner::loosen(Work& work, store::Record& record, const std::vector<Need>& needs) {
    if (work.row->loosenedGeneration >= work.target.generation) return;
    std::vector<Need> possible;
    for (const auto& need : needs) {
        const auto& slot = need.rules->slot;
        const bool isSpent =
            slot.loosen == sdk::Loosen::Once && work.row->loosenedGeneration > 0;
        if (slot.writable && slot.loosen != sdk::Loosen::Never && !isSpent)
            possible.push_back(need);
    }
    if (possible.empty()) {
        work.row->sentGeneration = work.target.generation;
        work.row->loosenedGeneration = work.target.generation;
        park(unit_, *work.row, kCannotLoosen, false);
        work.row->retryAt = 0;
        unit_.store().put(*work.row);
        return;
    }
    for (const auto& need : possible)
        if (const auto until = heldUntil(work, record, need)) {
            work.dueAt(until);
            work.result.held.insert(work.target.subject);
            return;
        }
    if (!takeCaps(work, possible)) {
        work.dueAt(unit_.now() + unit_.core().plan.settings.holdMs);
        work.result.held.insert(work.target.subject);
        return;
    }
    work.row->loosenedGeneration = work.target.generation;
    work.result.loosening.push_back(start(work, record, possible));
}

EpochMs Planner::heldUntil(Work& work, const store::Record& record, const Need& need) {
    const auto& settings = unit_.core().plan.settings;
    if (!mayLoosen_) return unit_.now() + kWebhookHoldMs;
    if (!whyNot_.empty() || unit_.core().fuse.isBlown(work.target.subject + "|" + plan_.name,
                                                      unit_.now()))
        return unit_.now() + settings.holdMs;
    const bool isConditional = plan_.conditionalWrites && !need.rules->slot.lostUpdate;
    if (webhookWaits_ && !isConditional) return unit_.now() + kWebhookHoldMs;
    if (hasUnsettledWrite(record)) return unit_.now() + kWebhookHoldMs;
    return 0;
}

bool Planner::takeCaps(Work& work, const std::vector<Need>& needs) {
    for (const auto& need : needs)
        for (const auto& grant : grantsBehind(work, *need.rules))
            if (!unit_.caps().take(grant.system, CapKind::Loosening, unit_.now())) return false;
    return true;
}

Planned Planner::start(Work& work, store::Record& record, const std::vector<Need>& needs) {
    const auto now = unit_.now();
    Planned planned;
    planned.subject = work.target.subject;
    planned.fence = work.target.fence;
    planned.slots = textOf(needs);
    planned.item.record = record.ref;
    planned.item.generation = work.target.generation;
    // Of record and generation: whoever repeats this write finds the row that an earlier try made.
    planned.item.creationKey = plan_.name + "/" + nameOf(record.ref) + "/" +
                               std::to_string(work.target.generation);
    for (const auto& need : needs) {
        auto* shadow = shadowOf(record, need.rules->slot.id);
        planned.loosening = planned.loosening || need.permit;
        planned.mayCreate = planned.mayCreate || shadow->seen == sdk::Shown::Absent;
        planned.restores = planned.restores || (!need.permit && shadow->lastNotPermissiveAt > 0);
        planned.item.writes.push_back(
            {need.rules->slot.id,
             need.permit,
             need.permit ? evidenceFor(work, *need.rules) : std::nullopt});
        consent::Sent sent;
        sent.permit = need.permit;
        sent.generation = work.target.generation;
        sent.startedAt = now;
        sent.before = shadow->seen;
        shadow->sent = sent;
    }
    if (planned.loosening && plan_.conditionalWrites) planned.item.expectedVersion = record.version;
    record.writeBegan = now;
    record.writeEnded = 0;
    unit_.store().put(record);
    work.row->sentGeneration = work.target.generation;
    work.row->outcome = sdk::OutcomeKind::Unknown;
    work.row->parked = false;
    work.row->retryAt = 0;
    // If this program dies now, the record is read once nothing of this write can start any more.
    work.row->verifyAt = now + unit_.core().plan.settings.leaseMs + 1;
    unit_.store().put(*work.row);
    work.isSending = true;
    return planned;
}

std::vector<consent::Event> Planner::grantsBehind(Work& work, const consent::SlotRules& rules) {
    std::vector<consent::Event> grants;
    for (const auto& row : work.book.answers) {
        if (row.key.scope != rules.scope ||
            std::count(rules.purposes.begin(), rules.purposes.end(), row.key.purpose) == 0)
            continue;
        for (const auto& event : work.book.history.events)
            if (event.decision == consent::Decision::Granted &&
                std::count(row.effective.deciding.begin(),
                           row.effective.deciding.end(),
                           event.id) > 0)
                grants.push_back(event);
        if (!grants.empty()) return {grants.front()};
    }
    return grants;
}

std::optional<sdk::Evidence> Planner::evidenceFor(Work& work, const consent::SlotRules& rules) {
    if (!rules.slot.carriesEvidence) return std::nullopt;
    const auto grants = grantsBehind(work, rules);
    if (grants.empty() || !grants.front().proof) return std::nullopt;
    const auto& proof = *grants.front().proof;
    sdk::Evidence evidence;
    if (proof.capturedAt) evidence.capturedAt = vendorTime(*proof.capturedAt);
    if (proof.confirmedAt) evidence.confirmedAt = vendorTime(*proof.confirmedAt);
    evidence.source = proof.source;
    evidence.noticeId = proof.noticeId;
    evidence.method = proof.method;
    evidence.controller = grants.front().scope;
    if (grants.front().validFrom) evidence.validFrom = vendorTime(*grants.front().validFrom);
    if (grants.front().validTo) evidence.validTo = vendorTime(*grants.front().validTo);
    return evidence;
}

void Planner::finish(Work& work) {
    auto target = work.target;
    target.dueAt = work.nextDue;
    if (!work.isSending) {
        target.leaseOwner.clear();
        target.leaseUntil = 0;
    } else if (target.dueAt == 0) {
        // Stays due under its lease until the outcome is known.
        target.dueAt = target.leaseUntil;
    }
    unit_.store().put(target);
}

}  // namespace concordat::sync
