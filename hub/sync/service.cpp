// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/service.h"

#include <algorithm>

#include "hub/consent/explain.h"
#include "hub/sync/link.h"

namespace concordat::sync {

namespace {

int strictness(consent::Answer answer) {
    switch (answer) {
        case consent::Answer::Deny:
            return 2;
        case consent::Answer::Unknown:
            return 1;
        case consent::Answer::Permit:
            return 0;
    }
    return 2;
}

consent::Effective rowFor(const Answers& answers, const consent::Key& key) {
    for (const auto& row : answers)
        if (row.key == key) return row.effective;
    consent::Effective nothing;
    nothing.reason = "nothing is known";
    return nothing;
}

sdk::Identifier identifierFrom(const std::string& text) {
    const bool isEmail = text.find('@') != std::string::npos;
    return {isEmail ? sdk::IdentifierKind::Email : sdk::IdentifierKind::Phone, text, ""};
}

}  // namespace

Service::Service(Surroundings surroundings)
    : time_(surroundings.clock, surroundings.store),
      fuse_(surroundings.plan.settings.fuseFlips),
      core_{surroundings.store,
            surroundings.plan,
            time_,
            surroundings.random,
            counters_,
            fuse_,
            surroundings.pointHash,
            surroundings.keyId,
            [this](const std::string& system) {
                Wake wake;
                {
                    const std::lock_guard lock(mutex_);
                    wake = wake_;
                }
                if (wake) wake(system);
            }} {
    takeReplayed();
    if (!core_.store.recovery().behindJournal) return;
    std::vector<std::string> systems;
    for (const auto& plan : core_.plan.systems) systems.push_back(plan.name);
    core_.store.write([&](store::Writer& unit) {
        if (!isRecovering(unit)) beginRecovery(unit, systems);
        if (!isRecovering(unit)) unit.endRecovery();
    });
}

/// What came back from the journal counts from the start, not from the next change on.
void Service::takeReplayed() {
    std::vector<store::Document> subjects;
    core_.store.read(
        [&](store::Reader& reader) { subjects = reader.documents(store::kReplayedKind); });
    for (const auto& subject : subjects)
        inUnit(core_, [&](Unit& unit) {
            unit.touch(subject.id, unit.now());
            unit.store().removeDocument(subject.kind, subject.id);
        });
}

void Service::onWake(Wake wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

consent::Effective Service::answer(store::Reader& reader,
                                   const Question& question,
                                   const std::string& region) {
    if (!question.subject.empty()) return rowFor(reader.effective(question.subject), question.key);
    const auto points = pointsOf(core_, region, {question.identifier});
    if (points.empty())
        throw RequestError("An identifier of the question is no e-mail address or phone number.");
    const auto& hash = points.front().hash;
    std::optional<consent::Effective> strictest;
    for (const auto& holder : reader.subjectsHolding(hash)) {
        auto effective = rowFor(reader.effective(holder), question.key);
        if (!strictest || strictness(effective.answer) > strictness(strictest->answer))
            strictest = std::move(effective);
    }
    if (strictest) return *strictest;
    return rowFor(answersOfPoint(reader, hash, core_.plan.policy, time_.now()), question.key);
}

std::vector<consent::Effective> Service::effectiveOf(const std::vector<Question>& questions,
                                                     const std::string& region) {
    std::vector<consent::Effective> answers;
    core_.store.read([&](store::Reader& reader) {
        for (const auto& question : questions) answers.push_back(answer(reader, question, region));
    });
    return answers;
}

std::vector<std::string> Service::find(const std::string& text, const std::string& region) {
    std::vector<std::string> found;
    core_.store.read([&](store::Reader& reader) {
        if (reader.subjectExists(text)) {
            found = {text};
            return;
        }
        for (const auto& point : pointsOf(core_, region, {identifierFrom(text)}))
            found = reader.subjectsHolding(point.hash);
    });
    return found;
}

SubjectView Service::subject(const std::string& id) {
    SubjectView view;
    core_.store.read([&](store::Reader& reader) {
        if (!reader.subjectExists(id)) throw RequestError("There is no subject '" + id + "'.", 404);
        auto book = readBook(reader, id);
        view.subject = id;
        for (const auto& other : book.group)
            if (other != id) view.joined.push_back(other);
        auto all = book.history.events;
        all.insert(all.end(), book.history.pointEvents.begin(), book.history.pointEvents.end());
        for (const auto& row : book.answers)
            view.answers.push_back(
                {row.key, row.effective, consent::explain(row.effective, row.key, all)});
        view.records = std::move(book.records);
        view.events = std::move(book.history.events);
        view.deliveries = reader.deliveries(id);
        view.inbox = reader.inboxOf(id);
        for (const auto& plan : core_.plan.systems)
            if (auto target = reader.target(id, plan.name))
                view.targets.push_back(std::move(*target));
    });
    std::sort(view.events.begin(), view.events.end(),
              [](const auto& one, const auto& other) { return one.observedAt < other.observedAt; });
    return view;
}

SystemStatus Service::status(const std::string& system) {
    core_.plan.at(system);
    SystemStatus status;
    core_.store.read([&](store::Reader& reader) {
        status.standing = standing(reader, system);
        status.records = reader.recordCount(system);
        status.due = reader.dueCount(system);
        status.webhooksWait = reader.webhookWaitsFor(system);
        status.nextDue = reader.nextDue(system);
        status.whyNotLoosen = sync::whyNotLoosen(reader, status.standing);
    });
    return status;
}

void Service::change(const std::string& system,
                     const std::function<void(Standing&, EpochMs)>& edit) {
    core_.plan.at(system);
    core_.store.write([&](store::Writer& unit) {
        auto state = standing(unit, system);
        edit(state, time_.now());
        put(unit, state);
    });
    core_.wake(system);
}

void Service::pause(const std::string& system, const std::string& reason, const std::string& by) {
    if (reason.empty()) throw RequestError("A pause needs a reason.");
    change(system, [&](Standing& state, EpochMs) {
        state.paused = true;
        state.pauseReason = reason;
        state.stoppedBy = by;
    });
}

void Service::fullStop(const std::string& system,
                       const std::string& reason,
                       const std::string& by,
                       std::int64_t durationMs) {
    if (reason.empty()) throw RequestError("A full stop needs a reason.");
    if (durationMs <= 0 || durationMs > kDayMs)
        throw RequestError("A full stop lasts at most 24 hours.");
    change(system, [&](Standing& state, EpochMs now) {
        state.fullStopUntil = now + durationMs;
        state.fullStopReason = reason;
        state.stoppedBy = by;
    });
    core_.store.write([&](store::Writer& unit) {
        unit.add(
            store::Incident{unit.newId(), "full_stop", system, "", time_.now(), 0,
                            "Nothing is written to " + system +
                                ", not even withdrawals, until a person resumes it or 24 hours "
                                "have passed.",
                            "full_stop/" + system});
    });
}

void Service::resume(const std::string& system, const std::string& by) {
    change(system, [&](Standing& state, EpochMs) {
        state.paused = false;
        state.pauseReason.clear();
        state.fullStopUntil = 0;
        state.fullStopReason.clear();
        state.regressed = false;
        state.stoppedBy = by;
    });
    resolveIncident("full_stop/" + system);
    resolveIncident("restored/" + system);
}

void Service::readAgain(const std::string& system) {
    core_.plan.at(system);
    core_.store.write([&](store::Writer& unit) { unit.putCursor(system, "pull", ""); });
    core_.wake(system);
}

void Service::resolveIncident(const std::string& dedupe) {
    core_.store.write([&](store::Writer& unit) { unit.resolveIncidents(dedupe, time_.now()); });
}

}  // namespace concordat::sync
