// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/company.h"

#include <algorithm>

namespace concordat::simulation {

namespace {

using consent::SlotRules;
using sdk::Shown;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

SlotRules slotOf(const std::string& id,
                 const std::string& object,
                 Shown permit,
                 Shown deny,
                 std::vector<std::string> purposes,
                 std::vector<std::string> channels) {
    SlotRules rules;
    rules.slot.id = id;
    rules.slot.object = object;
    rules.slot.showsPermit = permit;
    rules.slot.showsDeny = deny;
    rules.purposes = std::move(purposes);
    rules.channels = std::move(channels);
    rules.evidenceSources = {"web form"};
    return rules;
}

/// Opt-out flags that share the record's time, and consent rows with a date people can type.
std::vector<SlotRules> salesforce() {
    auto email =
        slotOf("contact.email", "Contact", Shown::None, Shown::Deny, {"marketing"}, {"email"});
    auto phone =
        slotOf("contact.phone", "Contact", Shown::None, Shown::Deny, {"marketing"}, {"phone"});
    auto consent =
        slotOf("contact.consent", "Contact", Shown::Permit, Shown::Deny, {"newsletter"}, {"email"});
    auto lead = slotOf("lead.email", "Lead", Shown::None, Shown::Deny, {"marketing"}, {"email"});
    for (auto* flag : {&email, &phone, &lead}) flag->slot.recordTimeMoves = true;
    consent.slot.hasTime = true;
    consent.slot.timeEditable = true;
    consent.slot.carriesEvidence = true;
    return {email, phone, consent, lead};
}

/// Sets without any time; to be in the set is to permit.
std::vector<SlotRules> sellsy(Dice& dice) {
    auto email =
        slotOf("contact.email", "Contact", Shown::Permit, Shown::Absent, {"marketing"}, {"email"});
    auto sms =
        slotOf("contact.sms", "Contact", Shown::Permit, Shown::Absent, {"marketing"}, {"sms"});
    const auto absence = std::vector{consent::Absence::Keep, consent::Absence::Keep,
                                     consent::Absence::Refusal, consent::Absence::Unknown};
    email.absence = dice.of(absence);
    sms.absence = email.absence;
    return {email, sms};
}

/// Consent rows that say yes or no, with a date.
std::vector<SlotRules> eudonet(Dice& dice) {
    auto news =
        slotOf("person.news", "Contact", Shown::Permit, Shown::Deny, {"newsletter"}, {"email"});
    auto all = slotOf("person.all", "Contact", Shown::Permit, Shown::Deny, {"marketing"}, {"any"});
    news.slot.hasTime = true;
    news.slot.dayPrecision = true;
    news.slot.carriesEvidence = true;
    all.slot.hasTime = dice.chance(50);
    all.slot.carriesEvidence = true;
    return {news, all};
}

}  // namespace

EpochMs System::troubledUntil() const {
    EpochMs last = 0;
    for (const auto& [fault, at] : until) last = std::max(last, at);
    return last;
}

std::vector<const SlotRules*> System::slotsOf(const std::string& object) const {
    std::vector<const SlotRules*> result;
    for (const auto& rules : plan.slots)
        if (rules.slot.object == object) result.push_back(&rules);
    return result;
}

const SlotRules* System::slot(const std::string& id) const {
    for (const auto& rules : plan.slots)
        if (rules.slot.id == id) return &rules;
    return nullptr;
}

void System::refresh(EpochMs real) {
    auto& faults = model->faults;
    faults = {};
    const auto percent = [&](FaultKind fault, int low, int high) {
        if (!isOn(fault, real)) return 0;
        return low + static_cast<int>(how[fault] % static_cast<std::uint64_t>(high - low + 1));
    };
    faults.lostReply = percent(FaultKind::CommitThenTimeout, 20, 90);
    faults.neverArrived = percent(FaultKind::NeverArrived, 20, 90);
    faults.partial = percent(FaultKind::PartialBatch, 30, 100);
    faults.retry =
        std::max(percent(FaultKind::TooMany, 40, 100), percent(FaultKind::ServerError, 10, 60));
    faults.callFails =
        std::max(percent(FaultKind::TooMany, 20, 90), percent(FaultKind::ServerError, 20, 90));
    faults.stale = percent(FaultKind::StaleReads, 20, 80);
    faults.staleByMs = 1'000 + static_cast<EpochMs>(how[FaultKind::StaleReads] % 60'000);
    faults.visibleAfterMs = isOn(FaultKind::LateRows, real)
                                ? 500 + static_cast<EpochMs>(how[FaultKind::LateRows] % 20'000)
                                : 0;
    faults.again = percent(FaultKind::PagesAgain, 30, 100);
    faults.late = percent(FaultKind::LateCommit, 20, 80);
    faults.lateByMs = 500 + static_cast<EpochMs>(how[FaultKind::LateCommit] %
                                                 static_cast<std::uint64_t>(std::max<EpochMs>(
                                                     1, plan.commitDelayMs - 500)));
    faults.dies = percent(FaultKind::ConnectorDies, 20, 80);
    faults.reject = percent(FaultKind::Rejects, 20, 100);
    model->isDown = isOn(FaultKind::TokenExpired, real);
}

Company::Company(const Scenario& scenario, FakeClock& clock) : scenario_(scenario) {
    Dice dice(scenario.seed ^ 0xC0FFEE);
    addPolicy(dice);
    settings.fuseFlips = dice.chance(70) ? 1'000 : 6;
    settings.backoffMs = dice.between(200, 2'000);
    settings.regressionCap = dice.chance(50) ? 50 : 3;
    settings.recordsPerUnit = static_cast<int>(dice.between(1, 64));
    for (int at = 0; at < scenario.systems; ++at) addSystem(at, dice, clock);
    for (int at = 0; at < scenario.systems; ++at)
        for (int person = 0; person < scenario.people; ++person)
            if (dice.chance(65)) create(at, person, dice);
}

void Company::addPolicy(Dice& dice) {
    consent::Purpose marketing;
    marketing.code = "marketing";
    marketing.directMarketing = true;
    consent::Purpose newsletter = marketing;
    newsletter.code = "newsletter";
    newsletter.parent = "marketing";
    newsletter.version = "2";
    if (dice.chance(50)) newsletter.accepts = {"1"};
    newsletter.doubleOptIn = dice.chance(40);
    consent::Purpose surveys = marketing;
    surveys.code = "surveys";
    if (dice.chance(30)) surveys.maximumAgeMs = dice.between(1, 6) * kHour;
    if (dice.chance(15)) marketing.maximumAgeMs = dice.between(3, 12) * kHour;
    consent::Purpose profiling;
    profiling.code = "profiling";
    profiling.channelNone = true;
    for (const auto& purpose : {marketing, newsletter, surveys, profiling})
        policy.purposes[purpose.code] = purpose;
    policy.channels = {"email", "phone", "sms"};
    const auto spread = dice.chance(50) ? consent::Spread::Group : consent::Spread::Own;
    policy.scopes["acme"] = {"acme", spread, "group"};
    policy.scopes["acme_it"] = {"acme_it", spread, "group"};
    policy.scopes["other"] = {"other", consent::Spread::Own, ""};
    policy.notices = {"notice-1"};
    for (const auto& [name, scope] : policy.scopes)
        for (const auto& [code, purpose] : policy.purposes) {
            if (purpose.channelNone) {
                keys.push_back({name, code, "none"});
                continue;
            }
            for (const auto& channel : policy.channels) keys.push_back({name, code, channel});
        }
}

void Company::addSystem(int at, Dice& dice, FakeClock& clock) {
    auto system = std::make_unique<System>();
    system->vendor = static_cast<Vendor>(dice.roll(3));
    auto& plan = system->plan;
    plan.name = std::string(system->vendor == Vendor::Salesforce ? "salesforce"
                            : system->vendor == Vendor::Sellsy   ? "sellsy"
                                                                 : "eudonet") +
                std::to_string(at);
    plan.scope = dice.chance(70) ? "acme" : dice.chance(60) ? "acme_it" : "other";
    plan.region = "FR";
    plan.slots = system->vendor == Vendor::Salesforce ? salesforce()
                 : system->vendor == Vendor::Sellsy   ? sellsy(dice)
                                                      : eudonet(dice);
    plan.conditionalWrites = system->vendor == Vendor::Salesforce;
    const auto settle = dice.of(std::vector<std::int64_t>{0, 2'000, 8'000});
    const bool moves = dice.chance(70);
    for (auto& rules : plan.slots) {
        rules.scope = plan.scope;
        rules.slot.settleMs = settle;
        rules.slot.lostUpdate = !plan.conditionalWrites;
        if (!rules.slot.hasTime) rules.slot.recordTimeMoves = moves;
        if (dice.chance(10)) rules.trustedActors = {"user"};
        rules.directDoubleOptIn = dice.chance(30);
        if (dice.chance(8)) rules.grants = consent::Grants::Never;
    }
    plan.commitDelayMs = dice.between(5'000, 30'000);
    plan.readBatch = static_cast<int>(dice.between(15, 50));
    plan.applyBatch = system->vendor == Vendor::Eudonet ? 1 : static_cast<int>(dice.between(2, 20));
    plan.pollIntervalMs = dice.of(std::vector<std::int64_t>{30'000, 90'000, 180'000});
    plan.sweepMs = dice.of(std::vector<std::int64_t>{300'000, 600'000});
    plan.caps = dice.chance(85) ? sync::Caps{100, 100'000, 100'000} : sync::Caps{5, 500, 4};
    plan.opensByItself = true;
    plan.notes = false;
    system->model = std::make_unique<ModelSystem>(plan.name, clock, dice.next());
    auto& model = *system->model;
    model.isConditional = plan.conditionalWrites;
    model.numbering =
        plan.conditionalWrites
            ? sync::test::Versions::Counter
            : dice.of(std::vector{sync::test::Versions::Counter, sync::test::Versions::Seconds,
                                  sync::test::Versions::None});
    model.answersWithValues = dice.chance(25);
    model.reportsDeletes = system->vendor != Vendor::Eudonet || dice.chance(50);
    model.pageSize = static_cast<int>(dice.between(1, 30));
    model.skewMs = dice.chance(40) ? dice.between(-600'000, 600'000) : 0;
    for (const auto& rules : plan.slots)
        model.shows[rules.slot.id] = {{true, rules.slot.showsPermit},
                                      {false, rules.slot.showsDeny}};
    system->webhooks = dice.chance(60);
    system->timedWebhooks = dice.chance(50);
    systems.push_back(std::move(system));
}

sync::Plan Company::planOf(int node) const {
    sync::Plan plan;
    plan.policy = policy;
    plan.settings = settings;
    plan.settings.node = std::to_string(node + 1);
    for (const auto& system : systems) plan.systems.push_back(system->plan);
    return plan;
}

sdk::RecordRef Company::create(int at, int person, Dice& dice) {
    auto& system = this->system(at);
    Row row;
    const bool isLead = system.vendor == Vendor::Salesforce && dice.chance(20);
    row.ref = {isLead ? "Lead" : "Contact",
               "p" + std::to_string(person) + "-" + std::to_string(system.made++)};
    row.identifiers.push_back({sdk::IdentifierKind::Email, emailOf(person), "Email"});
    if (dice.chance(10))
        row.identifiers.push_back({sdk::IdentifierKind::Email, "info@acme.example", "Email2"});
    if (dice.chance(10))
        row.identifiers.push_back({sdk::IdentifierKind::Phone, "+33612345678", "Phone"});
    for (const auto* rules : system.slotsOf(row.ref.object)) {
        const auto& slot = rules->slot;
        const auto kind = dice.roll(10);
        auto shown = slot.showsPermit;
        if (slot.showsPermit == Shown::Permit && slot.showsDeny == Shown::Deny && kind < 6)
            shown = kind < 3 ? Shown::Absent : Shown::None;
        if (kind >= 9 || (slot.showsDeny == Shown::Absent && kind >= 5)) shown = slot.showsDeny;
        row.values[slot.id] = shown;
    }
    const auto ref = row.ref;
    people[{at, ref}] = person;
    system.model->add(std::move(row));
    return ref;
}

std::vector<sdk::RecordRef> Company::rowsOf(int system, int person) const {
    std::vector<sdk::RecordRef> result;
    for (const auto& [name, owner] : people)
        if (name.first == system && owner == person) result.push_back(name.second);
    return result;
}

int Company::personOf(int system, const sdk::RecordRef& ref) const {
    const auto found = people.find({system, ref});
    return found == people.end() ? -1 : found->second;
}

}  // namespace concordat::simulation
