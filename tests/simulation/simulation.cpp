// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulation.h"

#include <algorithm>

#include "hub/consent/error.h"
#include "hub/sync/service.h"
#include "tests/simulation/acts.h"

namespace concordat::simulation {

namespace {

constexpr EpochMs kSecond = 1'000;
constexpr EpochMs kMinute = 60 * kSecond;
constexpr EpochMs kTickMs = 15 * kSecond;
constexpr EpochMs kAfterErrorMs = 5 * kSecond;
constexpr int kDepth = 3;

std::string hashOf(const consent::Point& point) {
    return (point.kind == sdk::IdentifierKind::Email   ? "e:"
            : point.kind == sdk::IdentifierKind::Phone ? "p:"
                                                       : "x:" + point.name) +
           "#" + point.value;
}

}  // namespace

Simulation::Simulation(const Scenario& scenario,
                       const std::string& folder,
                       const store::Vault& vault)
    : scenario_(scenario),
      random_(scenario.seed),
      company_(scenario, clock_),
      truth_(company_.policy),
      judge_(scenario, company_, truth_, clock_),
      disk_((useFixedChance(scenario.seed), folder), vault, [this] { return clock_.wall; }),
      dice_(scenario.seed ^ 0xBEEF) {
    for (int at = 0; at < scenario.systems; ++at) {
        auto& model = *company_.system(at).model;
        model.onChange = [this, at](const sync::test::RowChange& change) {
            judge_.changed(at, change);
            if (!change.byHub || dice_.chance(50)) emitWebhook(at, change.after.ref);
        };
        model.onWrite = [this, at](const sync::test::Written& write) {
            // What our own write covers up before anybody read it cannot be seen any more.
            truth_.overwritten(at, write.ref, write.slot);
            if (write.late && write.permit) judge_.committedLate(at, write.ref, write.slot);
        };
    }
    for (int number = 0; number < scenario.nodes; ++number) {
        auto node = std::make_unique<Node>();
        node->number = number;
        node->clock = std::make_unique<NodeClock>(clock_, number * 700);
        node->skew.resize(static_cast<std::size_t>(scenario.systems));
        node->upAt = clock_.real() + number * 5'000;
        nodes_.push_back(std::move(node));
    }
}

Simulation::~Simulation() = default;

// ------------------------------------------------------------------- time

EpochMs Simulation::nextDue() const {
    auto next = real() + kTickMs;
    for (const auto& hook : hooks_) next = std::min(next, hook.at);
    if (nextAct_ < scenario_.acts.size() && !isCalm_)
        next = std::min(next, FakeClock::kStart + calmMs_ + scenario_.acts[nextAct_].at);
    for (const auto& node : nodes_) {
        if (!node->isUp) {
            next = std::min(next, node->upAt);
            continue;
        }
        if (node->isFrozen) continue;
        if (!node->program->woken.empty()) return real();
        for (const auto& [lane, at] : node->wakeAt)
            if (!node->busy.contains(lane)) next = std::min(next, at);
    }
    return next;
}

void Simulation::later(EpochMs ms, std::function<void()> what) {
    hooks_.push_back({real() + ms, std::move(what)});
}

void Simulation::runActs() {
    if (isActing_) return;
    isActing_ = true;
    for (std::size_t at = 0; at < hooks_.size();) {
        if (hooks_[at].at > real()) {
            ++at;
            continue;
        }
        const auto what = std::move(hooks_[at].what);
        hooks_.erase(hooks_.begin() + static_cast<std::ptrdiff_t>(at));
        what();
    }
    while (!isCalm_ && nextAct_ < scenario_.acts.size() &&
           scenario_.acts[nextAct_].at <= scenarioNow()) {
        const auto& act = scenario_.acts[nextAct_];
        if (act.kind == ActKind::Calm) {
            if (depth_ > 0) break;
            ++nextAct_;
            isActing_ = false;
            calm();
            isActing_ = true;
            continue;
        }
        ++nextAct_;
        trace(toString(act));
        if (act.kind == ActKind::Fault) {
            breakSomething(act);
        } else {
            Acts(*this, act).run();
        }
        judge_.look(disk_, moment());
    }
    isActing_ = false;
}

void Simulation::turn(int depth) {
    for (int at = 0; at < scenario_.systems; ++at) {
        auto& system = company_.system(at);
        const bool isTroubled = system.troubledUntil() >= real();
        if (isTroubled || system.isTroubled) system.refresh(real());
        system.isTroubled = isTroubled;
    }
    for (auto& system : company_.systems) system->model->settleLate();
    disk_.isFull = diskFullUntil_ > real();
    runActs();
    if (depth == 0)
        while (!postponed_.empty()) {
            auto work = std::move(postponed_);
            postponed_.clear();
            for (const auto& one : work) one();
        }
    for (auto& node : nodes_) {
        if (!node->isUp && node->upAt <= real() && !disk_.isFull && depth == 0) start(*node);
        for (int at = 0; at < scenario_.systems && node->isUp && !node->isFrozen; ++at) {
            const bool isWoken = node->program->woken.erase(company_.system(at).plan.name) > 0;
            for (const bool writes : {false, true}) {
                if (!node->isUp || node->isFrozen) break;
                auto* lane = writes
                                 ? static_cast<sync::Lane*>(
                                       node->program->writers[static_cast<std::size_t>(at)].get())
                                 : node->program->readers[static_cast<std::size_t>(at)].get();
                if (isWoken) node->wakeAt[lane] = real();
                if (node->busy.contains(lane) || node->wakeAt[lane] > real()) continue;
                step(*node, at, writes, depth);
            }
        }
    }
    if (real() >= lastTick_ + kTickMs) {
        lastTick_ = real();
        judge_.tick(disk_, moment());
    }
}

void Simulation::live(EpochMs ms) {
    const auto end = real() + ms;
    while (real() < end && !judge_.violation) {
        turn(0);
        clock_.advance(
            std::clamp<EpochMs>(nextDue() - real(), 1, std::max<EpochMs>(1, end - real())));
    }
}

/// A request of `waiting` is under way: others may work, people may act.
void Simulation::pass(EpochMs ms, Node* waiting) {
    const auto end = real() + ms;
    if (depth_ >= kDepth || ms < 5) {
        clock_.advance(ms);
        return;
    }
    ++depth_;
    struct Leave {
        int& depth;
        ~Leave() { --depth; }
    } leave{depth_};
    while (real() < end && !judge_.violation) {
        turn(depth_);
        if (waiting->mustDie) break;
        clock_.advance(
            std::clamp<EpochMs>(nextDue() - real(), 1, std::max<EpochMs>(1, end - real())));
    }
}

// ------------------------------------------------------------------- hubs

Moment Simulation::moment() {
    EpochMs hub = clock_.wall;
    for (const auto& node : nodes_)
        if (node->isUp) hub = std::max(hub, node->program->time.now());
    return {real(), hub};
}

void Simulation::start(Node& node) {
    node.mustDie = false;
    node.plan = company_.planOf(node.number);
    node.busy.clear();
    node.wakeAt.clear();
    node.lines.clear();
    try {
        // Its constructor does what a start after a restored backup takes.
        sync::Service service({disk_, node.plan, *node.clock, random_, hashOf, "key"});
        node.program =
            std::make_unique<sync::test::Program>(disk_, node.plan, *node.clock, random_);
        node.program->core.pointHash = hashOf;
        for (int at = 0; at < scenario_.systems; ++at) {
            node.lines.push_back(std::make_unique<Line>(*this, node, at));
            node.program->connect(node.plan.systems[static_cast<std::size_t>(at)],
                                  *node.lines.back(), *node.lines.back());
        }
        for (auto& lane : node.program->readers) node.wakeAt[lane.get()] = real();
        for (auto& lane : node.program->writers) node.wakeAt[lane.get()] = real();
        // Nobody delivered while no hub ran; what the dead one had claimed is free a lease later.
        if (std::none_of(nodes_.begin(), nodes_.end(), [](const auto& one) { return one->isUp; }))
            judge_.excuseAll();
        node.isUp = true;
        log("hub " + std::to_string(node.number + 1) + " started");
    } catch (const Died&) {
        die(node, 1'000);
    }
    judge_.look(disk_, moment());
}

/// Only marks it; what it has under way unwinds by itself.
void Simulation::die(Node& node, EpochMs downMs) {
    ++deaths_;
    log("hub " + std::to_string(node.number + 1) + " died");
    const auto stop = [&](Node& one) {
        one.isUp = false;
        one.mustDie = true;
        one.isFrozen = false;
        one.upAt = real() + downMs;
    };
    stop(node);
    if (disk_.reopen()) {
        // Only a machine that dies loses what was committed: whoever works on it dies with it.
        judge_.lookAnew(disk_);
        for (auto& other : nodes_)
            if (other->isUp) stop(*other);
    }
    judge_.excuseAll();
}

void Simulation::dieAll() {
    for (auto& node : nodes_) {
        node->isUp = false;
        node->upAt = real() + 2'000;
    }
    judge_.excuseAll();
}

bool Simulation::step(Node& node, int system, bool writes, int depth) {
    auto& program = *node.program;
    const auto at = static_cast<std::size_t>(system);
    sync::Lane* lane =
        writes ? static_cast<sync::Lane*>(program.writers[at].get()) : program.readers[at].get();
    if (writes) {
        program.writers[at]->setSkew(node.skew[at]);
    } else {
        program.readers[at]->setSkew(node.skew[at]);
    }
    node.busy.insert(lane);
    try {
        const auto rest = lane->step();
        const auto pause = rest.atOnce ? 0 : std::max<EpochMs>(0, rest.until - program.time.now());
        node.wakeAt[lane] = real() + pause;
    } catch (const Died&) {
        if (node.isUp) die(node, 1 + dice_.roll(70'000));
        node.busy.erase(lane);
        // Its other lanes are of the same process: what they have under way ends too.
        if (depth > 0 && !node.busy.empty()) throw;
        return false;
    } catch (const Poco::Exception& error) {
        // As in sync::Lanes: said once, tried again.
        log("hub " + std::to_string(node.number + 1) + ": " + error.displayText(), system);
        node.wakeAt[lane] = real() + kAfterErrorMs;
    }
    node.busy.erase(lane);
    if (!judge_.violation) judge_.look(disk_, moment());
    return true;
}

Node* Simulation::anyNode() {
    for (auto& node : nodes_)
        if (node->isUp && !node->isFrozen) return node.get();
    return nullptr;
}

bool Simulation::call(const std::function<void(sync::Core&)>& work) {
    auto* node = anyNode();
    if (!node) return false;
    try {
        work(node->program->core);
        return true;
    } catch (const Died&) {
        // Nobody got an answer.
        const bool isBusy = !node->busy.empty();
        die(*node, 1 + dice_.roll(70'000));
        if (!isBusy) node->mustDie = false;
        return false;
    } catch (const Poco::Exception& error) {
        log("the hub refused: " + error.displayText());
        return false;
    }
}

// ------------------------------------------------------------------- webhooks

void Simulation::emitWebhook(int system, const sdk::RecordRef& ref) {
    auto& one = company_.system(system);
    if (!one.webhooks) return;
    if (one.isOn(FaultKind::WebhookDrop, real()) && dice_.chance(60)) return;
    const auto body = one.timedWebhooks && dice_.chance(70) ? one.model->snapshot(ref)
                                                            : ref.object + "/" + ref.id;
    const bool isTimed = one.timedWebhooks;
    EpochMs delay = dice_.between(50, 1'500);
    if (one.isOn(FaultKind::WebhookLate, real())) delay = dice_.between(100, 300'000);
    const int times = one.isOn(FaultKind::WebhookTwice, real()) ? 2 : 1;
    for (int at = 0; at < times; ++at)
        later(delay + at * dice_.between(0, 20'000),
              [=, this] { deliverWebhook(system, body, isTimed, 0); });
    if (dice_.chance(1)) later(delay, [=, this] { deliverWebhook(system, "garbage", false, 0); });
}

void Simulation::deliverWebhook(int system, const std::string& body, bool timed, int tries) {
    store::Webhook webhook;
    const auto name = company_.system(system).plan.name;
    webhook.system = name;
    webhook.dedupe = std::to_string(++webhooks_);
    webhook.document = R"({"method":"POST"})";
    webhook.body = body;
    webhook.timed = timed;
    std::string id;
    const bool isStored = call([&](sync::Core& core) {
        core.store.write([&](store::Writer& unit) {
            webhook.id = id = unit.newId();
            webhook.receivedAt = core.time.now();
            unit.add(webhook);
        });
        core.wake(name);
    });
    if (isStored && body == "garbage") garbage_.insert(id);
    if (isStored) ++acceptedWebhooks_;
    if (!isStored && tries < 5)
        later(dice_.between(1'000, 60'000),
              [=, this] { deliverWebhook(system, body, timed, tries + 1); });
}

// ------------------------------------------------------------------- the whole run

Result Simulation::run() {
    live(90 * kSecond);
    calmMs_ = 90 * kSecond;
    const auto end = static_cast<EpochMs>(scenario_.hours * 3'600'000);
    while (!judge_.violation && (scenarioNow() < end || nextAct_ < scenario_.acts.size())) {
        if (nextAct_ >= scenario_.acts.size()) break;
        live(std::max<EpochMs>(1, std::min(end, scenario_.acts[nextAct_].at + 1) - scenarioNow()));
    }
    if (!judge_.violation) calm();
    Result result;
    result.violation = judge_.violation;
    if (result.violation) result.history = historyOf(*result.violation);
    for (const auto& [subject, events] : judge_.ledger().events)
        result.events += static_cast<int>(events.size());
    trace(result.events);
    trace(totalWrites());
    result.trace = trace_;
    result.hours = static_cast<double>(real() - FakeClock::kStart) / 3'600'000;
    result.writes = totalWrites();
    result.deaths = deaths_;
    result.checks = judge_.checks;
    result.commits = disk_.units;
    return result;
}

int Simulation::totalWrites() const {
    int total = 0;
    for (const auto& system : company_.systems)
        total += static_cast<int>(system->model->written.size());
    return total;
}

void Simulation::log(const std::string& text, int system, const sdk::RecordRef& ref, int person) {
    log_.push_back({real(), system, ref, person, text});
}

void Simulation::trace(const std::string& text) {
    for (const char letter : text)
        trace_ = (trace_ ^ static_cast<unsigned char>(letter)) * 1099511628211U;
}

void Simulation::trace(std::int64_t number) { trace(std::to_string(number)); }

}  // namespace concordat::simulation
