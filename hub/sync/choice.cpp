// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/choice.h"

#include <algorithm>
#include <set>

#include "hub/consent/proof.h"
#include "hub/sync/link.h"

namespace concordat::sync {

namespace {

using consent::Decision;

void check(const Core& core, const Choice& choice) {
    static const std::set<Decision> kSayable{Decision::Granted,   Decision::Refused,
                                             Decision::Withdrawn, Decision::Objected,
                                             Decision::Pending,   Decision::Contact};
    if (!kSayable.contains(choice.decision))
        throw RequestError(
            "The decision '" + consent::toString(choice.decision) +
            "' cannot be said; use granted, refused, withdrawn, objected, pending or "
            "contact.");
    const auto& policy = core.plan.policy;
    if (!policy.scopes.contains(choice.scope))
        throw RequestError("There is no scope '" + choice.scope + "'.");
    const bool restricts = consent::isRestriction(choice.decision);
    for (const auto& purpose : choice.purposes) {
        const bool isAll = restricts && purpose == "*";
        if (!isAll && !policy.purposes.contains(purpose.substr(0, purpose.find('@'))))
            throw RequestError("There is no purpose '" + purpose + "'.");
    }
    for (const auto& channel : choice.channels)
        if (!(restricts && channel == "any") && channel != "none" &&
            !policy.channels.contains(channel))
            throw RequestError("There is no channel '" + channel + "' that a decision may name.");
    if (choice.decision != Decision::Contact &&
        (choice.purposes.empty() || choice.channels.empty()))
        throw RequestError("A decision names at least one purpose and one channel.");
    if (choice.decision == Decision::Granted && !choice.proof)
        throw RequestError("A grant needs proof: at least its capture time and source.");
}

bool wasErased(Unit& unit, const std::vector<consent::Point>& points) {
    return std::any_of(points.begin(), points.end(), [&](const auto& point) {
        return unit.store().tombstone(point.hash).has_value();
    });
}

std::string newSubject(Unit& unit,
                       const Choice& choice,
                       const std::vector<consent::Point>& points) {
    // The erased stay erased unless they come back by themselves.
    const bool isDirectGrant =
        choice.decision == Decision::Granted && choice.proof && choice.proof->direct;
    if (wasErased(unit, points) && !isDirectGrant)
        throw RequestError(
            "This person was erased and is denied for everything; only a grant that "
            "they give directly to the hub opens a new record of them.",
            409);
    const auto subject = unit.store().newSubject(unit.now());
    for (const auto& point : points) unit.claim(subject, point);
    return subject;
}

std::string subjectFor(Unit& unit,
                       const Choice& choice,
                       const std::vector<consent::Point>& points,
                       bool& isNew) {
    if (!choice.subject.empty()) {
        if (!unit.store().subjectExists(choice.subject))
            throw RequestError("There is no subject '" + choice.subject + "'.", 404);
        if (isErased(unit.book(choice.subject)))
            throw RequestError(
                "This person was erased and is denied for everything; who comes back says so by an "
                "address, and becomes a new subject.",
                409);
        return choice.subject;
    }
    if (points.empty())
        throw RequestError("A choice needs a subject, or an identifier that can be one.");
    const auto found = matches(unit, points, false, "");
    if (found.size() > 1)
        throw RequestError("Several people hold these identifiers; name the subject.", 409);
    if (found.size() == 1) return found.front();
    // A number or a role mailbox names nobody; who claimed it before is meant again.
    for (const auto& point : points)
        for (const auto& holder : unit.store().subjectsHolding(point.hash))
            if (unit.book(holder).records.empty() && !isErased(unit.book(holder))) return holder;
    isNew = true;
    return newSubject(unit, choice, points);
}

}  // namespace

consent::Event eventOf(const Core& core,
                       const Choice& choice,
                       const std::string& subject,
                       EpochMs now) {
    consent::Event event;
    event.subject = subject;
    event.scope = choice.scope;
    event.purposes = choice.purposes;
    event.channels = choice.channels;
    event.decision = choice.decision;
    event.time = consent::EventTime{std::min(choice.at.value_or(now), now),
                                    "hub:" + core.plan.settings.node, 0};
    event.observedAt = now;
    event.actor = choice.actor;
    event.legalBasis = choice.legalBasis;
    event.proof = choice.proof;
    event.validFrom = choice.validFrom;
    event.validTo = choice.validTo;
    event.causation = choice.causation;
    event.reason = choice.reason;
    if (event.proof) {
        event.proof->held = true;
        if (!event.proof->capturedAt) event.proof->capturedAt = event.time->at;
        const auto names = consent::evidenceHashes(*event.proof);
        if (event.proof->hash.empty() && !names.empty()) event.proof->hash = names.front();
    }
    if (choice.decision == Decision::Granted)
        for (auto& purpose : event.purposes) {
            const auto known = core.plan.policy.purposes.find(purpose);
            if (known != core.plan.policy.purposes.end()) purpose += "@" + known->second.version;
        }
    return event;
}

Said say(Core& core, const Choice& choice) {
    check(core, choice);
    Said said;
    inUnit(core, [&](Unit& unit) {
        said = Said{};
        const auto points = pointsOf(core, choice.region, choice.identifiers);
        said.subject = subjectFor(unit, choice, points, said.isNewSubject);
        auto event = eventOf(core, choice, said.subject, unit.now());
        event.id = unit.store().newId();
        const auto& held = unit.book(said.subject).history.points;
        if (event.points.empty())
            for (const auto& point : held)
                if (std::any_of(event.channels.begin(), event.channels.end(), [&](const auto& c) {
                        return c == "any" || consent::pointServes(point, c);
                    }))
                    event.points.push_back(point);
        said.event = event.id;
        unit.append(std::move(event), unit.now());
        said.answers = unit.book(said.subject).answers;
    });
    return said;
}

Answers forecast(Core& core, const std::string& subject, const Choice& choice) {
    check(core, choice);
    Book book;
    const auto now = core.time.now();
    core.store.read([&](store::Reader& reader) { book = readBook(reader, subject); });
    auto event = eventOf(core, choice, subject, now);
    event.id = "forecast";
    event.points = book.history.points;
    book.history.events.push_back(std::move(event));
    recompute(book, core.plan.policy, now);
    return book.answers;
}

}  // namespace concordat::sync
