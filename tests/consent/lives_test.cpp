// SPDX-License-Identifier: Apache-2.0
// Random lives of one person in two systems: whatever is read late, written twice or lost on the
// way, the person's last visible no is the answer.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "hub/consent/reading.h"
#include "hub/consent/time.h"
#include "tests/consent/histories.h"
#include "tests/consent/pure_room.h"
#include "tests/support/check.h"

namespace {

using namespace concordat::consent;
using namespace concordat::tests;
using concordat::sdk::Precision;
using concordat::sdk::Shown;
using concordat::sdk::VendorTime;

CompanySlot slotOf(const std::string& system, bool timed, Shown denies) {
    CompanySlot slot;
    slot.system = system;
    slot.rules.slot.id = "news";
    slot.rules.slot.hasTime = timed;
    slot.rules.slot.showsDeny = denies;
    slot.rules.scope = "acme";
    slot.rules.purposes = {"news"};
    slot.rules.channels = {"email"};
    return slot;
}

Company company() {
    Company company;
    company.policy = policy();
    company.slots["crm.news"] = slotOf("crm", true, Shown::Deny);
    company.slots["shop.news"] = slotOf("shop", false, Shown::Absent);
    return company;
}

/// What really stands in one vendor's slot.
struct Truth {
    std::string name;
    bool timed = false;
    Shown denies = Shown::Deny;
    Shown shown = Shown::Permit;
    std::optional<VendorTime> time;
    std::int64_t version = 1;
};

/// A page that was asked for and not processed yet.
struct Page {
    Truth truth;
    EpochMs askedAt = 0;
};

class Life {
 public:
    explicit Life(std::uint32_t seed) : random_(seed), room_(company()) {
        slots_.push_back({"crm.news", true, Shown::Deny, Shown::None, std::nullopt, 1});
        slots_.push_back({"shop.news", false, Shown::Absent, Shown::Permit, std::nullopt, 1});
        for (const auto& slot : slots_) readNow(slot);
        for (int step = 0; step < 25; ++step) live();
        for (int round = 0; round < 6; ++round) settle();
    }

    Answer answer() const { return room_.answer("ana", kNewsEmail, now_).answer; }
    bool lastWasNo() const { return lastWasNo_; }
    bool everGranted() const { return everGranted_; }
    std::string told() const { return told_; }
    int writesInLastRound() const { return writes_; }
    bool allDeny() const {
        for (const auto& slot : slots_)
            if (slot.shown != slot.denies) return false;
        return true;
    }

 private:
    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }

    void pass() { now_ += (1 + below(25)) * kMinute + below(50) * 1000; }
    void tell(const std::string& what) { told_ += " " + what; }

    void live() {
        pass();
        Truth& slot = slots_[static_cast<std::size_t>(below(2))];
        switch (below(8)) {
            case 0:
                return say(Decision::Granted);
            case 1:
                return say(Decision::Withdrawn);
            case 2:
                return optOut(slot);
            case 3:
                return tick(slot);
            case 4:
                return ask(slot);
            case 5:
                return process();
            default:
                return write(slot);
        }
    }

    /// To the hub itself; the hub knows at once.
    void say(Decision decision) {
        tell(decision == Decision::Granted ? "grant" : "withdraw");
        auto said = decision == Decision::Granted ? grant("", now_) : event(decision, "", now_);
        lastWasNo_ = decision != Decision::Granted;
        everGranted_ = everGranted_ || !lastWasNo_;
        room_.append(std::move(said));
    }

    /// In a system. Where it stamps nothing and shows what the hub saw last, no read can see it.
    void optOut(Truth& slot) {
        tell("optout(" + slot.name + ")");
        const bool wasSeen = room_.shadow(slot.name, "r1")->version == slot.version;
        if (slot.timed || (slot.shown != slot.denies && wasSeen)) lastWasNo_ = true;
        if (slot.timed) stamp(slot);
        slot.shown = slot.denies;
        ++slot.version;
    }

