// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/observe.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/sync/link.h"
#include "hub/sync/standing.h"
#include "hub/sync/verification.h"
#include "hub/sync/wanted.h"

namespace concordat::sync {

namespace {

std::string textOf(consent::CandidateKind kind) {
    switch (kind) {
        case consent::CandidateKind::BarePermit:
            return "bare_permit";
        case consent::CandidateKind::OptOutCleared:
            return "opt_out_cleared";
        case consent::CandidateKind::UnprovenOverRestriction:
            return "unproven_over_restriction";
    }
    return "";
}

/// Who comes back under an address is known again, with everything they said.
void keepPoints(Unit& unit, const store::Record& record) {
    for (const auto& point : record.points)
        if (mayLink(point)) unit.claim(record.subject, point);
}

const consent::SlotRules* rulesOf(const SystemPlan& plan, const sdk::SlotReading& reading) {
    for (const auto& rules : plan.slots)
        if (rules.slot.id == reading.slot) return &rules;
    return nullptr;
}

}  // namespace

struct Observer::Look {
    Unit& unit;
    const Sighting& sighting;
    const sdk::Observation& observation;
    EpochMs acceptedAt;
    std::optional<store::Record> before;
    store::Record record;
    bool regressed = false;
    bool mustRaise = false;
    bool touched = false;
    bool isLaxer = false;  // than wanted, and as it was at the last sighting
    WriteCheck check;
    consent::RecordView view;  // of all its slots
};

Seen Observer::observe(const std::vector<Sighting>& sightings,
                       const std::function<void(Unit&)>& last) {
    const auto perUnit = static_cast<std::size_t>(std::max(1, core_.plan.settings.recordsPerUnit));
    Seen seen;
    std::size_t from = 0;
    do {
        const auto to = std::min(sightings.size(), from + perUnit);
        Seen ofUnit;
        inUnit(core_, [&](Unit& unit) {
            ofUnit = Seen{};
            for (auto at = from; at < to; ++at) observeOne(unit, sightings[at], ofUnit);
            const bool isComplete = seen.readAgain.empty() && seen.deferred.empty() &&
                                    ofUnit.readAgain.empty() && ofUnit.deferred.empty();
            if (last && to == sightings.size() && isComplete) last(unit);
        });
        core_.counters.add(&Counts::observations, static_cast<std::int64_t>(to - from));
        std::move(ofUnit.readAgain.begin(), ofUnit.readAgain.end(),
                  std::back_inserter(seen.readAgain));
        std::move(ofUnit.needed.begin(), ofUnit.needed.end(), std::back_inserter(seen.needed));
        std::move(ofUnit.deferred.begin(), ofUnit.deferred.end(),
                  std::back_inserter(seen.deferred));
        from = to;
    } while (from < sightings.size());
    return seen;
}

void Observer::observeOne(Unit& unit, const Sighting& sighting, Seen& seen) {
    const auto& observation = sighting.observation;
    Look look{unit,
              sighting,
              observation,
              sighting.acceptedAt ? sighting.acceptedAt : unit.now(),
              unit.store().record(plan_.name, observation.record),
              {},
              false,
              false,
              false,
              false,
              {},
              {}};
    if (sighting.source == Source::Webhook && !look.before) return;
    if (!isUsable(look, seen) || waitsForOthers(look, seen)) return;
    identify(look);
    // When a reply's reading was made is not known, only that the write had begun.
    look.check.asOf =
        sighting.source == Source::Reply ? look.record.writeBegan : look.record.askedAt;
    if (look.regressed) countRegression(look);
    observeSlots(look);
    checkWrites(unit, plan_, look.record, look.check, sighting.source == Source::ReadBack);
    unit.put(look.record);
    if (observation.mergedInto) followMerge(look);
    if (look.mustRaise || (look.isLaxer && !isWaiting(look)))
        unit.raise(look.record.subject, plan_.name, look.acceptedAt);
}

bool Observer::isUsable(Look& look, Seen& seen) {
    if (!look.before) return true;
    auto& record = *look.before;
    const auto now = look.unit.now();
    const bool isUnderWay = record.writeBegan > 0 && record.writeEnded == 0;
    if (isUnderWay && record.writeBegan + core_.plan.settings.leaseMs > now) return false;
    // The write's lane died; its lease is over and nothing of it can start any more.
    if (isUnderWay)
        record.writeEnded = std::min(now, record.writeBegan + core_.plan.settings.leaseMs);
    const auto freshness =
        consent::freshness(record.version, record.writeBegan, record.writeEnded, look.observation);
    if (freshness == consent::Freshness::Fresh) return true;
    core_.counters.add(&Counts::staleReads);
    if (look.sighting.source == Source::Webhook) return false;
    if (!look.sighting.lastChance) {
        seen.readAgain.push_back(look.observation.record);
        return false;
    }
    // Read a second time: what is older now is older for good. A write of ours since then brings
    // its own read-back.
    look.regressed = freshness == consent::Freshness::Older;
    return look.regressed;
}

bool Observer::waitsForOthers(const Look& look, Seen& seen) {
    if (look.sighting.lastChance) return false;
    bool waits = false;
    for (const auto& other : {look.observation.person, look.observation.mergedInto}) {
        if (!other || look.unit.store().record(plan_.name, *other)) continue;
        seen.needed.push_back(*other);
        waits = true;
    }
    if (waits) seen.deferred.push_back(look.sighting);
    return waits;
}

void Observer::identify(Look& look) {
    const auto& observation = look.observation;
    auto& record = look.record;
    if (look.before) record = *look.before;
    record.system = plan_.name;
    record.ref = observation.record;
    if (look.sighting.source == Source::Webhook) return;
    record.organisation = observation.organisation;
    record.person = observation.person;
    record.mergedInto = observation.mergedInto;
    record.version = observation.version;
    record.askedAt = observation.askedAt;
    const bool wasOpen = look.before && !look.before->closed && !look.before->deleted;
    record.closed = false;
    record.deleted = observation.deleted || observation.mergedInto;
    // A deleted row often comes without its fields; it keeps the points it had.
    if (!record.deleted || !observation.identifiers.empty())
        record.points = pointsOf(core_, plan_.region, observation.identifiers);
    if (!look.before) {
        link(look.unit, record);
    } else if (record.points != look.before->points) {
        linkAgain(look.unit, record);
        look.touched = true;
    }
    const bool isOpen = !record.deleted;
    look.mustRaise = wasOpen != isOpen || look.touched;
    if (look.before && look.before->subject != record.subject)
        look.unit.raise(look.before->subject, plan_.name, look.acceptedAt);
    if (wasOpen && record.deleted) keepPoints(look.unit, record);
    if (look.touched || (look.before && look.mustRaise) || !record.candidates.empty()) {
        look.unit.put(record);
    } else if (!look.before) {
        look.unit.note(record);
    }
}

/// True if a write of this record is under way or waits for its time: seeing once more that it is
/// needed changes nothing.
bool Observer::isWaiting(const Look& look) const {
    auto& store = look.unit.store();
    const auto target = store.target(look.record.subject, plan_.name);
    if (target && target->dueAt > 0) return true;
    const auto rows = store.targetRecords(look.record.subject, plan_.name);
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
        return row.ref == look.record.ref && (row.retryAt > 0 || row.verifyAt > 0 || row.parked);
    });
}

