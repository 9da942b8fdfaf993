// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/one_change.h"

#include <atomic>
#include <ctime>
#include <stdexcept>

#include "hub/sync/observe.h"
#include "hub/sync/standing.h"
#include "tests/bench/figures.h"

namespace concordat::bench {

namespace {

constexpr int kPeople = 2'000;  ///< of one run
constexpr int kRuns = 5;
constexpr int kStride = 7'919;
constexpr const char* kSlot = "contact.email";

double threadSeconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Passes everything on and adds up the processor time inside the units, where a commit is not.
class TimedStore : public store::Store {
 public:
    explicit TimedStore(store::Store& store) : store_(store) {}
    void read(const std::function<void(store::Reader&)>& work) override { store_.read(work); }
    void write(const std::function<void(store::Writer&)>& work) override {
        store_.write([&](store::Writer& writer) {
            const double before = threadSeconds();
            work(writer);
            inside_ += threadSeconds() - before;
        });
    }
    store::Recovery recovery() const override { return store_.recovery(); }
    void backup(const std::string& path, const std::function<void(double)>& progress) override {
        store_.backup(path, progress);
    }
    std::vector<std::string> integrityProblems() override { return store_.integrityProblems(); }

    double inside() const { return inside_; }

 private:
    store::Store& store_;
    double inside_ = 0;
};

class RealClock : public sync::Clock {
 public:
    sync::EpochMs now() override {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    std::chrono::steady_clock::time_point monotonic() override {
        return std::chrono::steady_clock::now();
    }
};

class Counting : public sync::Random {
 public:
    std::uint64_t next() override { return ++last_; }

 private:
    std::atomic<std::uint64_t> last_ = 0;
};

sync::Plan companyPlan() {
    sync::Plan plan;
    consent::Purpose marketing;
    marketing.code = "PROSPECTING";
    marketing.directMarketing = true;
    plan.policy.purposes[marketing.code] = marketing;
    plan.policy.channels = {"email", "sms", "phone", "post"};
    plan.policy.scopes["lyon"] = {"lyon", consent::Spread::Own, ""};
    for (const char* name : {"one", "two"}) {
        consent::SlotRules rules;
        rules.slot.id = kSlot;
        rules.slot.object = "Contact";
        rules.slot.showsPermit = sdk::Shown::None;
        rules.slot.showsDeny = sdk::Shown::Deny;
        rules.slot.recordTimeMoves = true;
        rules.scope = "lyon";
        rules.purposes = {"PROSPECTING"};
        rules.channels = {"email"};
        sync::SystemPlan system;
        system.name = name;
        system.scope = "lyon";
        system.region = "FR";
        system.slots = {rules};
        plan.systems.push_back(system);
    }
    return plan;
}

std::string hashOf(const consent::Point& point) {
    return consent::pointPrefix(point.kind) + point.value;
}

sync::Sighting sightingOf(int person, sdk::Shown shown, sync::EpochMs now) {
    sync::Sighting sighting;
    sdk::Observation& seen = sighting.observation;
    seen.record = {"Contact", std::to_string(1'000'000 + person)};
    seen.identifiers = {
        {sdk::IdentifierKind::Email, "person" + std::to_string(person) + "@example.org", ""}};
    seen.slots = {{kSlot, shown, std::nullopt, std::nullopt, ""}};
    seen.modifiedAt = sdk::VendorTime{now, sdk::Precision::Millisecond, 0, std::nullopt};
    seen.version = now;
    seen.askedAt = now;
    seen.actor = "user";
    return sighting;
}

void openSystem(store::Store& store, const std::string& name) {
    store.write([&](store::Writer& writer) {
        sync::Standing standing;
        standing.system = name;
        standing.phase = sync::Phase::Open;
        sync::put(writer, standing);
    });
}

}  // namespace

struct ChangeBench::Impl {
    explicit Impl(store::Store& given)
        : store(given),
          plan(companyPlan()),
          time(clock, store),
          fuse(1'000'000),
          core{store,  plan,     time,
               random, counters, fuse,
               hashOf, "key0",   [](const std::string&) {}} {}

    TimedStore store;
    sync::Plan plan;
    RealClock clock;
    Counting random;
    sync::HubTime time;
    sync::Counters counters;
    sync::Fuse fuse;
    sync::Core core;
    int runs = 0;
};

ChangeBench::ChangeBench(store::Store& store) : impl_(std::make_unique<Impl>(store)) {
    const double before = processorSeconds();
    for (const auto& system : impl_->plan.systems) {
        openSystem(store, system.name);
        std::vector<sync::Sighting> all;
        for (int i = 0; i < kPeople * kRuns; ++i)
            all.push_back(sightingOf(i, sdk::Shown::None, impl_->time.now() - 60'000));
        sync::Observer(impl_->core, system).observe(all);
    }
    const auto sights = static_cast<double>(impl_->counters.counts().observations);
    firstSightUs_ = (processorSeconds() - before) / sights * 1e6;
}

ChangeBench::~ChangeBench() = default;

double ChangeBench::run() {
    std::vector<sync::Sighting> all;
    const int first = impl_->runs++ * kPeople;
    // In no order that the store could have profited from when it met them.
    for (int i = first; i < first + kPeople; ++i)
        all.push_back(
            sightingOf(i * kStride % (kPeople * kRuns), sdk::Shown::Deny, impl_->time.now()));
    sync::Observer observer(impl_->core, impl_->plan.systems.front());
    const auto events = impl_->counters.counts().events;
    const double inside = impl_->store.inside();
    const double own = threadSeconds();
    const double whole = processorSeconds();
    observer.observe(all);
    const double took = impl_->store.inside() - inside + threadSeconds() - own;
    wholeUs_ = (processorSeconds() - whole) / kPeople * 1e6;
    if (impl_->counters.counts().events - events != kPeople)
        throw std::logic_error("not every change became one event");
    return took / kPeople * 1e6;
}

}  // namespace concordat::bench