    /// A user's tick, without any proof. Over an act that nobody read it would hide it for good.
    void tick(Truth& slot) {
        if (room_.shadow(slot.name, "r1")->version != slot.version) return;
        tell("tick(" + slot.name + ")");
        slot.shown = Shown::Permit;
        ++slot.version;
    }

    void stamp(Truth& slot) {
        VendorTime time;
        time.at = now_;
        time.precision = Precision::Second;
        slot.time = time;
    }

    void ask(const Truth& slot) { pages_.push_back({slot, now_}); }

    void process() {
        if (pages_.empty()) return;
        const auto next = pages_.begin() + below(static_cast<int>(pages_.size()));
        const Page page = *next;
        pages_.erase(next);
        read(page);
        if (room_.became().freshness != Freshness::Fresh)
            for (const auto& slot : slots_)
                if (slot.name == page.truth.name) readNow(slot);
    }

    void readNow(const Truth& slot) {
        now_ += 2000;
        read({slot, now_});
    }

    void read(const Page& page) {
        Seen seen;
        seen.slot = page.truth.name;
        seen.reading.slot = "news";
        seen.reading.shown = page.truth.shown;
        if (page.truth.shown == Shown::Deny) seen.reading.time = page.truth.time;
        seen.record.observation.record = {"Contact", "r1"};
        seen.record.observation.version = page.truth.version;
        seen.record.observation.askedAt = page.askedAt;
        seen.record.observedAt = now_;
        seen.record.points = {"e:ana"};
        room_.see(std::move(seen), "");
    }

    /// What the lane does: the latest wish, a loosening one only onto the version read.
    void write(Truth& slot) {
        const auto wish = room_.desired("ana", slot.name, "r1", now_).wish;
        if (wish == Wish::Untouched) return;
        const bool permit = wish == Wish::Permit;
        const auto wanted = permit ? Shown::Permit : slot.denies;
        const auto shadow = *room_.shadow(slot.name, "r1");
        if (shadow.seen == wanted && !shadow.sent) return;
        if (permit && shadow.version != slot.version) return readNow(slot);
        ++writes_;
        tell(std::string(permit ? "permit" : "deny") + "(" + slot.name + ")");
        const bool lost = below(5) == 0;
        const bool committed = !lost || below(2) == 0;
        if (committed) {
            slot.shown = wanted;
            ++slot.version;
            now_ += 1000;
            if (slot.timed && !permit) stamp(slot);
        }
        Sent sent;
        sent.permit = permit;
        sent.startedAt = now_ - 1000;
        sent.finishedAt = lost ? 0 : now_;
        sent.version = lost ? 0 : slot.version;
        room_.write(slot.name, "r1", sent);
    }

    void settle() {
        writes_ = 0;
        while (!pages_.empty()) process();
        for (auto& slot : slots_) {
            pass();
            readNow(slot);
        }
        for (auto& slot : slots_) {
            pass();
            write(slot);
        }
        for (auto& slot : slots_) {
            pass();
            readNow(slot);
        }
    }

    std::mt19937 random_;
    PureRoom room_;
    std::vector<Truth> slots_;
    std::vector<Page> pages_;
    EpochMs now_ = kNow;
    bool lastWasNo_ = false;
    bool everGranted_ = false;
    int writes_ = 0;
    std::string told_;
};

}  // namespace

TEST_CASE("whatever is late, lost or repeated, the last visible no is the answer") {
    int noes = 0;
    int permits = 0;
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        const Life life(seed);
        INFO("seed " << seed << ":" << life.told());
        if (life.answer() == Answer::Permit) {
            ++permits;
            if (life.lastWasNo()) FAIL_CHECK("a withdrawal was lost");
            if (!life.everGranted()) FAIL_CHECK("a consent was invented");
        }
        if (life.lastWasNo()) {
            ++noes;
            if (!life.allDeny()) FAIL_CHECK("a system does not show the no");
        }
        if (life.writesInLastRound() != 0) FAIL_CHECK("the hub goes on writing");
    }
    CHECK(noes > 60);
    CHECK(permits > 20);
}