void Observer::followMerge(Look& look) {
    const auto winner = look.unit.store().record(plan_.name, *look.observation.mergedInto);
    if (!winner || winner->subject == look.record.subject) return;
    const auto& book = look.unit.book(look.record.subject);
    if (book.group.contains(winner->subject)) return;
    consent::Event event;
    event.decision = consent::Decision::Merged;
    event.scope = plan_.scope;
    event.time = consent::EventTime{look.unit.now(), "hub:" + core_.plan.settings.node, 0};
    event.system = plan_.name;
    event.record = look.record.ref;
    event.actor = look.observation.actor;
    event.causation = look.sighting.causation;
    event.reason = "records merged in " + plan_.name;
    look.unit.merge(look.record.subject, winner->subject, event);
    suggestMerge(look.unit, look.record.subject, winner->subject, *winner);
}

void Observer::observeSlots(Look& look) {
    if (!look.observation.slots.empty()) look.view = viewOf(look);
    for (const auto& reading : look.observation.slots) {
        const auto* rules = rulesOf(plan_, reading);
        if (!rules) continue;
        const bool mayTightenOnly = look.sighting.source == Source::Webhook;
        if (mayTightenOnly && laxness(rules->slot, reading.shown) > 0) continue;
        observeSlot(look, *rules, reading);
    }
    if (look.record.deleted) takeHeld(look);
}

