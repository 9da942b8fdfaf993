// SPDX-License-Identifier: Apache-2.0
// Random walks: people, faults and crashes in any order; the invariants hold when it is quiet
// again.
#include <map>

#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using consent::Decision;
using sdk::Shown;

namespace {

/// One walk over two to four systems and a handful of people.
class Walk {
 public:
    explicit Walk(std::uint64_t seed) : dice_(seed), world_(seed) {
        const auto systems = 2 + dice_.next() % 3;
        for (std::uint64_t at = 0; at < systems; ++at) addSystem("s" + std::to_string(at));
        for (int person = 0; person < 6; ++person) addPerson(person);
        world_.start();
    }

    void go(int steps) {
        for (int step = 0; step < steps; ++step) {
            act();
            live(static_cast<EpochMs>(dice_.next() % 20'000));
        }
        for (const auto& name : names_) {
            world_.system(name).faults = Faults{};
            world_.system(name).isDown = false;
        }
        live(3 * 3'600'000);
    }

    /// Invariants 1, 2, 3 and 7, in words; empty if all hold.
    std::string broken() {
        for (const auto& name : names_)
            for (const auto& id : world_.system(name).ids()) {
                const auto fault = brokenAt(name, id);
                if (!fault.empty()) return name + "/" + id + ": " + fault;
            }
        if (!world_.store.state.webhooks.empty()) return "a webhook was left undecided";
        return "";
    }

    /// Invariant 5.
    bool isQuiet() {
        const auto count = [&] {
            std::size_t written = 0;
            for (const auto& name : names_) written += world_.system(name).written.size();
            return written;
        };
        const auto before = count();
        world_.run(3'600'000);
        return count() == before;
    }

 private:
    int roll(int sides) { return static_cast<int>(dice_.next() % static_cast<unsigned>(sides)); }

    void addSystem(const std::string& name) {
        names_.push_back(name);
        const auto kind = roll(3);
        if (kind == 0) world_.addFlag(name);
        if (kind == 1) world_.addSet(name);
        if (kind == 2) world_.addRecord(name);
        auto& plan = world_.plan(name);
        plan.slots.front().slot.settleMs = 5'000;
        plan.commitDelayMs = 10'000;
        plan.sweepMs = 120'000;
        plan.caps = {100, 100'000, 100'000};
        plan.conditionalWrites = roll(2) == 0;
        world_.system(name).isConditional = plan.conditionalWrites;
    }

    Shown permitOf(const std::string& name) { return world_.system(name).shows[kEmail][true]; }
    Shown denyOf(const std::string& name) { return world_.system(name).shows[kEmail][false]; }

    void addPerson(int person) {
        const auto id = "p" + std::to_string(person);
        for (const auto& name : names_)
            if (roll(4) > 0)
                world_.system(name).create(id, id + "@example.org", {{kEmail, permitOf(name)}});
    }

    void act() {
        const auto& name = names_[static_cast<std::size_t>(roll(static_cast<int>(names_.size())))];
        auto& system = world_.system(name);
        const auto ids = system.ids();
        const auto kind = roll(10);
        if (kind >= 8) return trouble(system);
        if (ids.empty()) return;
        const auto& id = ids[static_cast<std::size_t>(roll(static_cast<int>(ids.size())))];
        if (kind < 3) {
            if (system.shown(id, kEmail) != denyOf(name)) lastNo_[id] = world_.clock.wall;
            system.set(id, kEmail, denyOf(name));
            if (roll(2) == 0) surviving([&] { world_.webhook(name, id); });
        } else if (kind < 5) {
            // What nobody could have read is no withdrawal that can be lost.
            if (world_.answer(name, id) != "deny") lastNo_.erase(id);
            system.set(id, kEmail, permitOf(name));
        } else if (kind < 6) {
            system.change(id, [&](Row& row) { row.deleted = !row.deleted; });
        } else {
            speak(id, kind == 6);
        }
    }

    void speak(const std::string& id, bool grant) {
        // Ten minutes apart from everything else: closer ones are the margin's business.
        live(600'000);
        for (const auto& name : names_) {
            const auto subject = world_.subjectOf(name, id);
            if (subject.empty()) continue;
            surviving(
                [&] { world_.say(subject, grant ? Decision::Granted : Decision::Withdrawn); });
            (grant ? lastYes_ : lastNo_)[id] = world_.clock.wall;
            break;
        }
        live(600'000);
    }

    void trouble(ModelSystem& system) {
        switch (roll(7)) {
            case 0:
                system.faults.lostReply = 30;
                break;
            case 1:
                system.faults.neverArrived = 30;
                break;
            case 2:
                system.faults.retry = 30;
                break;
            case 3:
                system.faults.partial = 50;
                break;
            case 4:
                system.faults.visibleAfterMs = 3'000;
                break;
            case 5:
                system.faults.callFails = 20;
                break;
            case 6:
                system.faults = Faults{};
                break;
        }
        if (roll(3) == 0) world_.store.dieAfter(roll(30), roll(2) == 0);
    }

    /// Says it again after the program died of it: nobody got an answer.
    void surviving(const std::function<void()>& act) {
        try {
            act();
        } catch (const Crash&) {
            world_.restart();
            act();
        }
    }

    void live(EpochMs ms) {
        const auto end = world_.clock.wall + ms;
        while (world_.clock.wall < end) {
            try {
                world_.run(end - world_.clock.wall);
            } catch (const Crash&) {
                world_.clock.advance(1 + roll(70'000));
                world_.restart();
            }
        }
    }

    std::string brokenAt(const std::string& name, const std::string& id) {
        const auto& row = world_.system(name).row(id);
        if (row.deleted) return "";
        const auto answer = world_.answer(name, id);
        const auto shown = row.values.at(kEmail);
        if (answer == "deny" && shown != denyOf(name)) return "denied, but the system permits";
        if (answer == "permit" && shown == denyOf(name) && shown != Shown::Absent &&
            !isParked(name, id))
            return "permitted, but the system denies";
        const bool saidNo = lastNo_.contains(id) && lastNo_[id] > lastYes_[id];
        if (saidNo && answer != "deny") return "a withdrawal was lost: " + answer;
        if (!lastYes_.contains(id) && answer == "permit") return "a consent was invented";
        return "";
    }

    bool isParked(const std::string& name, const std::string& id) {
        for (const auto& [key, row] : world_.store.state.rows)
            if (row.system == name && row.ref.id == id && row.parked) return true;
        return false;
    }

    FakeRandom dice_;
    World world_;
    std::vector<std::string> names_;
    std::map<std::string, EpochMs> lastNo_;
    std::map<std::string, EpochMs> lastYes_;
};

}  // namespace

TEST_CASE("after any history of people, faults and crashes the systems hold what the ledger says") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Walk walk(seed);
        walk.go(25);
        CHECK(walk.broken() == "");
        CHECK(walk.isQuiet());
    }
}
