// SPDX-License-Identifier: Apache-2.0
// What must hold for every history, tried on a few thousand random ones from fixed seeds.
#include <algorithm>
#include <cstdint>
#include <random>

#include "tests/consent/histories.h"
#include "tests/support/check.h"

namespace {

using namespace concordat::consent;
using concordat::tests::kDay;
using concordat::tests::kHour;
using concordat::tests::kMinute;
using concordat::tests::kNow;

constexpr unsigned kHistories = 3000;

/// Random histories of up to three sides, dense in near ties, wide covers and odd proofs.
class Histories {
 public:
    explicit Histories(std::uint32_t seed) : random_(seed) {}

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }
    bool oneIn(int chance) { return below(chance) == 0; }

    template <typename T>
    T oneOf(std::initializer_list<T> items) {
        return *(items.begin() + below(static_cast<int>(items.size())));
    }

    EpochMs time() {
        const auto steps = oneOf<EpochMs>({kMinute, kHour, 20 * kDay});
        return kNow - below(40) * steps - below(3) * 1000;
    }

    EventTime eventTime(EpochMs at) {
        return {at, oneOf<std::string>({"", "hub:1", "hub:2", "system:crm", "system:shop"}),
                oneOf<std::int64_t>({0, 0, 0, 2 * kMinute, -7 * kMinute})};
    }

    Event any() {
        Event event;
        event.id = "e" + std::to_string(++made_);
        event.subject = oneOf<std::string>({"ana", "ana", "bob", "carl"});
        event.scope = oneOf<std::string>({"acme", "acme", "acme", "beta"});
        event.purposes = {oneOf<std::string>({"news", "news", "marketing", "offers", "survey"})};
        if (oneIn(4)) event.purposes.push_back("offers");
        event.channels = {oneOf<std::string>({"email", "email", "sms"})};
        const auto at = time();
        event.observedAt = std::min(kNow, at + below(3) * kHour);
        if (!oneIn(8)) event.time = eventTime(at);
        if (oneIn(2)) event.system = oneOf<std::string>({"crm", "shop"});
        if (oneIn(2)) event.record = concordat::sdk::RecordRef{"Contact", event.subject};
        if (oneIn(3)) event.points = {"e:" + oneOf<std::string>({"ana", "bob", "info"})};
        return event;
    }

    Event restriction() {
        Event event = any();
        event.decision =
            oneOf<Decision>({Decision::Refused, Decision::Withdrawn, Decision::Objected});
        if (oneIn(5)) event.channels = {"any"};
        if (oneIn(12)) event.purposes = {"*"};
        return event;
    }

    Event grant() {
        Event event = any();
        event.decision = Decision::Granted;
        if (oneIn(5)) return event;
        Proof proof;
        proof.held = oneIn(3);
        proof.direct = oneIn(2);
        proof.trusted = oneIn(8);
        proof.knownSource = oneIn(2);
        if (!oneIn(6)) proof.capturedAt = event.time ? event.time->at : event.observedAt;
        if (oneIn(3)) proof.confirmedAt = proof.capturedAt;
        if (!oneIn(6)) proof.source = "web form";
        event.proof = proof;
        if (oneIn(5)) event.validTo = time() + 10 * kDay;
        if (oneIn(8)) event.validFrom = time();
        return event;
    }

    Event merge() {
        Event event = any();
        event.decision = oneIn(4) ? Decision::Unmerged : Decision::Merged;
        event.other = event.subject == "bob" ? "ana" : "bob";
        event.confirmed = oneIn(3);
        return event;
    }

    Event effect(const std::vector<Event>& events) {
        Event event = any();
        event.decision = oneOf<Decision>({Decision::Contact, Decision::Invalidated,
                                          Decision::Voided, Decision::Pending, Decision::Expired});
        if (!events.empty())
            event.names = {
                events[static_cast<std::size_t>(below(static_cast<int>(events.size())))].id};
        return event;
    }

    History make() {
        History history;
        history.subject = "ana";
        history.points = {"e:ana", "e:info"};
        const int count = 1 + below(9);
        for (int i = 0; i < count; ++i) {
            const int kind = below(10);
            history.events.push_back(kind < 4   ? restriction()
                                     : kind < 8 ? grant()
                                     : kind < 9 ? merge()
                                                : effect(history.events));
        }
        if (oneIn(4)) {
            history.pointEvents.push_back(restriction());
            history.pointEvents.back().subject = "dora";
            history.pointEvents.back().points = {"e:info"};
        }
        if (oneIn(15)) {
            history.erased = true;
            history.erasedAt = oneIn(3) ? 0 : time();
        }
        return history;
    }

    std::mt19937& random() { return random_; }

 private:
    std::mt19937 random_;
    int made_ = 0;
};

Policy policyWithAges() {
    auto policy = concordat::tests::policy();
    policy.purposes["news"].maximumAgeMs = 300 * kDay;
    policy.purposes["offers"].doubleOptIn = true;
    return policy;
}

const Policy kPolicy = policyWithAges();

std::vector<Key> keys() {
    auto keys = kPolicy.keys("acme");
    const auto others = kPolicy.keys("beta");
    keys.insert(keys.end(), others.begin(), others.end());
    return keys;
}

Effective ask(const History& history, const Key& key) {
    return effective(history, key, kPolicy, kNow);
}