/// A row that is gone cannot be read again once a person lets its withdrawal pass: then what it
/// showed while it was there counts, unless it showed something else since.
void Observer::takeHeld(Look& look) {
    const auto held = heldReadings(look.unit.store(), plan_.name, look.record.ref);
    if (held.empty()) return;
    look.view = viewOf(look);
    look.view.deletedOrMerged = false;
    const auto& now = look.observation.slots;
    for (const auto& reading : held) {
        const auto* rules = rulesOf(plan_, reading);
        const bool isAnswered = std::any_of(now.begin(), now.end(), [&](const auto& other) {
            return other.slot == reading.slot &&
                   (other.shown == sdk::Shown::Permit || other.shown == sdk::Shown::Deny);
        });
        if (rules && !isAnswered) observeSlot(look, *rules, reading);
    }
}

void Observer::observeSlot(Look& look,
                           const consent::SlotRules& rules,
                           const sdk::SlotReading& reading) {
    auto* known = shadowOf(look.record, rules.slot.id);
    std::optional<consent::SlotShadow> shadow;
    if (known) shadow = *known;
    const auto& book = look.unit.book(look.record.subject);
    const auto context = consent::contextOf(rules, book.answers, book.history, core_.plan.policy);
    auto result =
        consent::observeSlot(rules, look.view, shadow, reading, context, core_.plan.policy);
    if (result.event && result.inferred &&
        !look.unit.caps().take(plan_.name, CapKind::Inferred, look.unit.now())) {
        holdBack(look.unit.store(), plan_.name, look.record.ref, reading);
        return;
    }
    const bool wasWaiting = shadow && shadow->sent && !shadow->sent->settled;
    if (wasWaiting && result.verified) {
        ++look.check.verified;
        look.check.slots += (look.check.slots.empty() ? "" : ",") + rules.slot.id +
                            (shadow->sent->permit ? "=permit" : "=deny");
    } else if (wasWaiting && result.shadow.sent) {
        ++look.check.unchanged;
    } else if (wasWaiting) {
        ++look.check.other;
    }
    const bool isChanged = !shadow || shadow->seen != result.shadow.seen || result.event;
    const auto remembered = consent::withoutSettled(result.shadow, look.check.asOf,
                                                    rules.slot.settleMs + plan_.commitDelayMs);
    if (known) {
        *known = remembered;
    } else {
        look.record.slots.push_back(remembered);
    }
    look.mustRaise = look.mustRaise || (result.due && isChanged);
    look.isLaxer = look.isLaxer || (result.due && !isChanged && look.check.unchanged == 0);
    if (result.due && look.sighting.source == Source::Sweep) core_.counters.add(&Counts::drifts);
    if (result.event) record(look, std::move(*result.event));
    if (result.candidate) ask(look, rules, *result.candidate, result.explanation);
}

consent::RecordView Observer::viewOf(const Look& look) {
    consent::RecordView view;
    view.system = plan_.name;
    view.subject = look.record.subject;
    view.connectorVersion = plan_.connectorVersion;
    view.causation = look.sighting.causation;
    view.observation = look.observation;
    view.observation.slots.clear();
    for (const auto& point : look.record.points) view.points.push_back(point.hash);
    view.observedAt = look.unit.now();
    view.skewMs = skewMs_;
    view.firstSight = !look.before;
    view.deletedOrMerged = look.record.deleted;
    view.regression = look.regressed;
    return view;
}

