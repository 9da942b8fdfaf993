// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/world.h"

#include <algorithm>

namespace concordat::sync::test {

namespace {
std::string fakeHash(const consent::Point& point) {
    return consent::pointPrefix(point.kind) + point.name + "#" + point.value;
}
}  // namespace

Program::Program(store::Store& store, const Plan& plan, Clock& clock, Random& random)
    : time(clock, store),
      fuse(plan.settings.fuseFlips),
      core{store,    plan,     time,
           random,   counters, fuse,
           fakeHash, "key",    [this](const std::string& system) {
               woken.insert(system); }} {}

void Program::connect(const SystemPlan& plan, host::Connector& reading, host::Connector& writing) {
    readers.push_back(std::make_unique<ReadLane>(core, plan, reading));
    writers.push_back(std::make_unique<WriteLane>(core, plan, writing));
}

World::World(std::uint64_t seed) : random(seed) {
    auto& policy = company.policy;
    consent::Purpose marketing;
    marketing.code = "marketing";
    marketing.directMarketing = true;
    policy.purposes["marketing"] = marketing;
    consent::Purpose newsletter = marketing;
    newsletter.code = "newsletter";
    newsletter.parent = "marketing";
    policy.purposes["newsletter"] = newsletter;
    policy.channels = {"email", "phone"};
    policy.scopes["acme"] = {"acme", consent::Spread::Own, ""};
}

ModelSystem& World::add(const std::string& name, sdk::Shown permit, sdk::Shown deny) {
    auto model = std::make_unique<ModelSystem>(name, clock, random.next());
    model->shows[kEmail] = {{true, permit}, {false, deny}};
    consent::SlotRules rules;
    rules.slot.id = kEmail;
    rules.slot.object = "Contact";
    rules.slot.showsPermit = permit;
    rules.slot.showsDeny = deny;
    rules.slot.recordTimeMoves = true;
    rules.scope = "acme";
    rules.purposes = {"marketing"};
    rules.channels = {"email"};
    SystemPlan plan;
    plan.name = name;
    plan.scope = "acme";
    plan.region = "FR";
    plan.slots = {rules};
    plan.readBatch = 50;
    plan.applyBatch = 20;
    plan.opensByItself = true;
    plan.sweepMs = 0;
    company.systems.push_back(plan);
    return *systems_.emplace(name, std::move(model)).first->second;
}

ModelSystem& World::addFlag(const std::string& name) {
    return add(name, sdk::Shown::None, sdk::Shown::Deny);
}

ModelSystem& World::addSet(const std::string& name) {
    return add(name, sdk::Shown::Permit, sdk::Shown::Absent);
}

ModelSystem& World::addRecord(const std::string& name) {
    auto& model = add(name, sdk::Shown::Permit, sdk::Shown::Deny);
    plan(name).slots.front().slot.carriesEvidence = true;
    return model;
}

SystemPlan& World::plan(const std::string& name) {
    for (auto& plan : company.systems)
        if (plan.name == name) return plan;
    throw std::logic_error("no system " + name);
}

void World::restart() {
    store.revive();
    program_ = std::make_unique<Program>(store, company, clock, random);
    for (const auto& plan : company.systems) {
        auto& connector = *systems_.at(plan.name);
        program_->connect(plan, connector, connector);
    }
}

Program& World::program() {
    if (!program_) restart();
    return *program_;
}

void World::run(EpochMs ms) {
    auto& program = this->program();
    const auto end = clock.wall + ms;
    while (clock.wall < end) {
        auto next = end;
        for (std::size_t at = 0; at < company.systems.size(); ++at) {
            const bool isWoken = program.woken.erase(company.systems[at].name) > 0;
            const std::vector<Lane*> lanes{program.readers[at].get(), program.writers[at].get()};
            for (auto* lane : lanes) {
                auto& until = program.until[lane];
                if (until > clock.wall && !isWoken) {
                    next = std::min(next, until);
                    continue;
                }
                const auto rest = lane->step();
                until = rest.atOnce ? clock.wall : rest.until;
                next = std::min(next, until);
            }
        }
        if (!program.woken.empty()) next = clock.wall;
        clock.advance(std::max<EpochMs>(1, next - clock.wall));
    }
}

void World::start() { run(10'000); }

std::string World::subjectOf(const std::string& system, const std::string& id) {
    std::string subject;
    store.read([&](store::Reader& reader) {
        if (const auto record = reader.record(system, {"Contact", id})) subject = record->subject;
    });
    return subject;
}

consent::Effective World::effective(const std::string& system, const std::string& id) {
    consent::Effective result;
    store.read([&](store::Reader& reader) {
        for (const auto& row : reader.effective(subjectOf(system, id)))
            if (row.key == consent::Key{"acme", "marketing", "email"}) result = row.effective;
    });
    return result;
}

std::string World::answer(const std::string& system, const std::string& id) {
    switch (effective(system, id).answer) {
        case consent::Answer::Permit:
            return "permit";
        case consent::Answer::Deny:
            return "deny";
        case consent::Answer::Unknown:
            return "unknown";
    }
    return "";
}

void World::say(const std::string& subject, consent::Decision decision) {
    inUnit(core(), [&](Unit& unit) {
        consent::Event event;
        event.subject = subject;
        event.scope = "acme";
        event.purposes = {"marketing"};
        event.channels = {"email"};
        event.decision = decision;
        event.time = consent::EventTime{unit.now(), "hub:1", 0};
        if (decision == consent::Decision::Granted) {
            consent::Proof proof;
            proof.held = true;
            proof.direct = true;
            proof.capturedAt = unit.now();
            proof.confirmedAt = unit.now();
            proof.source = "portal";
            proof.method = "double_opt_in";
            event.proof = proof;
        }
        unit.append(event, unit.now());
    });
}

int World::openItems(const std::string& kind) {
    return static_cast<int>(
        std::count_if(store.state.inbox.begin(), store.state.inbox.end(),
                      [&](const auto& item) { return item.kind == kind && item.closedAt == 0; }));
}

int World::openIncidents(const std::string& kind) {
    const auto& incidents = store.state.incidents;
    return static_cast<int>(std::count_if(
        incidents.begin(), incidents.end(),
        [&](const auto& incident) { return incident.kind == kind && incident.resolvedAt == 0; }));
}

std::vector<std::string> World::stages(const std::string& subject, const std::string& system) {
    std::vector<std::string> result;
    for (const auto& delivery : store.state.deliveries)
        if (delivery.subject == subject && delivery.system == system)
            result.push_back(delivery.stage);
    return result;
}

void World::webhook(const std::string& system, const std::string& id, bool timed) {
    store::Webhook webhook;
    webhook.id = "W" + std::to_string(++webhooks_);
    webhook.system = system;
    webhook.dedupe = webhook.id;
    webhook.receivedAt = core().time.now();
    webhook.document = timed ? R"({"method":"POST","query":"values"})" : R"({"method":"POST"})";
    webhook.body = id;
    webhook.timed = timed;
    store.write([&](store::Writer& unit) { unit.add(webhook); });
    core().wake(system);
}

}  // namespace concordat::sync::test
