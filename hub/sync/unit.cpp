// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/unit.h"

#include <algorithm>

#include "hub/sync/wanted.h"

namespace concordat::sync {

namespace {

const consent::Effective* rowOf(const Answers& answers, const consent::Key& key) {
    for (const auto& row : answers)
        if (row.key == key) return &row.effective;
    return nullptr;
}

bool hasRecordIn(const Book& book, const std::string& system) {
    return std::any_of(book.records.begin(), book.records.end(), [&](const auto& record) {
        return record.system == system && !record.closed;
    });
}

bool sameAnswers(const Answers& one, const Answers& other) {
    const auto contains = [](const Answers& rows, const store::EffectiveRow& row) {
        const auto* found = rowOf(rows, row.key);
        return found ? *found == row.effective : row.effective == consent::Effective{};
    };
    return std::all_of(one.begin(), one.end(),
                       [&](const auto& row) { return contains(other, row); }) &&
           std::all_of(other.begin(), other.end(),
                       [&](const auto& row) { return contains(one, row); });
}

}  // namespace

Unit::Unit(store::Writer& unit, Core& core)
    : store_(unit), core_(core), caps_(unit, core), now_(unit.observedAt(core.time.now())) {}

Book& Unit::load(const std::string& subject) {
    const auto found = books_.find(subject);
    if (found != books_.end()) return found->second;
    store_.lock(subject);
    auto& book = books_.emplace(subject, readBook(store_, subject)).first->second;
    if (book.group.size() > 1) joined_.insert(subject);
    return book;
}

const Book& Unit::book(const std::string& subject) {
    auto& book = load(subject);
    if (book.dirty) recompute(book, core_.plan.policy, now_);
    return book;
}

void Unit::append(consent::Event event, EpochMs acceptedAt) {
    if (event.id.empty()) event.id = store_.newId();
    if (event.observedAt == 0) event.observedAt = now_;
    load(event.subject);
    store_.append(event);
    core_.counters.add(&Counts::events);
    spread(event, acceptedAt);
}

void Unit::spread(const consent::Event& event, EpochMs acceptedAt) {
    touch(event.subject, acceptedAt);
    const auto take = [&](const std::string& subject) {
        const auto found = books_.find(subject);
        if (found == books_.end() || !found->second.group.contains(event.subject)) return;
        found->second.history.events.push_back(event);
        found->second.dirty = true;
    };
    take(event.subject);
    for (const auto& subject : joined_)
        if (subject != event.subject) take(subject);
    if (!consent::isRestriction(event.decision) && event.decision != consent::Decision::Voided)
        return;
    for (const auto& point : event.points)
        for (const auto& holder : store_.subjectsHolding(point)) {
            if (holder == event.subject) continue;
            touch(holder, acceptedAt);
            const auto found = books_.find(holder);
            if (found == books_.end() || found->second.group.contains(event.subject)) continue;
            auto& bound = found->second.history.pointEvents;
            if (std::none_of(bound.begin(), bound.end(),
                             [&](const auto& known) { return known.id == event.id; }))
                bound.push_back(event);
            found->second.dirty = true;
        }
}

void Unit::merge(const std::string& one, const std::string& other, consent::Event frame) {
    for (const auto& [subject, counterpart] : {std::pair{one, other}, std::pair{other, one}}) {
        auto event = frame;
        event.subject = subject;
        event.other = counterpart;
        append(event, now_);
    }
    books_.erase(one);
    books_.erase(other);
}

bool Unit::touch(const std::string& subject, EpochMs acceptedAt) {
    const auto [found, isNew] = touched_.try_emplace(subject, acceptedAt);
    if (!isNew) found->second = std::min(found->second, acceptedAt);
    return isNew;
}

void Unit::raise(const std::string& subject, const std::string& system, EpochMs acceptedAt) {
    touch(subject, acceptedAt);
    raised_.emplace(subject, system);
}

void Unit::put(const store::Record& record) {
    store_.put(record);
    note(record);
}

void Unit::note(const store::Record& record) {
    const auto found = books_.find(record.subject);
    if (found != books_.end()) take(store_, found->second, record);
}

void Unit::claim(const std::string& subject, const consent::Point& point) {
    store_.claim(subject, point);
    books_.erase(subject);  // who holds the address is bound by what binds it
}

std::string Unit::newSubject() {
    auto subject = store_.newSubject(now_);
    Book book;
    book.history.subject = subject;
    book.group = {subject};
    books_.emplace(subject, std::move(book));
    return subject;
}

void Unit::finish() {
    std::vector<std::string> waiting;
    for (const auto& [subject, acceptedAt] : touched_) waiting.push_back(subject);
    while (!waiting.empty()) {
        const auto subject = std::move(waiting.back());
        waiting.pop_back();
        const auto& group = load(subject).group;
        if (group.size() == 1) continue;
        // A merge's other side follows from the same events.
        for (const auto& joined : group)
            if (touch(joined, touched_.at(subject))) waiting.push_back(joined);
    }
    for (const auto& [subject, acceptedAt] : touched_) settle(subject, acceptedAt);
    caps_.save();
}

void Unit::settle(const std::string& subject, EpochMs acceptedAt) {
    const auto& current = book(subject);
    const bool isNews = !sameAnswers(current.stored, current.answers);
    if (isNews) noteFlips(current);
    for (const auto& plan : core_.plan.systems)
        if (mustRaise(current, plan, isNews)) raiseTarget(current, plan, acceptedAt);
    if (!isNews) return;
    recordExpiry(current);
    store_.putEffective(subject, current.answers);
}

void Unit::noteFlips(const Book& book) {
    for (const auto& row : book.answers) {
        const auto* old = rowOf(book.stored, row.key);
        if (!old || old->answer == row.effective.answer) continue;
        const auto name = book.history.subject + "|" + row.key.scope + "|" + row.key.purpose + "|" +
                          row.key.channel;
        if (!core_.fuse.flip(name, now_)) continue;
        for (const auto& record : book.records)
            core_.fuse.blow(book.history.subject + "|" + record.system, now_);
        store_.add(
            store::Incident{store_.newId(), "fuse", "", book.history.subject, now_, 0,
                            "A choice changed too often within an hour; it is only tightened "
                            "until that ends.",
                            "fuse/" + name});
    }
}

void Unit::recordExpiry(const Book& book) {
    for (const auto& row : book.answers) {
        if (row.effective.rule != 8 || row.effective.deciding.empty()) continue;
        const auto* old = rowOf(book.stored, row.key);
        if (old && old->rule == 8) continue;
        consent::Event expired;
        // One record for each grant and policy, however often it is noticed.
        expired.id = "EXP-" + row.effective.deciding.front() + "-" + core_.plan.policy.version;
        expired.subject = book.history.subject;
        expired.scope = row.key.scope;
        expired.purposes = {row.key.purpose};
        expired.channels = {row.key.channel};
        expired.decision = consent::Decision::Expired;
        expired.observedAt = now_;
        expired.names = row.effective.deciding;
        store_.append(expired);
    }
}

bool Unit::mustRaise(const Book& book, const SystemPlan& plan, bool isNews) const {
    if (!hasRecordIn(book, plan.name)) return false;
    return raised_.contains({book.history.subject, plan.name}) ||
           (isNews && changesWishes(book, plan));
}

bool Unit::changesWishes(const Book& book, const SystemPlan& plan) const {
    const auto& policy = core_.plan.policy;
    for (const auto& record : book.records) {
        if (record.system != plan.name || record.closed || record.deleted) continue;
        const auto old = wishes(plan, record, book.stored, book.history, policy);
        const auto now = wishes(plan, record, book.answers, book.history, policy);
        for (std::size_t at = 0; at < old.size(); ++at)
            if (old[at].wish != now[at].wish) return true;
    }
    return false;
}

void Unit::raiseTarget(const Book& book, const SystemPlan& plan, EpochMs acceptedAt) {
    bool needs = false;
    bool tightens = false;
    for (const auto& record : book.records) {
        if (record.system != plan.name) continue;
        for (const auto& need : needsOf(plan, record, book, core_.plan.policy)) {
            needs = true;
            tightens = tightens || !need.permit;
        }
    }
    auto target = store_.target(book.history.subject, plan.name);
    if (!needs && !target) return;
    if (!target) {
        target.emplace();
        target->subject = book.history.subject;
        target->system = plan.name;
    }
    ++target->generation;
    target->tightening = tightens;
    target->changedAt = acceptedAt;
    target->dueAt = needs ? now_ : 0;
    store_.put(*target);
    if (needs) woken_.insert(plan.name);
}

void inUnit(Core& core, const std::function<void(Unit&)>& work) {
    std::set<std::string> woken;
    core.store.write([&](store::Writer& writer) {
        Unit unit(writer, core);
        work(unit);
        unit.finish();
        woken = unit.woken();
    });
    if (core.wake)
        for (const auto& system : woken) core.wake(system);
}

}  // namespace concordat::sync