void Observer::record(Look& look, consent::Event event) {
    const bool restricts = consent::isRestriction(event.decision);
    if (restricts) look.unit.caps().take(plan_.name, CapKind::Explicit, look.unit.now());
    std::vector<consent::Event> copies;
    if (restricts) copies.assign(look.record.candidates.size(), event);
    look.unit.append(std::move(event), look.acceptedAt);
    auto candidate = look.record.candidates.begin();
    for (auto& copy : copies) {
        copy.subject = *candidate++;
        copy.reason = "the record may be theirs";
        look.unit.append(std::move(copy), look.acceptedAt);
    }
}

void Observer::ask(Look& look,
                   const consent::SlotRules& rules,
                   consent::CandidateKind kind,
                   const std::string& explanation) {
    store::InboxItem item;
    item.id = look.unit.store().newId();
    item.kind = "candidate";
    item.subject = look.record.subject;
    item.system = plan_.name;
    item.ref = look.record.ref;
    item.dedupe = candidateName(plan_.name, look.record.ref, rules.slot.id);
    item.createdAt = look.unit.now();
    item.document = nlohmann::json{{"what", textOf(kind)},       {"slot", rules.slot.id},
                                   {"scope", rules.scope},       {"purposes", rules.purposes},
                                   {"channels", rules.channels}, {"text", explanation}}
                        .dump();
    look.unit.store().add(item);
    const auto name = look.record.subject + "|" + plan_.name;
    if (!core_.fuse.flip(name, look.unit.now())) return;
    look.unit.store().add(store::Incident{
        look.unit.store().newId(), "fuse", plan_.name, look.record.subject, look.unit.now(), 0,
        "Something in " + plan_.name +
            " keeps undoing what the hub restores; it is restored "
            "once a minute.",
        "fuse/" + name});
}

void Observer::countRegression(Look& look) {
    const auto now = look.unit.now();
    if (regressionsFrom_ + kHourMs <= now) {
        regressionsFrom_ = now;
        regressions_ = 0;
    }
    if (++regressions_ != core_.plan.settings.regressionCap + 1) return;
    auto state = standing(look.unit.store(), plan_.name);
    state.regressed = true;
    put(look.unit.store(), state);
    const auto text =
        "Many records of " + plan_.name +
        " went back in time: was it restored from a backup? Nothing is loosened there "
        "until a person resumes it.";
    look.unit.store().add(store::Incident{look.unit.store().newId(), "restored_system", plan_.name,
                                          "", now, 0, text, "restored/" + plan_.name});
}

void Observer::takeHeldOfGone(Unit& unit, store::Record& record) {
    sdk::Observation nothing;
    nothing.record = record.ref;
    nothing.version = record.version;
    nothing.askedAt = unit.now();
    const Sighting sighting{nothing, Source::Read, unit.now(), true, ""};
    Look look{unit,       sighting, sighting.observation,
              unit.now(), record,   record,
              false,      false,    false,
              false,      {},       {}};
    takeHeld(look);
    record = look.record;
    unit.put(record);
}

void Observer::gone(Unit& unit, const sdk::RecordRef& ref) {
    auto record = unit.store().record(plan_.name, ref);
    if (!record) return;
    if (!heldReadings(unit.store(), plan_.name, ref).empty()) takeHeldOfGone(unit, *record);
    if (record->closed) return;
    record->closed = true;
    keepPoints(unit, *record);
    if (record->writeBegan > 0 && record->writeEnded == 0) record->writeEnded = unit.now();
    for (auto& shadow : record->slots) shadow.sent.reset();
    for (auto row : unit.store().targetRecords(record->subject, plan_.name)) {
        if (row.ref != ref) continue;
        row.outcome = sdk::OutcomeKind::NotFound;
        row.verifyAt = 0;
        row.retryAt = 0;
        row.parked = false;
        row.token.clear();
        unit.store().put(row);
    }
    unit.put(*record);
    unit.raise(record->subject, plan_.name, unit.now());
}

}  // namespace concordat::sync
