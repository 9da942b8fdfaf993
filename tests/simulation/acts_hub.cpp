// SPDX-License-Identifier: Apache-2.0
// What people and admins do at the hub.

#include <algorithm>

#include "hub/consent/error.h"
#include "hub/sync/inbox.h"
#include "hub/sync/people.h"
#include "hub/sync/standing.h"
#include "hub/sync/unit.h"
#include "tests/simulation/acts.h"

namespace concordat::simulation {

namespace {

using consent::Decision;

constexpr EpochMs kMinute = 60'000;
constexpr EpochMs kHour = 60 * kMinute;

}  // namespace

void Acts::say(Decision decision) {
    const auto& policy = world_.company_.policy;
    sync::Choice choice;
    choice.subject = world_.judge_.subjectOfPerson(act_.person);
    if (choice.subject.empty() || dice_.chance(20)) {
        choice.subject.clear();
        choice.identifiers = {{sdk::IdentifierKind::Email, Company::emailOf(act_.person), "Email"}};
    }
    choice.region = "FR";
    choice.scope = dice_.chance(75) ? "acme" : dice_.chance(60) ? "acme_it" : "other";
    choice.decision = decision;
    const auto& key = dice_.of(world_.company_.keys);
    choice.purposes = {dice_.chance(60) ? "marketing" : key.purpose};
    choice.channels = {policy.purposes.at(choice.purposes.front()).channelNone ? "none"
                       : dice_.chance(60)                                      ? "email"
                       : dice_.chance(40)                                      ? "any"
                                                                               : "phone"};
    choice.actor = "portal";
    const auto at = world_.real();
    world_.log("the person says " + consent::toString(decision) + " for " +
                   choice.purposes.front() + "/" + choice.channels.front() + " in " + choice.scope,
               -1, {}, act_.person);
    const bool isDone = hub([&](sync::Core& core) { sync::say(core, choice); });
    if (!isDone || decision == Decision::Contact) return;
    Event event;
    event.scope = choice.scope;
    event.purposes = choice.purposes;
    event.channels = choice.channels;
    event.decision = decision;
    world_.truth_.add({act_.person, at, true, true, false, event, -1, {}, "", Said::State::Known});
}

void Acts::sayYes() {
    const auto& policy = world_.company_.policy;
    sync::Choice choice;
    choice.subject = world_.judge_.subjectOfPerson(act_.person);
    if (choice.subject.empty() || dice_.chance(20)) {
        choice.subject.clear();
        choice.identifiers = {{sdk::IdentifierKind::Email, Company::emailOf(act_.person), "Email"}};
    }
    choice.region = "FR";
    choice.scope = dice_.chance(75) ? "acme" : dice_.chance(60) ? "acme_it" : "other";
    choice.decision = Decision::Granted;
    const auto& key = dice_.of(world_.company_.keys);
    choice.purposes = {key.purpose};
    if (dice_.chance(50)) choice.purposes = {"marketing", "newsletter"};
    choice.channels = {policy.purposes.at(choice.purposes.front()).channelNone ? "none" : "email"};
    if (choice.channels.front() == "email" && dice_.chance(30))
        choice.channels = {"email", "phone", "sms"};
    choice.actor = "portal";
    consent::Proof proof;
    proof.direct = dice_.chance(85);
    proof.source = "portal";
    proof.method = "double_opt_in";
    proof.noticeId = "notice-1";
    const auto at = world_.real();
    bool isDone = false;
    const auto ago = dice_.chance(15) ? dice_.between(1, 200) * kMinute : 0;
    isDone = hub([&](sync::Core& core) {
        const auto now = core.time.now();
        proof.capturedAt = now - ago;
        if (dice_.chance(85)) proof.confirmedAt = now - ago;
        if (ago > 0) choice.at = now - ago;
        if (dice_.chance(12)) choice.validTo = now + dice_.between(10, 400) * kMinute;
        if (dice_.chance(6)) choice.validFrom = now + dice_.between(10, 200) * kMinute;
        choice.proof = proof;
        sync::say(core, choice);
    });
    world_.log("the person consents to " + choice.purposes.front() + "/" + choice.channels.front() +
                   " in " + choice.scope + (isDone ? "" : " (not taken)"),
               -1, {}, act_.person);
    // Also what was not answered: it may have been committed all the same.
    Event event;
    event.scope = choice.scope;
    event.purposes = choice.purposes;
    event.channels = choice.channels;
    event.decision = Decision::Granted;
    world_.truth_.add({act_.person, at - ago, false, proof.direct, true, event});
}

void Acts::erase() {
    const auto subject = world_.judge_.subjectOfPerson(act_.person);
    if (subject.empty()) return;
    const auto at = world_.real();
    world_.log("the person is erased", -1, {}, act_.person);
    if (hub([&](sync::Core& core) { sync::erase(core, subject, "dpo"); }))
        world_.truth_.erase(act_.person, at);
}

void Acts::endMerge() {
    const Rules rules(world_.company_.policy, world_.judge_.ledger());
    const auto subject = world_.judge_.subjectOfPerson(act_.person);
    const auto joined = rules.joined(subject);
    if (subject.empty() || joined.size() < 2) return;
    const std::vector<std::string> all(joined.begin(), joined.end());
    const auto other = dice_.of(all);
    if (other == subject) return;
    world_.log("an admin ends the merge", -1, {}, act_.person);
    for (int person = 0; person < world_.scenario_.people; ++person) {
        const auto one = world_.judge_.subjectOfPerson(person);
        if (joined.contains(one)) world_.truth_.tangle(person);
    }
    world_.truth_.tangle(act_.person);
    hub([&](sync::Core& core) { sync::unmerge(core, subject, other, "admin", "two people"); });
}

void Acts::workInbox() {
    std::vector<store::InboxItem> items;
    world_.disk_.read([&](store::Reader& reader) { items = reader.inbox(true, {"", 50}); });
    for (const auto& item : items) {
        const bool isMeant =
            act_.kind == ActKind::ConfirmMerge ? item.kind == "merge" : dice_.chance(40);
        if (isMeant) workItem(item);
    }
}

void Acts::workItem(const store::InboxItem& item) {
    world_.log("an admin takes the inbox item " + item.kind, -1, {}, act_.person);
    if (item.kind == "candidate") {
        if (dice_.chance(50)) {
            hub([&](sync::Core& core) { sync::dismiss(core, item.id, "admin", "no proof"); });
            return;
        }
        int person = -1;
        for (int one = 0; one < world_.scenario_.systems && item.ref && person < 0; ++one)
            if (world_.company_.system(one).plan.name == item.system)
                person = world_.company_.personOf(one, *item.ref);
        const auto* rules = [&]() -> const consent::SlotRules* {
            for (const auto& one : world_.company_.systems)
                if (one->plan.name == item.system)
                    for (const auto& slot : one->plan.slots)
                        if (item.dedupe.ends_with("/" + slot.slot.id)) return &slot;
            return nullptr;
        }();
        if (person < 0 || !rules) return;
        sync::Choice choice;
        consent::Proof proof;
        proof.source = "paper form";
        proof.noticeId = "notice-1";
        choice.actor = "admin";
        choice.channels = {"email"};
        const auto at = world_.real();
        hub([&](sync::Core& core) {
            proof.capturedAt = core.time.now();
            choice.proof = proof;
            sync::addEvidence(core, item.id, choice);
        });
        auto event = cover(*rules, Decision::Granted);
        event.channels = {"email"};
        world_.truth_.add({person, at, false, false, true, event});
        return;
    }
    if (item.kind == "ambiguous") {
        hub([&](sync::Core& core) {
            std::optional<store::Record> record;
            core.store.read([&](store::Reader& reader) {
                if (item.ref) record = reader.record(item.system, *item.ref);
            });
            if (record && !record->candidates.empty())
                sync::matchRecord(core, item.id, record->candidates.front(), "admin");
        });
        return;
    }
    if (item.kind == "unmerge" && item.ref)
        for (int one = 0; one < world_.scenario_.systems; ++one)
            if (world_.company_.system(one).plan.name == item.system)
                world_.judge_.givesBack(one, *item.ref);
    hub([&](sync::Core& core) { sync::accept(core, item.id, "admin"); });
}

void Acts::voidImport() {
    const auto name = system_.plan.name;
    bool isDone = false;
    hub([&](sync::Core& core) {
        sync::VoidRequest request;
        request.system = name;
        request.to = core.time.now();
        request.from = request.to - 2 * kHour;
        request.reason = "a broken import";
        const auto figures = sync::proposeVoid(core, request, "one");
        isDone = true;  // even half of it counts as done
        sync::confirmVoid(core, figures.proposal, "two");
    });
    world_.log("two admins void what came from " + name, act_.system);
    if (isDone) world_.truth_.forget(act_.system, world_.real());
}

void Acts::stand() {
    const auto name = system_.plan.name;
    world_.log(toString(act_.kind), act_.system);
    const bool isDone = hub([&](sync::Core& core) {
        core.store.write([&](store::Writer& unit) {
            auto state = sync::standing(unit, name);
            if (act_.kind == ActKind::Pause) {
                state.paused = true;
                state.pauseReason = "maintenance";
            } else if (act_.kind == ActKind::FullStop) {
                state.fullStopUntil = core.time.now() + 20 * kMinute;
                state.fullStopReason = "maintenance";
            } else {
                state.paused = false;
                state.fullStopUntil = 0;
                state.regressed = false;
            }
            sync::put(unit, state);
        });
        core.wake(name);
    });
    if (act_.kind == ActKind::Resume) {
        world_.judge_.stopped(act_.system, false, false);
        world_.judge_.stopped(act_.system, true, false);
    } else if (isDone && world_.scenario_.exactClocks) {
        const bool isFull = act_.kind == ActKind::FullStop;
        const auto judge = &world_.judge_;
        world_.judge_.stopped(act_.system, isFull, true);
        const auto which = act_.system;
        // Clocks may jump: it counts as over a little before it is.
        if (isFull)
            world_.later(8 * kMinute, [judge, which] { judge->stopped(which, true, false); });
    }
    if (act_.kind == ActKind::FullStop)
        system_.until[FaultKind::Count] = world_.real() + 20 * kMinute;
}

void Acts::retry() {
    const auto subject = world_.judge_.subjectOfPerson(act_.person);
    if (subject.empty()) return;
    hub([&](sync::Core& core) { sync::retry(core, subject, system_.plan.name); });
}

}  // namespace concordat::simulation
