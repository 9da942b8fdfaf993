// SPDX-License-Identifier: Apache-2.0
// What breaks, how it ends, and what must be true once everything is calm.

#include <algorithm>

#include "hub/consent/error.h"
#include "hub/sync/inbox.h"
#include "hub/sync/people.h"
#include "hub/sync/standing.h"
#include "hub/sync/unit.h"
#include "tests/simulation/simulation.h"

namespace concordat::simulation {

namespace {

constexpr EpochMs kMinute = 60'000;

std::string clockText(EpochMs real) {
    const auto ms = real - FakeClock::kStart;
    const auto two = [](EpochMs number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return two(ms / 3'600'000) + ":" + two(ms / 60'000 % 60) + ":" + two(ms / 1'000 % 60) + "." +
           std::to_string(1'000 + ms % 1'000).substr(1);
}

}  // namespace

void Simulation::dieSomewhere(const Act& act, Death death) {
    Dice dice(act.dice);
    const bool isDurable = death != Death::Clean || dice.chance(50);
    disk_.dieAfter(dice.roll(40), isDurable, death);
}

void Simulation::breakSomething(const Act& act) {
    auto& system = company_.system(act.system);
    Dice dice(act.dice);
    log(toString(act), act.system);
    switch (act.fault) {
        case FaultKind::ClockJump: {
            clock_.jump(dice.between(-600'000, 600'000));
            return;
        }
        case FaultKind::VendorClockJump:
            system.model->skewMs = dice.between(-600'000, 600'000);
            return;
        case FaultKind::VendorRestore:
            system.model->restore(real() - dice.between(kMinute, 90 * kMinute));
            system.until[act.fault] = real() + kMinute;
            return;
        case FaultKind::HubRestore:
            postponed_.push_back([this, dice]() mutable {
                if (!disk_.hasCopy() || dice.chance(40)) {
                    dieAll();
                    disk_.keep();
                    return;
                }
                log("the hub's database goes back to its copy");
                dieAll();
                disk_.restore();
                garbage_.clear();
                judge_.lookAnew(disk_);
            });
            return;
        case FaultKind::HubDies:
            return dieSomewhere(act, Death::Clean);
        case FaultKind::TornCommit:
            return dieSomewhere(act, Death::Torn);
        case FaultKind::LostJournal:
            return dieSomewhere(act, Death::LostJournal);
        case FaultKind::DiskFull:
            diskFullUntil_ = real() + std::min<EpochMs>(act.lasts, 3 * kMinute);
            for (int at = 0; at < scenario_.systems; ++at)
                company_.system(at).until[FaultKind::DiskFull] = diskFullUntil_;
            return;
        case FaultKind::NodePause:
            pauseUntil_ = real() + act.lasts;
            for (int at = 0; at < scenario_.systems; ++at)
                company_.system(at).until[FaultKind::NodePause] = pauseUntil_;
            return;
        case FaultKind::Overlap:
            overlapUntil_ = real() + act.lasts;
            return;
        case FaultKind::NewSettings:
            return changeSettings(dice);
        default:
            system.until[act.fault] = real() + act.lasts;
            system.how[act.fault] = act.dice;
            return;
    }
}

void Simulation::changeSettings(Dice& dice) {
    company_.settings.recordsPerUnit = static_cast<int>(dice.between(1, 64));
    company_.settings.claimLimit = static_cast<int>(dice.between(1, 400));
    for (auto& system : company_.systems) {
        system->plan.pollIntervalMs = dice.between(20, 180) * 1'000;
        system->plan.readBatch = static_cast<int>(dice.between(15, 50));
        system->plan.applyBatch = static_cast<int>(dice.between(1, 20));
    }
    // They count from the next start.
    postponed_.push_back([this] {
        log("the hub starts anew with other settings");
        dieAll();
    });
}

void Simulation::calm() {
    const auto began = real();
    isCalm_ = true;
    log("calm begins");
    for (auto& system : company_.systems)
        for (auto& [fault, until] : system->until) until = std::min(until, real());
    diskFullUntil_ = overlapUntil_ = pauseUntil_ = 0;
    disk_.dieAfter(-1, false, Death::Clean);
    for (int at = 0; at < scenario_.systems; ++at) {
        judge_.stopped(at, false, false);
        judge_.stopped(at, true, false);
    }
    live(3 * kMinute);
    // What waits for a person is done by one.
    for (int round = 0; round < 3 && !judge_.violation; ++round) {
        call([&](sync::Core& core) {
            for (const auto& plan : core.plan.systems)
                core.store.write([&](store::Writer& unit) {
                    auto state = sync::standing(unit, plan.name);
                    state.paused = false;
                    state.fullStopUntil = 0;
                    state.regressed = false;
                    sync::put(unit, state);
                });
            std::vector<store::InboxItem> items;
            core.store.read([&](store::Reader& reader) { items = reader.inbox(true, {"", 500}); });
            for (const auto& item : items)
                if (item.kind == "cap") sync::accept(core, item.id, "admin");
            for (const auto& plan : core.plan.systems) {
                std::vector<store::TargetRecord> rows;
                core.store.read([&](store::Reader& reader) {
                    rows = reader.parked(plan.name, {"", 500});
                });
                for (const auto& row : rows) sync::retry(core, row.subject, plan.name);
                core.wake(plan.name);
            }
        });
        live(12 * kMinute);
    }
    quietCheck();
    isCalm_ = false;
    calmMs_ += real() - began;
    log("calm ends");
}

void Simulation::quietCheck() {
    if (judge_.violation) return;
    judge_.atRest(disk_, moment());
    const auto before = totalWrites();
    const auto now = moment().hub;
    const bool isStill = !judge_.changesByTime(now - 5 * kMinute, now + 20 * kMinute);
    live(15 * kMinute);
    if (isStill && totalWrites() != before)
        judge_.accuse(
            "invariant 5: writes go on",
            std::to_string(totalWrites() - before) + " writes in 15 minutes without any change",
            "");
    if (scenario_.faults.empty()) {
        const auto bound = 4 * static_cast<int>(scenario_.acts.size() + company_.people.size()) *
                           scenario_.systems;
        if (before > bound)
            judge_.accuse("invariant 5: too many writes",
                          std::to_string(before) + " writes for " +
                              std::to_string(scenario_.acts.size()) + " acts",
                          "");
    }
    for (const auto& system : company_.systems)
        if (system->model->duplicates > 0)
            judge_.accuse("invariant 5: a row was made twice",
                          system->plan.name + " has two rows of one creation key", "");
    disk_.read([&](store::Reader& reader) {
        std::set<std::string> kept;
        for (const auto& webhook : reader.quarantine({"", 1000})) kept.insert(webhook.id);
        for (const auto& id : garbage_)
            if (!kept.contains(id))
                judge_.accuse("invariant 7: a webhook disappeared",
                              "a webhook nobody can read is not in quarantine", "");
    });
    const auto problems = disk_.integrityProblems();
    if (!problems.empty())
        judge_.accuse("invariant 9: the store is not sound", problems.front(), "");
}

// ------------------------------------------------------------------- the story

std::vector<std::string> Simulation::historyOf(const Violation& violation) {
    std::set<int> people;
    std::set<RowName> rows;
    const Rules rules(company_.policy, judge_.ledger());
    const auto group =
        violation.subject.empty() ? std::set<std::string>{} : rules.joined(violation.subject);
    std::multimap<EpochMs, std::string> lines;
    for (const auto& [name, person] : company_.people)
        if (group.contains(judge_.subjectOf(name.first, name.second))) {
            rows.insert(name);
            people.insert(person);
        }
    if (violation.person >= 0) people.insert(violation.person);
    for (const auto& line : log_) {
        const bool isOfRow = line.system >= 0 && rows.contains({line.system, line.ref});
        const bool isOfAll = line.ref.id.empty() && line.person < 0;
        if (!isOfRow && !isOfAll && !people.contains(line.person) && !group.empty()) continue;
        const auto where = line.system < 0
                               ? ""
                               : company_.system(line.system).plan.name + " " + line.ref.id + ": ";
        lines.emplace(line.at, where + line.text);
    }
    for (const auto& subject : group) {
        const auto found = judge_.ledger().events.find(subject);
        if (found == judge_.ledger().events.end()) continue;
        for (const auto& event : found->second) {
            std::string text = "    ledger of " + subject.substr(subject.size() - 4) + ": " +
                               consent::toString(event.decision) + " " + event.scope;
            for (const auto& purpose : event.purposes) text += " " + purpose;
            for (const auto& channel : event.channels) text += "/" + channel;
            if (!event.system.empty()) text += ", seen in " + event.system;
            if (event.record) text += " " + event.record->id + " " + event.slot;
            text += event.time ? ", counts at " + clockText(event.time->at) + " by clock '" +
                                     event.time->clock + "' skew " +
                                     std::to_string(event.time->skewMs / 1'000) + " s"
                               : ", counts at no time";
            if (event.proof)
                text += std::string(", proof") + (event.proof->held ? " held" : "") +
                        (event.proof->direct ? " direct" : "") +
                        (event.proof->trusted ? " trusted" : "") +
                        (event.proof->knownSource ? " known" : "");
            if (event.slotOnly) text += ", this slot only";
            if (event.confirmed) text += ", confirmed";
            lines.emplace(event.observedAt, text + " [" + event.id + "]");
        }
    }
    std::vector<std::string> result;
    for (const auto& [at, text] : lines) result.push_back(clockText(at) + "  " + text);
    return result;
}

}  // namespace concordat::simulation
