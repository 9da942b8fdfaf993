// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/planned.h"

#include <algorithm>

namespace concordat::sync {

namespace {

constexpr EpochMs kWebhookHoldMs = 500;

std::string textOf(const std::vector<Need>& needs) {
    std::string text;
    for (const auto& need : needs)
        text +=
            (text.empty() ? "" : ",") + need.rules->slot.id + (need.permit ? "=permit" : "=deny");
    return text;
}

sdk::VendorTime vendorTime(EpochMs at) {
    sdk::VendorTime time;
    time.at = at;
    return time;
}

const consent::Event* eventIn(const consent::History& history, const std::string& id) {
    for (const auto& event : history.events)
        if (event.id == id) return &event;
    return nullptr;
}

/// What the grant behind a permit can prove, for slots that hold it.
std::optional<sdk::Evidence> evidenceFor(const Need& need, const consent::History& history) {
    if (!need.permit || !need.rules->slot.carriesEvidence) return std::nullopt;
    const auto* grant = eventIn(history, need.grant);
    if (!grant || !grant->proof) return std::nullopt;
    const auto& proof = *grant->proof;
    sdk::Evidence evidence;
    if (proof.capturedAt) evidence.capturedAt = vendorTime(*proof.capturedAt);
    if (proof.confirmedAt) evidence.confirmedAt = vendorTime(*proof.confirmedAt);
    evidence.source = proof.source;
    evidence.noticeId = proof.noticeId;
    evidence.method = proof.method;
    evidence.controller = grant->scope;
    evidence.purposes = grant->purposes;
    evidence.channels = grant->channels;
    if (grant->validFrom) evidence.validFrom = vendorTime(*grant->validFrom);
    if (grant->validTo) evidence.validTo = vendorTime(*grant->validTo);
    return evidence;
}

bool areNested(const SystemPlan& plan, const consent::Policy& policy) {
    std::vector<std::vector<consent::Key>> covers;
    for (const auto& rules : plan.slots) covers.push_back(consent::coveredKeys(rules, policy));
    for (const auto& wide : covers)
        for (const auto& narrow : covers)
            if (narrow.size() < wide.size() && !narrow.empty() &&
                std::find(wide.begin(), wide.end(), narrow.front()) != wide.end())
                return true;
    return false;
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
    std::optional<std::vector<store::InboxItem>> inbox{};

    void dueAt(EpochMs at) { nextDue = nextDue == 0 ? at : std::min(nextDue, at); }
};

Planner::Planner(Unit& unit, const SystemPlan& plan, bool mayLoosen)
    : unit_(unit),
      plan_(plan),
      whyNot_(whyNotLoosen(unit.store(), standing(unit.store(), plan.name))),
      mayLoosen_(mayLoosen),
      webhookWaits_(unit.store().webhookWaitsFor(plan.name)),
      hasNestedSlots_(areNested(plan, unit.core().plan.policy)),
      toGiveBack_(toGiveBack(unit.store(), plan.name)) {}

void Planner::add(const store::Target& target, WritePlan& result) {
    auto& store = unit_.store();
    Work work{result, target, {}, store.targetRecords(target.subject, plan_.name)};
    work.book.history.subject = target.subject;
    work.book.answers = store.effective(target.subject);
    work.book.records = store.recordsOf(target.subject, plan_.name);
    if (needsHistory(work.book.answers))
        work.book.history = readBook(store, target.subject).history;
    auto records = work.book.records;
    for (auto& record : records) addRecord(work, record);
    finish(work);
}

void Planner::addRecord(Work& work, store::Record& record) {
    if (record.closed || record.deleted) return;
    const auto found = std::find_if(work.rows.begin(), work.rows.end(),
                                    [&](const auto& row) { return row.ref == record.ref; });
    store::TargetRecord fresh;
    fresh.subject = work.target.subject;
    fresh.system = plan_.name;
    fresh.ref = record.ref;
    work.row = found == work.rows.end() ? &fresh : &*found;
    const bool isOldNews = work.row->sentGeneration >= work.target.generation;
    if (isOldNews && work.row->retryAt > unit_.now()) return;

    // Its lane's lease is over, or this claim were not: nothing of that write can start any more.
    if (record.writeBegan > 0 && record.writeEnded == 0 && work.row->token.empty())
        record.writeEnded = unit_.now();

    std::vector<Need> tightening;
    std::vector<Need> loosening;
    for (const auto& need : needsOf(plan_, record, work.book, unit_.core().plan.policy))
        (need.permit ? loosening : tightening).push_back(need);
    if (!toGiveBack_.empty()) addGivenBack(record, work.book, loosening);
    if (!tightening.empty()) {
        tighten(work, record, tightening);
        // One write of ours at a time: the permit goes once this one was read back.
        if (!loosening.empty()) work.dueAt(unit_.now() + kWebhookHoldMs);
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
    work.result.tightening.push_back(start(work, record, needs));
}

void Planner::loosen(Work& work, store::Record& record, const std::vector<Need>& needs) {
    if (work.row->loosenedGeneration >= work.target.generation) return;
    const bool isSpent = work.row->loosenedGeneration > 0;
    std::vector<Need> possible;
    std::copy_if(needs.begin(), needs.end(), std::back_inserter(possible), [&](const Need& need) {
        return need.rules->slot.loosen == sdk::Loosen::Yes || !isSpent;
    });
    if (possible.empty()) return;
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
    if (!whyNot_.empty() ||
        unit_.core().fuse.isBlown(work.target.subject + "|" + plan_.name, unit_.now()))
        return unit_.now() + settings.holdMs;
    const bool isConditional = plan_.conditionalWrites && !need.rules->slot.lostUpdate;
    if (webhookWaits_ && !isConditional) return unit_.now() + kWebhookHoldMs;
    if (hasUnsettledWrite(record)) return unit_.now() + kWebhookHoldMs;
    return 0;
}

bool Planner::takeCaps(Work& work, const std::vector<Need>& needs) {
    for (const auto& need : needs) {
        const auto* grant = eventIn(work.book.history, need.grant);
        if (grant && !unit_.caps().take(grant->system, CapKind::Loosening, unit_.now()))
            return false;
    }
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
    planned.item.creationKey =
        plan_.name + "/" + nameOf(record.ref) + "/" + std::to_string(work.target.generation);
    for (const auto& need : needs) {
        auto* shadow = shadowOf(record, need.rules->slot.id);
        planned.loosening = planned.loosening || need.permit;
        planned.mayCreate = planned.mayCreate || shadow->seen == sdk::Shown::Absent;
        planned.restores = planned.restores || (!need.permit && wasUndone(work, record, need));
        planned.item.writes.push_back(
            {need.rules->slot.id, need.permit, evidenceFor(need, work.book.history)});
        consent::Sent sent;
        sent.permit = need.permit;
        sent.generation = work.target.generation;
        sent.startedAt = now;
        *shadow = consent::withWrite(std::move(*shadow), sent);
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

void Planner::addGivenBack(const store::Record& record,
                           const Book& book,
                           std::vector<Need>& loosening) {
    for (const auto& rules : plan_.slots) {
        const auto name = nameOf(record.ref) + "/" + rules.slot.id;
        if (rules.slot.object != record.ref.object || !toGiveBack_.contains(name)) continue;
        gaveBack(unit_.store(), plan_.name, name);
        const auto& policy = unit_.core().plan.policy;
        const auto keys = consent::coveredKeys(rules, policy);
        const bool isDenied = std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
            return answerOf(book.answers, key) == consent::Answer::Deny;
        });
        if (!isDenied) loosening.push_back({&rules, true, ""});
    }
}

/// True if somebody took back what the slot showed, and a candidate of theirs is in the inbox.
bool Planner::wasUndone(Work& work, const store::Record& record, const Need& need) {
    if (!work.inbox) work.inbox = unit_.store().inboxOf(work.target.subject);
    const auto name = candidateName(plan_.name, record.ref, need.rules->slot.id);
    return std::any_of(work.inbox->begin(), work.inbox->end(),
                       [&](const auto& item) { return item.closedAt == 0 && item.dedupe == name; });
}

bool Planner::needsHistory(const Answers& answers) const {
    return hasNestedSlots_ || std::any_of(answers.begin(), answers.end(), [](const auto& row) {
               return row.effective.answer == consent::Answer::Permit;
           });
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