int laxness(Answer answer) {
    return answer == Answer::Permit ? 2 : answer == Answer::Unknown ? 1 : 0;
}

std::string ids(const History& history) {
    std::string text;
    for (const auto& event : history.events)
        text += " " + event.id + "=" + toString(event.decision) + "/" + event.subject;
    return text;
}

}  // namespace

TEST_CASE("order and repetition of events change nothing") {
    const auto every = keys();
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        const History history = make.make();
        History shuffled = history;
        shuffled.events.insert(shuffled.events.end(), history.events.begin(), history.events.end());
        std::shuffle(shuffled.events.begin(), shuffled.events.end(), make.random());
        for (const auto& key : every)
            if (!(ask(history, key) == ask(shuffled, key))) {
                INFO("seed " << seed << " " << key.scope << ":" << key.purpose << "/"
                             << key.channel);
                FAIL(ids(history));
            }
    }
    SUCCEED();
}

TEST_CASE("a restriction added never loosens") {
    const auto every = keys();
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        const History history = make.make();
        History more = history;
        more.events.push_back(make.restriction());
        for (const auto& key : every) {
            const auto before = ask(history, key).answer;
            const auto after = ask(more, key).answer;
            if (laxness(after) > laxness(before)) {
                INFO("seed " << seed << " " << key.purpose << "/" << key.channel);
                FAIL(ids(more));
            }
        }
    }
    SUCCEED();
}

TEST_CASE("a merge that the hub learns of now never turns a deny into anything else") {
    const auto every = keys();
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        const History all = make.make();
        History apart = all;
        History both = all;
        apart.events.clear();
        both.events.clear();
        for (const auto& event : all.events) {
            const bool joins =
                event.decision == Decision::Merged || event.decision == Decision::Unmerged;
            if (joins || event.decision == Decision::Voided) continue;
            const bool binds = isRestriction(event.decision) && !event.points.empty();
            if (event.subject == "ana") apart.events.push_back(event);
            if (event.subject != "ana" && binds) apart.pointEvents.push_back(event);
            if (event.subject != "carl") both.events.push_back(event);
            if (event.subject == "carl" && binds) both.pointEvents.push_back(event);
        }
        Event merge;
        merge.id = "merge";
        merge.subject = "ana";
        merge.other = "bob";
        merge.decision = Decision::Merged;
        merge.observedAt = kNow;
        both.events.push_back(merge);
        for (const auto& key : every)
            if (ask(apart, key).answer == Answer::Deny && ask(both, key).answer != Answer::Deny) {
                INFO("seed " << seed << " " << key.purpose << "/" << key.channel);
                FAIL(ids(both));
            }
    }
    SUCCEED();
}

TEST_CASE("an unproven grant over a restriction changes nothing") {
    const auto every = keys();
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        const History history = make.make();
        History more = history;
        Event bare = make.grant();
        if (bare.proof) {
            bare.proof->held = bare.proof->trusted = bare.proof->knownSource = false;
        }
        more.events.push_back(bare);
        for (const auto& key : every) {
            const auto before = ask(history, key);
            if (before.answer != Answer::Deny || before.rule == 8) continue;
            if (ask(more, key).answer != Answer::Deny) {
                INFO("seed " << seed << " " << key.purpose << "/" << key.channel);
                FAIL(ids(more));
            }
        }
    }
    SUCCEED();
}

TEST_CASE("no scope's grant ever permits in another scope") {
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        History history = make.make();
        for (auto& event : history.events)
            if (event.decision == Decision::Granted) event.scope = "acme";
        for (const auto& key : kPolicy.keys("beta"))
            if (ask(history, key).answer == Answer::Permit) {
                INFO("seed " << seed << " " << key.purpose << "/" << key.channel);
                FAIL(ids(history));
            }
    }
    SUCCEED();
}

TEST_CASE(
    "a permit always names a live grant of its scope that is later than every restriction of it") {
    const auto every = keys();
    int permits = 0;
    int denies = 0;
    for (std::uint32_t seed = 1; seed <= kHistories; ++seed) {
        Histories make(seed);
        const History history = make.make();
        for (const auto& key : every) {
            const auto answer = ask(history, key);
            denies += answer.answer == Answer::Deny;
            if (answer.answer != Answer::Permit) continue;
            ++permits;
            const auto named = std::find_if(
                history.events.begin(), history.events.end(),
                [&](const Event& event) { return event.id == answer.deciding.front(); });
            REQUIRE(named != history.events.end());
            CHECK(named->decision == Decision::Granted);
            CHECK(named->proof.has_value());
            CHECK(named->scope == key.scope);
            for (const auto& event : history.events) {
                const bool plain = event.scope == key.scope && isRestriction(event.decision) &&
                                   event.subject == "ana" &&
                                   event.purposes.front() == key.purpose &&
                                   event.channels.front() == key.channel && event.record;
                if (!plain) continue;
                const bool voided = std::any_of(history.events.begin(), history.events.end(),
                                                [&](const Event& other) {
                                                    return other.decision == Decision::Voided &&
                                                           other.names.front() == event.id;
                                                });
                if (!voided && named->time && event.time) CHECK(named->time->at > event.time->at);
            }
        }
    }
    // The histories must reach both answers often, or they show nothing.
    CHECK(permits > 300);
    CHECK(denies > 3000);
}
