// SPDX-License-Identifier: Apache-2.0
// The lanes in their own threads over a real store, while others ask how they do. Meant for the
// thread sanitizer.
#include "hub/sync/lanes.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/store/scratch.h"
#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using sdk::Shown;

namespace {

constexpr int kPeople = 20;
constexpr auto kPatience = std::chrono::minutes(3);

class RealClock : public Clock {
 public:
    EpochMs now() override {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    std::chrono::steady_clock::time_point monotonic() override {
        return std::chrono::steady_clock::now();
    }
};

class LockedRandom : public Random {
 public:
    std::uint64_t next() override {
        const std::lock_guard lock(mutex_);
        return random_.next();
    }

 private:
    std::mutex mutex_;  // guards random_
    FakeRandom random_{1};
};

/// A model system that several threads call, by the machine's clock.
class SharedSystem : public host::Connector {
 public:
    SharedSystem(ModelSystem& model, FakeClock& clock, std::mutex& mutex)
        : model_(model), clock_(clock), mutex_(mutex) {}

    sdk::Description description() override { return model_.description(); }
    sdk::Check check(const host::CallContext& context) override {
        return locked([&] { return model_.check(context); });
    }
    sdk::Discovery discover(const host::CallContext&) override { return {}; }
    sdk::Page pull(const sdk::PullRequest& request, const host::CallContext& context) override {
        return locked([&] { return model_.pull(request, context); });
    }
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records,
                        const host::CallContext& context) override {
        return locked([&] { return model_.read(records, context); });
    }
    sdk::FindReply find(const std::vector<sdk::Identifier>&, const host::CallContext&) override {
        return {};
    }
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items,
                          const host::CallContext& context) override {
        return locked([&] { return model_.apply(items, context); });
    }
    sdk::ApplyReply pollApply(const std::string&, const host::CallContext&) override { return {}; }
    sdk::WebhookNews parseWebhook(const sdk::WebhookRequest&, const host::CallContext&) override {
        return {};
    }
    sdk::Subscription subscribeWebhook(const std::string&, const host::CallContext&) override {
        return {};
    }
    std::vector<sdk::Subscription> listWebhooks(const host::CallContext&) override { return {}; }
    void removeWebhook(const std::string&, const host::CallContext&) override {}
    void note(const sdk::RecordRef&, const std::string&, const host::CallContext&) override {}
    sdk::Health health(const host::CallContext&) override { return {}; }
    void cancel() override {}

 private:
    template <class Work>
    std::invoke_result_t<Work> locked(Work work) {
        const std::lock_guard lock(mutex_);
        clock_.advance(std::max<EpochMs>(0, RealClock().now() - clock_.wall));
        return work();
    }

    ModelSystem& model_;
    FakeClock& clock_;
    std::mutex& mutex_;  // guards the models and their clock
};

}  // namespace

TEST_CASE("lanes, wakers and watchers share a hub without a race, and every withdrawal arrives") {
    store::Scratch scratch;
    const auto store = scratch.open();
    std::mutex mutex;
    std::condition_variable arrived;
    int denials = 0;
    World world;
    for (const auto* name : {"one", "two"}) {
        world.addFlag(name);
        world.plan(name).pollIntervalMs = 20;
        for (int i = 0; i < kPeople; ++i)
            world.system(name).create(std::to_string(i), std::to_string(i) + "@example.org",
                                      {{kEmail, Shown::None}});
    }
    world.system("two").onWrite = [&](const Written& written) {
        denials += written.permit ? 0 : 1;
        arrived.notify_all();
    };
    SharedSystem one(world.system("one"), world.clock, mutex);
    SharedSystem two(world.system("two"), world.clock, mutex);

    RealClock clock;
    LockedRandom random;
    Program program(*store, world.company, clock, random);
    std::atomic<Lanes*> awake = nullptr;
    program.core.wake = [&](const std::string& system) {
        if (auto* lanes = awake.load()) lanes->notify(system);
    };
    Lanes lanes(program.core, {{"one", one, one, {}}, {"two", two, two, {}}});
    awake = &lanes;
    const std::jthread watcher([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            lanes.health("two");
            program.counters.counts();
            lanes.pullNow("one");
            std::this_thread::yield();
        }
    });
    for (int i = 0; i < kPeople; ++i) {
        const std::lock_guard lock(mutex);
        world.system("one").set(std::to_string(i), kEmail, Shown::Deny);
    }
    std::unique_lock lock(mutex);
    CHECK(arrived.wait_for(lock, kPatience, [&] { return denials >= kPeople; }));
    lock.unlock();
    awake = nullptr;
}
