// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/scenario.h"

#include <algorithm>
#include <array>

namespace concordat::simulation {

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

struct Weight {
    ActKind kind;
    const char* name;
    int weight;
};

constexpr std::array kActs{Weight{ActKind::Deny, "user says no", 16},
                           Weight{ActKind::Permit, "user ticks", 14},
                           Weight{ActKind::PermitProven, "user ticks with proof", 8},
                           Weight{ActKind::PermitClaimed, "flow ticks with its own proof", 4},
                           Weight{ActKind::Clear, "user clears", 6},
                           Weight{ActKind::Redate, "user types a date", 4},
                           Weight{ActKind::Touch, "user changes something else", 5},
                           Weight{ActKind::Create, "user adds a row", 6},
                           Weight{ActKind::Delete, "user deletes the row", 3},
                           Weight{ActKind::Undelete, "user takes the row back", 3},
                           Weight{ActKind::Merge, "user merges two rows", 3},
                           Weight{ActKind::Convert, "user converts the lead", 2},
                           Weight{ActKind::Import, "import of a file", 2},
                           Weight{ActKind::NewEmail, "user changes the address", 2},
                           Weight{ActKind::SayNo, "person withdraws at the hub", 8},
                           Weight{ActKind::SayObject, "person objects at the hub", 2},
                           Weight{ActKind::SayYes, "person opts in at the hub", 14},
                           Weight{ActKind::SayContact, "person is in touch", 2},
                           Weight{ActKind::Erase, "person is erased", 1},
                           Weight{ActKind::ConfirmMerge, "admin confirms a merge", 2},
                           Weight{ActKind::Unmerge, "admin ends a merge", 1},
                           Weight{ActKind::WorkInbox, "admin works the inbox", 4},
                           Weight{ActKind::Void, "two admins void an import", 1},
                           Weight{ActKind::Pause, "admin pauses", 1},
                           Weight{ActKind::FullStop, "admin stops everything", 1},
                           Weight{ActKind::Resume, "admin resumes", 3},
                           Weight{ActKind::Retry, "admin retries", 2},
                           Weight{ActKind::Calm, "all is calm", 0},
                           Weight{ActKind::Fault, "fault", 0}};

constexpr std::array kFaultNames{"webhooks are dropped",
                                 "webhooks come twice",
                                 "webhooks come late",
                                 "writes commit and time out",
                                 "writes never arrive",
                                 "half of a batch is put off",
                                 "too many requests",
                                 "server errors",
                                 "the token expired",
                                 "reads are stale",
                                 "rows become visible late",
                                 "pages repeat rows",
                                 "the hub's clock jumps",
                                 "the vendor's clock jumps",
                                 "the vendor restores a backup",
                                 "the hub's database is restored",
                                 "writes commit late",
                                 "the connector dies in mid-batch",
                                 "the hub dies",
                                 "the hub dies and loses its last commits",
                                 "the hub dies and its journal loses the last entry",
                                 "the disk is full",
                                 "a node is paused past its lease",
                                 "requests overlap",
                                 "the vendor refuses writes",
                                 "settings change"};
static_assert(kFaultNames.size() == static_cast<std::size_t>(FaultKind::Count));

ActKind kindOf(Dice& dice, const std::set<ActKind>& off) {
    int total = 0;
    for (const auto& act : kActs)
        if (!off.contains(act.kind)) total += act.weight;
    int left = dice.roll(total);
    for (const auto& act : kActs) {
        if (off.contains(act.kind)) continue;
        left -= act.weight;
        if (left < 0) return act.kind;
    }
    return ActKind::Touch;
}

std::set<ActKind> actsOff(Dice& dice, bool swarm) {
    std::set<ActKind> off;
    static const std::set<ActKind> kAlways{ActKind::Deny, ActKind::Permit, ActKind::SayYes,
                                           ActKind::Create, ActKind::Resume};
    for (const auto& act : kActs)
        if (swarm && !kAlways.contains(act.kind) && dice.chance(45)) off.insert(act.kind);
    return off;
}

void addFaults(Scenario& scenario, Dice& dice, std::int64_t end) {
    if (scenario.faults.empty()) return;
    const std::vector<FaultKind> kinds(scenario.faults.begin(), scenario.faults.end());
    // About three an hour, some of them at the same time.
    for (std::int64_t at = dice.between(0, 20 * kMinute); at < end;
         at += dice.between(kMinute, 40 * kMinute)) {
        Act act;
        act.at = at;
        act.kind = ActKind::Fault;
        act.fault = dice.of(kinds);
        act.system = dice.roll(scenario.systems);
        act.lasts = dice.between(10'000, 15 * kMinute);
        act.dice = dice.next();
        scenario.acts.push_back(act);
    }
}

void addActs(Scenario& scenario, Dice& dice, const std::set<ActKind>& off, std::int64_t end) {
    std::int64_t at = 0;
    int person = 0;
    const auto pace = dice.between(2, 12) * kMinute;
    while (at < end) {
        // Some follow the one before at once, and mean the same person.
        const bool follows = dice.chance(35);
        at +=
            follows ? dice.between(1, dice.chance(50) ? 2'000 : 30'000) : dice.between(1, 2 * pace);
        if (!follows) person = dice.roll(scenario.people);
        Act act;
        act.at = at;
        act.kind = kindOf(dice, off);
        act.system = dice.roll(scenario.systems);
        act.person = dice.chance(85) ? person : dice.roll(scenario.people);
        act.dice = dice.next();
        scenario.acts.push_back(act);
    }
}

}  // namespace

std::string toString(ActKind kind) {
    for (const auto& act : kActs)
        if (act.kind == kind) return act.name;
    return "";
}

std::string toString(FaultKind kind) { return kFaultNames.at(static_cast<std::size_t>(kind)); }

std::string toString(const Act& act) {
    const auto seconds = act.at / 1'000;
    const auto two = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    auto text = two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60) + "." +
                std::to_string(1000 + act.at % 1000).substr(1) + "  ";
    if (act.kind == ActKind::Calm) return text + toString(act.kind);
    if (act.kind == ActKind::Fault)
        return text + toString(act.fault) + " (system " + std::to_string(act.system) + ", for " +
               std::to_string(act.lasts / 1'000) + " s)";
    return text + toString(act.kind) + " (person " + std::to_string(act.person) + ", system " +
           std::to_string(act.system) + ")";
}

Scenario draw(std::uint64_t seed, double hours, bool swarm) {
    Dice dice(seed * 0x2545F4914F6CDD1DU + 1);
    Scenario scenario;
    scenario.seed = seed;
    scenario.hours = hours;
    scenario.systems = 2 + (dice.chance(60) ? dice.roll(2) : dice.roll(5));
    scenario.people = 2 + dice.roll(5);
    scenario.nodes = dice.chance(swarm ? 20 : 30) ? 2 : 1;
    const int share =
        swarm ? std::array{0, 15, 30, 50, 80}[static_cast<std::size_t>(dice.roll(5))] : 100;
    for (int kind = 0; kind < static_cast<int>(FaultKind::Count); ++kind)
        if (dice.chance(share)) scenario.faults.insert(static_cast<FaultKind>(kind));
    scenario.exactClocks = !scenario.faults.contains(FaultKind::ClockJump) &&
                           !scenario.faults.contains(FaultKind::VendorClockJump);
    const auto off = actsOff(dice, swarm);
    const auto end = static_cast<std::int64_t>(hours * static_cast<double>(kHour));
    addActs(scenario, dice, off, end);
    addFaults(scenario, dice, end);
    for (std::int64_t at = 3 * kHour; at < end; at += 4 * kHour) {
        Act calm;
        calm.at = at;
        calm.kind = ActKind::Calm;
        scenario.acts.push_back(calm);
    }
    std::stable_sort(scenario.acts.begin(), scenario.acts.end(),
                     [](const Act& a, const Act& b) { return a.at < b.at; });
    return scenario;
}

}  // namespace concordat::simulation
