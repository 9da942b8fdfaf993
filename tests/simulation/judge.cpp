// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/judge.h"

#include <algorithm>

namespace concordat::simulation {

namespace {

using consent::Decision;
using sdk::Shown;

constexpr EpochMs kMinute = 60'000;
constexpr auto kMissing = "missing";

bool restricts(const Event& event) {
    return event.decision == Decision::Refused || event.decision == Decision::Withdrawn ||
           event.decision == Decision::Objected || event.decision == Decision::Erased;
}

Verdict verdictOf(consent::Answer answer) {
    return answer == consent::Answer::Permit ? Verdict::Permit
           : answer == consent::Answer::Deny ? Verdict::Deny
                                             : Verdict::Unknown;
}

Verdict at(const Answers& answers, const Key& key) {
    const auto found = answers.find(key);
    return found == answers.end() ? Verdict::Unknown : found->second;
}

std::string nameOf(const Key& key) { return key.scope + "/" + key.purpose + "/" + key.channel; }

std::string shownText(Shown shown) {
    switch (shown) {
        case Shown::Permit:
            return "permit";
        case Shown::Deny:
            return "deny";
        case Shown::None:
            return "none";
        case Shown::Absent:
            return "absent";
    }
    return "";
}

std::string signatureOf(const sdk::Observation& observation) {
    std::string text = observation.deleted ? "deleted" : "";
    if (observation.mergedInto) text += ">" + observation.mergedInto->id;
    for (const auto& identifier : observation.identifiers) text += "|" + identifier.value;
    return text;
}

}  // namespace

Judge::Judge(const Scenario& scenario, Company& company, Truth& truth, FakeClock& clock)
    : scenario_(scenario), company_(company), truth_(truth), clock_(clock) {
    for (int system = 0; system < scenario.systems; ++system)
        systemNames_[system] = company.system(system).plan.name;
}

void Judge::accuse(const std::string& rule, const std::string& text, const std::string& subject) {
    if (violation) return;
    violation = Violation{rule, text, subject, -1, clock_.real()};
    const auto people = peopleOf(subject);
    if (!people.empty()) violation->person = *people.begin();
}

std::string Judge::words(int system, const sdk::RecordRef& ref, const std::string& slot) const {
    return systemNames_.at(system) + " " + ref.object + "/" + ref.id + " " + slot;
}

std::string Judge::subjectOf(int system, const sdk::RecordRef& ref) const {
    const auto found = ledger_.owner.find({systemNames_.at(system), ref});
    return found == ledger_.owner.end() ? "" : found->second;
}

std::string Judge::subjectOfPerson(int person) const {
    for (const auto& [name, owner] : company_.people) {
        if (owner != person) continue;
        if (const auto subject = subjectOf(name.first, name.second); !subject.empty())
            return subject;
    }
    for (const auto& [subject, points] : claimed_)
        if (points.contains("e:Email#" + Company::emailOf(person)) ||
            points.contains("e:#" + Company::emailOf(person)))
            return subject;
    return "";
}

std::set<int> Judge::peopleOf(const std::string& subject) const {
    std::set<int> people;
    for (const auto& [name, person] : company_.people) {
        const auto found = ledger_.owner.find({systemNames_.at(name.first), name.second});
        if (found != ledger_.owner.end() && found->second == subject) people.insert(person);
    }
    return people;
}

// ---------------------------------------------------------------- what the store holds

void Judge::served(int system, const sdk::RecordRef& ref, const sdk::Observation* observation) {
    const auto signature = observation ? signatureOf(*observation) : kMissing;
    auto& known = shown_[{system, ref}];
    if (known != signature) toLookAt_.insert({system, ref});
    known = signature;
    if (!observation) return;
    servedAt_[{system, ref}] = observation->askedAt;
    for (const auto& reading : observation->slots)
        firstSight_.try_emplace({system, ref, reading.slot}, observation->askedAt, reading.shown);
}

void Judge::noteRows(store::Reader& reader, std::set<std::string>& dirty) {
    // What was shown may still be on its way to the store.
    std::set<RowName> waiting;
    for (const auto& [system, ref] : toLookAt_) {
        const auto name = std::pair(systemNames_.at(system), ref);
        const auto record = reader.record(name.first, ref);
        auto& owner = ledger_.owner[name];
        if (!owner.empty()) {
            dirty.insert(owner);
            held_[owner].erase(name);
        }
        if (!record) {
            ledger_.owner.erase(name);
            if (servedAt_.contains({system, ref})) waiting.insert({system, ref});
            continue;
        }
        owner = record->subject;
        dirty.insert(owner);
        const bool isMissing = shown_[{system, ref}] == kMissing && !record->closed;
        if (isMissing || record->askedAt < servedAt_[{system, ref}]) waiting.insert({system, ref});
        if (record->closed || record->deleted) continue;
        for (const auto& point : record->points) held_[owner][name].insert(point.hash);
    }
    toLookAt_ = std::move(waiting);
}

std::set<std::string> Judge::concerned(const std::set<std::string>& dirty) const {
    auto all = dirty;
    const Rules rules(company_.policy, ledger_);
    for (const auto& subject : dirty)
        for (const auto& other : rules.joined(subject)) all.insert(other);
    std::set<std::string> points;
    for (const auto& subject : dirty) {
        if (const auto held = ledger_.points.find(subject); held != ledger_.points.end())
            points.insert(held->second.begin(), held->second.end());
        if (const auto events = ledger_.events.find(subject); events != ledger_.events.end())
            for (const auto& event : events->second)
                points.insert(event.points.begin(), event.points.end());
    }
    for (const auto& [subject, held] : ledger_.points)
        if (std::any_of(held.begin(), held.end(),
                        [&](const auto& point) { return points.contains(point); }))
            all.insert(subject);
    return all;
}

void Judge::look(store::Store& store, Moment now) {
    if (violation) return;
    std::set<std::string> dirty;
    store.read([&](store::Reader& reader) {
        for (bool more = true; more;) {
            const auto changes = reader.changesAfter(lastChange_, 500);
            more = changes.size() == 500;
            for (const auto& change : changes) {
                lastChange_ = change.sequence;
                if (!change.subject.empty()) dirty.insert(change.subject);
            }
        }
        noteRows(reader, dirty);
        if (dirty.empty()) return;
        subjects_.insert(dirty.begin(), dirty.end());
        fresh_.clear();
        for (const auto& subject : dirty) refresh(reader, subject, true);
        const auto all = concerned(dirty);
        for (const auto& subject : all) takeAnswers(subject, reader.effective(subject), now);
        for (const auto& subject : all) checkAnswers(subject, now);
        for (const auto& subject : all) checkTruth(subject, false);
        for (const auto& subject : all) watch(subject);
    });
}

void Judge::lookAnew(store::Store& store) {
    ledger_ = {};
    answers_.clear();
    past_.clear();
    held_.clear();
    claimed_.clear();
    lax_.clear();
    late_.clear();
    stops_.clear();
    started_.clear();
    fresh_.clear();
    shown_.clear();
    servedAt_.clear();  // of before; nothing of it is on its way any more
    toLookAt_.clear();
    lastChange_ = 0;
    std::set<std::string> known;
    store.read([&](store::Reader& reader) {
        for (const auto& [name, person] : company_.people) toLookAt_.insert(name);
        std::set<std::string> dirty;
        noteRows(reader, dirty);
        for (const auto& subject : subjects_)
            if (reader.subjectExists(subject)) dirty.insert(subject);
        for (const auto& change : reader.changesAfter(0, 1'000'000)) lastChange_ = change.sequence;
        subjects_ = dirty;
        for (const auto& subject : dirty) refresh(reader, subject, false);
        fresh_.clear();
        for (const auto& subject : dirty)
            for (const auto& row : reader.effective(subject))
                answers_[subject][row.key] = verdictOf(row.effective.answer);
    });
}

void Judge::refresh(store::Reader& reader, const std::string& subject, bool isNews) {
    takeEvents(subject, reader.events(subject), isNews);
    auto& points = ledger_.points[subject];
    points.clear();
    for (const auto& [name, hashes] : held_[subject]) points.insert(hashes.begin(), hashes.end());
    auto& claimed = claimed_[subject];
    claimed.clear();
    for (const auto& point : reader.claims(subject)) claimed.insert(point.hash);
    points.insert(claimed.begin(), claimed.end());
    for (const auto& point : points)
        if (const auto stone = reader.tombstone(point)) ledger_.tombstones[point] = stone->at;
}

void Judge::takeEvents(const std::string& subject, std::vector<Event> events, bool isNews) {
    auto& known = ledger_.events[subject];
    std::set<std::string> before;
    for (const auto& event : known) before.insert(event.id);
    std::size_t found = 0;
    for (const auto& event : events) {
        if (before.contains(event.id)) {
            ++found;
            continue;
        }
        fresh_[subject].push_back(event);
        checkEvent(event);
        // An old event of a slot knows nothing of what it shows since.
        if (isNews) noteKnown(event);
    }
    if (found != known.size())
        accuse("invariant 9: an event is gone", "an event of the ledger is not there any more",
               subject);
    known = std::move(events);
}

/// What a slot showed and the ledger has can not be lost any more.
void Judge::noteKnown(const Event& event) {
    if (!restricts(event) || !event.record || event.slotOnly) return;
    for (auto& said : truth_.all())
        if (said.no && said.state == Said::State::Standing && said.system >= 0 &&
            systemNames_.at(said.system) == event.system && said.ref == *event.record &&
            said.slot == event.slot)
            said.state = Said::State::Known;
}

/// What section 2 and section 5 say of every single event.
void Judge::checkEvent(const Event& event) {
    if (restricts(event) && event.time && event.time->at > event.observedAt)
        accuse("time: a restriction after it was seen",
               toString(Verdict::Deny) + " event counts later than it was observed", event.subject);
    if (event.decision == Decision::Granted && event.time &&
        event.time->at > event.observedAt + 11 * kMinute)
        accuse("time: a grant of the future", "a grant counts long after it was observed",
               event.subject);
    if (event.decision == Decision::Granted && event.slotOnly)
        accuse("table: a grant for one slot", "a grant is marked slotOnly", event.subject);
}

// ---------------------------------------------------------------- what follows from it

void Judge::takeAnswers(const std::string& subject,
                        const std::vector<store::EffectiveRow>& rows,
                        Moment now) {
    Answers after;
    for (const auto& row : rows) after[row.key] = verdictOf(row.effective.answer);
    auto& known = answers_[subject];
    if (known == after) return;
    checkStep(subject, known, after, now);
    auto& past = past_[subject];
    past.push_back({now.real, known});
    while (past.size() > 40) past.pop_front();
    known = std::move(after);
}

/// Properties: a restriction added never loosens; a merge never turns deny into anything else; an
/// unproven grant over a restriction changes nothing.
void Judge::checkStep(const std::string& subject,
                      const Answers& before,
                      const Answers& after,
                      Moment now) {
    const Rules rules(company_.policy, ledger_);
    std::vector<const Event*> added;
    for (const auto& other : rules.joined(subject))
        if (const auto found = fresh_.find(other); found != fresh_.end())
            for (const auto& event : found->second) added.push_back(&event);
    if (added.empty()) return;
    const auto all = [&](auto&& test) {
        return std::all_of(added.begin(), added.end(),
                           [&](const Event* event) { return test(*event); });
    };
    // What time alone changes is no business of the events added.
    std::optional<Ledger> without;
    const auto isByTime = [&](const Key& key, Verdict is) {
        if (!without) {
            without = ledger_;
            for (auto& [other, events] : without->events)
                std::erase_if(events, [&](const Event& event) {
                    const auto fresh = fresh_.find(other);
                    return fresh != fresh_.end() &&
                           std::any_of(fresh->second.begin(), fresh->second.end(),
                                       [&](const Event& one) { return one.id == event.id; });
                });
        }
        return Rules(company_.policy, *without).judge(subject, key, now.hub).verdict == is;
    };
    const bool onlyRestrictions = all([](const Event& event) { return restricts(event); });
    const bool onlyMerges = all(
        [](const Event& event) { return event.decision == Decision::Merged && !event.confirmed; });
    const auto onlyUnproven = [&](const Key& key) {
        return all([&](const Event& event) {
            return event.decision == Decision::Granted && !rules.isProven(event, key);
        });
    };
    for (const auto& key : company_.keys) {
        const auto was = at(before, key);
        const auto is = at(after, key);
        if (was == is || !(onlyRestrictions || onlyMerges || onlyUnproven(key))) continue;
        if (is != Verdict::Deny && isByTime(key, is)) continue;
        if (onlyRestrictions && ((was == Verdict::Deny && is != Verdict::Deny) ||
                                 (was == Verdict::Unknown && is == Verdict::Permit)))
            accuse("property: a restriction loosened",
                   "a restriction was added and " + nameOf(key) + " went from " + toString(was) +
                       " to " + toString(is),
                   subject);
        if (onlyMerges && was == Verdict::Deny && is != Verdict::Deny)
            accuse("property: a merge loosened",
                   "a merge turned " + nameOf(key) + " from deny to " + toString(is), subject);
        if (onlyUnproven(key) && was == Verdict::Deny && is != Verdict::Deny)
            accuse("property: an unproven grant loosened",
                   "an unproven grant turned " + nameOf(key) + " from deny to " + toString(is),
                   subject);
    }
}

/// The answers are those of the page (invariants 2, 8, 11 and section 4).
void Judge::checkAnswers(const std::string& subject, Moment now) {
    if (violation) return;
    const Rules rules(company_.policy, ledger_);
    ++checks;
    const auto judged = rules.judgeAll(subject, company_.keys, now.hub);
    const auto& hub = answers_[subject];
    std::optional<std::map<Key, Judgement>> earlier;
    for (const auto& [key, judgement] : judged) {
        const auto is = at(hub, key);
        if (is == judgement.verdict) continue;
        // Time alone may have changed it since the hub looked.
        if (!earlier) earlier = rules.judgeAll(subject, company_.keys, now.hub - 3 * kMinute);
        if (is == (*earlier)[key].verdict) continue;
        const bool isLax = is == Verdict::Permit || judgement.verdict == Verdict::Deny;
        accuse(std::string(isLax ? "rules: laxer than the page" : "rules: stricter than the page") +
                   " (rule " + std::to_string(judgement.rule) + ")",
               nameOf(key) + " is " + toString(is) + ", but by rule " +
                   std::to_string(judgement.rule) + " it is " + toString(judgement.verdict) + ": " +
                   judgement.why +
                   (judgement.event.empty() ? "" : " (event " + judgement.event + ")"),
               subject);
        return;
    }
}

/// What people really said (invariants 2 and 8).
void Judge::checkTruth(const std::string& subject, bool atRest) {
    if (violation) return;
    const auto people = peopleOf(subject);
    const std::int64_t slack = scenario_.exactClocks ? 0 : 25 * kMinute;
    for (const auto& [key, verdict] : answers_[subject]) {
        if (verdict != Verdict::Permit) continue;
        bool isGiven = people.empty();
        for (const auto person : people) {
            if (truth_.isTangled(person)) {
                isGiven = true;
                continue;
            }
            isGiven = isGiven || truth_.mayPermit(person, key);
            if (const auto* no = truth_.mustDeny(person, key, slack, atRest))
                accuse("invariant 2: a withdrawal is lost",
                       nameOf(key) + " is permitted, but person " + std::to_string(person) +
                           " said no at " + std::to_string(no->at) +
                           (no->system < 0 ? " to the hub"
                                           : " in " + words(no->system, no->ref, no->slot)) +
                           " and nothing with proof since",
                       subject);
        }
        if (!isGiven)
            accuse("invariant 2: a consent is invented",
                   nameOf(key) + " is permitted and nobody ever consented to it", subject);
    }
}

// ---------------------------------------------------------------- what the systems hold

std::set<Key> Judge::keysOfSlot(const consent::SlotRules& rules) const {
    return keysOf(company_.policy, rules.scope, rules.purposes, rules.channels);
}

std::optional<bool> Judge::wish(const System& system,
                                const consent::SlotRules& rules,
                                const Answers& answers) const {
    const auto keys = keysOfSlot(rules);
    bool isPermit = true;
    for (const auto& key : keys) {
        const auto verdict = at(answers, key);
        isPermit = isPermit && verdict == Verdict::Permit;
        if (verdict != Verdict::Deny) continue;
        const auto& slots = system.plan.slots;
        const bool hasNarrower = std::any_of(slots.begin(), slots.end(), [&](const auto& other) {
            const auto narrow = keysOfSlot(other);
            return narrow.size() < keys.size() && narrow.contains(key);
        });
        if (!hasNarrower) return false;
    }
    return isPermit ? std::optional(true) : std::nullopt;
}

bool Judge::isAllPermit(const consent::SlotRules& rules, const Answers& answers) const {
    const auto keys = keysOfSlot(rules);
    return std::all_of(keys.begin(), keys.end(),
                       [&](const auto& key) { return at(answers, key) == Verdict::Permit; });
}

bool Judge::mayLoosen(int system, const sdk::RecordRef& ref, const consent::SlotRules& rules) {
    const auto subject = subjectOf(system, ref);
    if (givenBack_.contains({system, ref})) return true;
    if (isAllPermit(rules, answers_[subject])) return true;
    // Planned before the last changes; it may start as long as its lease.
    for (const auto& past : past_[subject])
        if (past.until + company_.settings.leaseMs + kMinute >= clock_.real() &&
            isAllPermit(rules, past.answers))
            return true;
    return false;
}

void Judge::writeStarts(int system, const sdk::ApplyItem& item) {
    const auto subject = subjectOf(system, item.record);
    auto& newest = started_[{{system, item.record}, subject}];
    if (item.generation < newest)
        accuse("invariant 6: an old write is started",
               words(system, item.record, "") + ": generation " + std::to_string(item.generation) +
                   " after " + std::to_string(newest),
               subject);
    newest = std::max(newest, item.generation);
    checkStops(system, item);
    for (const auto& write : item.writes) {
        const auto* rules = company_.system(system).slot(write.slot);
        if (!rules || !write.permit) continue;
        if (!mayLoosen(system, item.record, *rules))
            accuse("invariant 3: a write loosens without a grant",
                   words(system, item.record, write.slot) + " is set to permit", subject);
        const auto sight = firstSight_.find({system, item.record, write.slot});
        const bool isKept = rules->absence == consent::Absence::Keep &&
                            sight != firstSight_.end() && sight->second.second == Shown::Absent;
        if (!isKept || givenBack_.contains({system, item.record})) continue;
        // Absence seen first: only a grant later than that sight may fill it.
        const Rules page(company_.policy, ledger_);
        for (const auto& key : keysOfSlot(*rules)) {
            bool later = false;
            for (const auto& member : page.joined(subject))
                for (const auto& event : ledger_.events[member])
                    later = later || (page.isProven(event, key) && event.time &&
                                      event.time->at + 25 * kMinute > sight->second.first);
            if (!later)
                accuse("table: an absence was overwritten",
                       words(system, item.record, write.slot) +
                           " was absent at first sight and is set to permit by an older grant",
                       subject);
        }
    }
}

void Judge::stopped(int system, bool all, bool isOn) {
    if (isOn) {
        stops_.try_emplace({system, all}, clock_.real());
    } else {
        stops_.erase({system, all});
    }
}

/// A pause holds every loosening write, a full stop every write; what was claimed before may start
/// as long as its lease.
void Judge::checkStops(int system, const sdk::ApplyItem& item) {
    const bool loosens = std::any_of(item.writes.begin(), item.writes.end(),
                                     [](const auto& write) { return write.permit; });
    for (const bool all : {false, true}) {
        const auto since = stops_.find({system, all});
        if (since == stops_.end() || !(all || loosens)) continue;
        if (clock_.real() < since->second + company_.settings.leaseMs) continue;
        accuse("stops: a write in spite of one",
               words(system, item.record, "") + (all ? " during a full stop" : " during a pause"),
               subjectOf(system, item.record));
    }
}

void Judge::committedLate(int system, const sdk::RecordRef& ref, const std::string& slot) {
    const auto& one = company_.system(system);
    late_[{system, ref, slot}] =
        clock_.real() + one.plan.commitDelayMs + one.slot(slot)->slot.settleMs + kMinute;
}

/// Invariant 6, second half.
void Judge::tickLate(Moment now) {
    for (auto late = late_.begin(); late != late_.end();) {
        const auto& [system, ref, slot] = late->first;
        auto& one = company_.system(system);
        const bool isExcused = one.troubledUntil() + 3 * kMinute > now.real ||
                               excusedUntil_[system] + 3 * kMinute > now.real ||
                               stops_.contains({system, true});
        if (isExcused) late->second = std::max(late->second, now.real + 2 * kMinute);
        if (!lax_.contains(late->first)) {
            late = late_.erase(late);
            continue;
        }
        if (now.real > late->second)
            return accuse("invariant 6: a late permit is not found",
                          words(system, ref, slot) +
                              " was set to permit by a write of ours that "
                              "committed late, and still shows it",
                          subjectOf(system, ref));
        ++late;
    }
}

void Judge::changed(int system, const sync::test::RowChange& change) {
    // "Deleted rows are read once": not where the system shows none of them.
    if (!company_.system(system).model->reportsDeletes)
        truth_.hide(system, change.after.ref, change.after.deleted);
    for (const auto& [slot, shown] : change.after.values) {
        const auto* rules = company_.system(system).slot(slot);
        if (!rules || shown == rules->slot.showsDeny || shown == Shown::Deny) continue;
        const auto before = change.before.values.find(slot);
        if (before != change.before.values.end() && before->second == shown) continue;
        if (change.byHub && company_.system(system).plan.conditionalWrites)
            for (const auto& said : truth_.all())
                if (said.no && said.state == Said::State::Standing && said.system == system &&
                    said.ref == change.after.ref && said.slot == slot)
                    accuse("invariant 2: a conditional write overwrote a no",
                           words(system, change.after.ref, slot) +
                               " showed a no that the hub had not seen",
                           subjectOf(system, change.after.ref));
        truth_.overwritten(system, change.after.ref, slot);
    }
    const auto subject = subjectOf(system, change.after.ref);
    if (!subject.empty()) watch(subject);
}

void Judge::watch(const std::string& subject) {
    for (const auto& [name, person] : company_.people) {
        const auto& [system, ref] = name;
        if (subjectOf(system, ref) != subject) continue;
        auto& one = company_.system(system);
        const auto& row = one.model->row(ref);
        for (const auto* rules : one.slotsOf(ref.object)) {
            const auto shown = row.values.at(rules->slot.id);
            const bool isDenied = shown == rules->slot.showsDeny || shown == Shown::Deny;
            const auto wanted = wish(one, *rules, answers_[subject]);
            const SlotName slot{system, ref, rules->slot.id};
            if (row.deleted || isDenied || wanted != std::optional(false)) {
                lax_.erase(slot);
            } else {
                lax_.try_emplace(slot, clock_.real());
            }
        }
    }
}

void Judge::excuse(int system) {
    excusedUntil_[system] = clock_.real();
    for (auto& [slot, since] : lax_)
        if (std::get<0>(slot) == system) since = clock_.real();
}

void Judge::excuseAll() {
    for (const auto& [system, name] : systemNames_) excuse(system);
}

/// Invariant 4.
void Judge::tick(store::Store& store, Moment now) {
    tickLate(now);
    for (auto& [name, since] : lax_) {
        const auto& [system, ref, slot] = name;
        auto& one = company_.system(system);
        const auto* rules = one.slot(slot);
        // A breaker that was open may rest for a minute more.
        if (one.troubledUntil() + 3 * kMinute + one.plan.commitDelayMs > now.real) since = now.real;
        std::optional<store::Record> record;
        bool isExcused = false;
        store.read([&](store::Reader& reader) {
            record = reader.record(one.plan.name, ref);
            if (!record) return;
            for (const auto& row : reader.targetRecords(record->subject, one.plan.name))
                if (row.ref == ref) isExcused = row.parked || row.retryAt > now.hub;
        });
        const consent::SlotShadow* shadow = nullptr;
        if (record)
            for (const auto& known : record->slots)
                if (known.slot == slot) shadow = &known;
        // What the hub has not seen yet is not accepted yet.
        const bool isUnseen = !shadow || shadow->seen == rules->slot.showsDeny || record->closed;
        if (isUnseen || isExcused) {
            since = now.real;
            continue;
        }
        if (now.real < since + kMinute + rules->slot.settleMs + 20'000) continue;
        accuse("invariant 4: laxer than the ledger for too long",
               words(system, ref, slot) + " shows " +
                   shownText(one.model->row(ref).values.at(slot)) + " for " +
                   std::to_string((now.real - since) / 1'000) + " s, the ledger denies",
               subjectOf(system, ref));
        return;
    }
}

/// Invariant 1 for one row, by reading it as the vendor holds it.
void Judge::checkRow(store::Reader& reader, int system, const sdk::RecordRef& ref, Moment) {
    auto& one = company_.system(system);
    const auto& row = one.model->row(ref);
    const auto subject = subjectOf(system, ref);
    if (row.deleted) return;
    if (subject.empty())
        return accuse("invariant 1: a row was never read", words(system, ref, ""), subject);
    bool isParked = false;
    for (const auto& target : reader.targetRecords(subject, one.plan.name))
        isParked = isParked || (target.ref == ref && target.parked && !target.reason.empty());
    for (const auto* rules : one.slotsOf(ref.object)) {
        const auto& slot = rules->slot;
        const auto shown = row.values.at(slot.id);
        const auto wanted = wish(one, *rules, answers_[subject]);
        if (!wanted || isParked) continue;
        const bool isDenied = shown == slot.showsDeny || shown == Shown::Deny;
        if (!*wanted && !isDenied)
            return accuse("invariant 1: a system permits what is denied",
                          words(system, ref, slot.id) + " shows " + shownText(shown), subject);
        const auto sight = firstSight_.find({system, ref, slot.id});
        const bool isKept = sight != firstSight_.end() && sight->second.second == Shown::Absent;
        const bool isTangled = truth_.isTangled(company_.personOf(system, ref));
        if (*wanted && shown != slot.showsPermit && !isKept && !isTangled)
            return accuse("invariant 1: a system denies what is permitted",
                          words(system, ref, slot.id) + " shows " + shownText(shown), subject);
    }
}

/// Invariant 2 at rest: whoever said no is denied wherever they have a row.
void Judge::checkKept() {
    const std::int64_t slack = scenario_.exactClocks ? 0 : 25 * kMinute;
    for (const auto& [name, person] : company_.people) {
        const auto subject = subjectOf(name.first, name.second);
        const bool isOpen = !company_.system(name.first).model->row(name.second).deleted;
        if (!isOpen || subject.empty() || truth_.isTangled(person)) continue;
        for (const auto& key : company_.keys) {
            if (at(answers_[subject], key) == Verdict::Deny) continue;
            if (const auto* no = truth_.mustDeny(person, key, slack, true))
                accuse("invariant 2: a withdrawal is forgotten",
                       nameOf(key) + " is " + toString(at(answers_[subject], key)) + " for " +
                           words(name.first, name.second, "") + ", but person " +
                           std::to_string(person) + " said no at " + std::to_string(no->at),
                       subject);
        }
    }
}

bool Judge::changesByTime(EpochMs from, EpochMs to) const {
    for (const auto& [code, purpose] : company_.policy.purposes)
        if (purpose.maximumAgeMs) return true;
    for (const auto& [subject, events] : ledger_.events)
        for (const auto& event : events)
            for (const auto& at : {event.validFrom, event.validTo})
                if (at && *at >= from && *at <= to) return true;
    return false;
}

void Judge::atRest(store::Store& store, Moment now) {
    if (violation) return;
    store.read([&](store::Reader& reader) {
        fresh_.clear();
        for (const auto& [name, person] : company_.people) toLookAt_.insert(name);
        std::set<std::string> dirty;
        noteRows(reader, dirty);
        subjects_.insert(dirty.begin(), dirty.end());
        for (const auto& subject : subjects_) refresh(reader, subject, true);
        for (const auto& subject : subjects_) takeAnswers(subject, reader.effective(subject), now);
        for (const auto& subject : subjects_) checkAnswers(subject, now);
        for (const auto& subject : subjects_) checkTruth(subject, true);
        for (const auto& [name, person] : company_.people)
            if (!violation) checkRow(reader, name.first, name.second, now);
        for (int system = 0; system < scenario_.systems; ++system)
            if (reader.webhookWaitsFor(systemNames_[system]))
                accuse("invariant 7: a webhook is left",
                       "a webhook of " + systemNames_[system] +
                           " is neither decided nor in quarantine",
                       "");
        checkKept();
        // Invariant 8.
        for (const auto& [name, person] : company_.people) {
            if (!truth_.isErased(person) || truth_.isTangled(person)) continue;
            const auto subject = subjectOf(name.first, name.second);
            for (const auto& key : company_.keys)
                if (!subject.empty() && at(answers_[subject], key) != Verdict::Deny &&
                    !truth_.mayPermit(person, key) &&
                    !company_.system(name.first).model->row(name.second).deleted)
                    accuse("invariant 8: an erased person is back",
                           nameOf(key) + " is " + toString(at(answers_[subject], key)), subject);
        }
    });
}

}  // namespace concordat::simulation
