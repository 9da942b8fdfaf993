// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/intake.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::sync {

namespace {

constexpr EpochMs kForeignMs = 60'000;
constexpr EpochMs kReconsiderMs = 30'000;
constexpr EpochMs kHealthMs = 300'000;
constexpr int kReconsiderAtOnce = 200;
constexpr int kParseTries = 3;

sdk::WebhookRequest requestOf(const store::Webhook& webhook) {
    const auto json = nlohmann::json::parse(webhook.document, nullptr, false);
    sdk::WebhookRequest request;
    request.body = webhook.body;
    if (!json.is_object()) return request;
    request.method = json.value("method", "");
    request.query = json.value("query", "");
    if (json.contains("headers"))
        request.headers = json["headers"].get<std::map<std::string, std::string>>();
    return request;
}

host::CallContext callContext(host::Priority priority) {
    host::CallContext context;
    context.priority = priority;
    return context;
}

}  // namespace

Intake::Intake(Core& core, const SystemPlan& plan, host::Connector& connector, Observer& observer)
    : core_(core),
      plan_(plan),
      connector_(connector),
      observer_(observer),
      intervalMs_(plan.pollIntervalMs) {
    const auto abilities = connector.description().abilities;
    knowsHealth_ = std::count(abilities.begin(), abilities.end(), "health") > 0;
}

bool Intake::step() {
    const auto now = core_.time.now();
    if (now >= nextCheckAt_) checkTenant();
    Standing state;
    core_.store.read([&](store::Reader& reader) { state = standing(reader, plan_.name); });
    if (!state.foreignTenant.empty()) {
        nextCheckAt_ = std::min(nextCheckAt_, now + kForeignMs);
        nextPullAt_ = nextReconsiderAt_ = nextSweepAt_ = nextCheckAt_;
        return false;
    }
    if (now >= nextReconsiderAt_) reconsider();
    bool more = takeWebhooks();
    more = takeHeldBack() || more;
    if (now >= nextPullAt_) more = pull() || more;
    if (plan_.sweepMs > 0 && state.isOpen() && now >= nextSweepAt_) more = sweep() || more;
    return more;
}

EpochMs Intake::nextAt() const {
    auto next = std::min({nextPullAt_, nextCheckAt_, nextReconsiderAt_});
    if (plan_.sweepMs > 0) next = std::min(next, std::max(nextSweepAt_, nextPullAt_));
    return next;
}

void Intake::checkTenant() {
    const auto check = connector_.check(callContext(host::Priority::Read));
    nextCheckAt_ = core_.time.now() + kHourMs;
    inUnit(core_, [&](Unit& unit) {
        auto state = standing(unit.store(), plan_.name);
        const auto pinned = !state.tenantId.empty() ? state.tenantId : plan_.tenantPin;
        const bool isForeign = !pinned.empty() && check.tenantId != pinned;
        const auto dedupe = "tenant/" + plan_.name;
        if (isForeign) {
            const auto text = plan_.name + " is pinned to account " + pinned + " (" +
                              state.tenantName + ") but answered as " + check.tenantId + " (" +
                              check.tenantName + "); its lanes stand still.";
            unit.store().add(store::Incident{unit.store().newId(), "tenant", plan_.name, "",
                                             unit.now(), 0, text, dedupe});
            state.foreignTenant = check.tenantId;
        } else {
            if (!state.foreignTenant.empty()) unit.store().resolveIncidents(dedupe, unit.now());
            state.foreignTenant.clear();
            state.tenantId = check.tenantId;
            state.tenantName = check.tenantName;
            if (state.phase == Phase::New) state.phase = Phase::Loading;
        }
        put(unit.store(), state);
    });
}

bool Intake::takeWebhooks() {
    std::vector<store::Webhook> webhooks;
    const auto limit = core_.plan.settings.webhooksPerStep;
    core_.store.read([&](store::Reader& reader) { webhooks = reader.webhooks(plan_.name, limit); });
    if (webhooks.empty()) return false;
    std::vector<Sighting> sightings;
    std::map<sdk::RecordRef, EpochMs> toRead;
    std::vector<std::string> decided;
    for (const auto& webhook : webhooks) {
        try {
            parse(webhook, sightings, toRead);
            decided.push_back(webhook.id);
            parseFailures_.erase(webhook.id);
        } catch (const PluginError& error) {
            // One broken webhook must not hold up the others; a connector that is down is met again
            // by the read below.
            if (++parseFailures_[webhook.id] < kParseTries) continue;
            parseFailures_.erase(webhook.id);
            const auto problem = error.message();
            core_.store.write([&](store::Writer& unit) { unit.putProblem(webhook.id, problem); });
        }
    }
    if (!sightings.empty()) observer_.observe(sightings);
    readAndTakeIn(toRead, Source::Read, [&](Unit& unit) {
        for (const auto& id : decided) unit.store().removeWebhook(id);
    });
    core_.counters.add(&Counts::webhooks, static_cast<std::int64_t>(decided.size()));
    return static_cast<int>(webhooks.size()) == limit && !decided.empty();
}

void Intake::parse(const store::Webhook& webhook,
                   std::vector<Sighting>& sightings,
                   std::map<sdk::RecordRef, EpochMs>& toRead) {
    const auto news =
        connector_.parseWebhook(requestOf(webhook), callContext(host::Priority::Consent));
    const auto want = [&](const sdk::RecordRef& ref) {
        const auto [found, isNew] = toRead.try_emplace(ref, webhook.receivedAt);
        if (!isNew) found->second = std::min(found->second, webhook.receivedAt);
    };
    for (const auto& observation : news.observations) {
        want(observation.record);
        if (!webhook.timed) continue;
        Sighting sighting{observation, Source::Webhook, webhook.receivedAt, false, webhook.id};
        sighting.observation.askedAt = webhook.receivedAt;
        sightings.push_back(std::move(sighting));
    }
    for (const auto& ref : news.changed) want(ref);
}

bool Intake::takeHeldBack() {
    std::map<sdk::RecordRef, EpochMs> refs;
    core_.store.read([&](store::Reader& reader) {
        for (const auto& ref : heldBack(reader, plan_.name, core_.time.now())) refs[ref] = 0;
    });
    if (refs.empty()) return false;
    readAndTakeIn(refs, Source::Read, [&](Unit& unit) {
        for (const auto& [ref, at] : refs) release(unit.store(), plan_.name, ref);
    });
    return false;
}

bool Intake::pull() {
    std::string cursor;
    core_.store.read([&](store::Reader& reader) { cursor = reader.cursor(plan_.name, "pull"); });
    const auto page = connector_.pull({cursor, plan_.pageSize}, callContext(host::Priority::Read));
    ++calls_;
    std::vector<Sighting> sightings;
    sightings.reserve(page.observations.size());
    for (const auto& observation : page.observations)
        sightings.push_back({observation, Source::Pull, 0, false, ""});
    if (!sightings.empty() || page.cursor != cursor)
        takeIn(std::move(sightings), [&](Unit& unit) {
            if (page.cursor != cursor) unit.store().putCursor(plan_.name, "pull", page.cursor);
        });
    if (!page.more && page.waitMs == 0) reachedEnd();
    learnQuota();
    const auto now = core_.time.now();
    nextPullAt_ = now + (page.more ? 0 : page.waitMs > 0 ? page.waitMs : intervalMs_);
    return page.more && page.waitMs == 0;
}

void Intake::reachedEnd() {
    Standing state;
    core_.store.read([&](store::Reader& reader) { state = standing(reader, plan_.name); });
    if (state.phase == Phase::Open && !state.recovering) return;
    inUnit(core_, [&](Unit& unit) {
        if (state.recovering) endRecovery(unit.store(), plan_.name);
        auto current = standing(unit.store(), plan_.name);
        if (current.phase == Phase::Loading) {
            current.phase = Phase::Loaded;
            current.loadedAt = unit.now();
            put(unit.store(), current);
        }
        openIfReady(unit);
    });
    if (core_.wake)
        for (const auto& plan : core_.plan.systems) core_.wake(plan.name);
}

void Intake::openIfReady(Unit& unit) {
    std::vector<Standing> waiting;
    for (const auto& plan : core_.plan.systems) {
        if (!plan.opensByItself) continue;
        const auto state = standing(unit.store(), plan.name);
        // Systems connected together load first and open together.
        if (state.phase == Phase::New || state.phase == Phase::Loading) return;
        if (state.phase == Phase::Loaded) waiting.push_back(state);
    }
    for (auto& state : waiting) {
        state.phase = Phase::Open;
        put(unit.store(), state);
    }
}

bool Intake::sweep() {
    nextSweepAt_ = core_.time.now() + plan_.sweepMs;
    const auto size = std::max(1, plan_.readBatch);
    std::vector<store::Record> records;
    core_.store.read([&](store::Reader& reader) {
        records = reader.records(plan_.name, {reader.cursor(plan_.name, "sweep"), size});
    });
    std::map<sdk::RecordRef, EpochMs> refs;
    for (const auto& record : records)
        if (!record.closed) refs[record.ref] = 0;
    const auto cursor =
        static_cast<int>(records.size()) < size ? "" : store::cursorOf(records.back());
    readAndTakeIn(refs, Source::Sweep,
                  [&](Unit& unit) { unit.store().putCursor(plan_.name, "sweep", cursor); });
    return false;
}

void Intake::reconsider() {
    nextReconsiderAt_ = core_.time.now() + kReconsiderMs;
    std::vector<std::string> subjects;
    core_.store.read([&](store::Reader& reader) {
        subjects = reader.subjectsToReconsider(core_.time.now(), kReconsiderAtOnce);
    });
    if (subjects.empty()) return;
    inUnit(core_, [&](Unit& unit) {
        for (const auto& subject : subjects) unit.touch(subject, unit.now());
    });
    if (static_cast<int>(subjects.size()) == kReconsiderAtOnce) nextReconsiderAt_ = 0;
}

void Intake::learnQuota() {
    const auto now = core_.time.now();
    if (!knowsHealth_ || now < nextHealthAt_) return;
    nextHealthAt_ = now + kHealthMs;
    const auto health = connector_.health(callContext(host::Priority::Sweep));
    intervalMs_ = plan_.pollIntervalMs;
    const auto leftOfDay = kDayMs - now % kDayMs;
    for (const auto& [pool, left] : health.quotaLeft)
        // At most half of what is left for the day goes into polling.
        intervalMs_ = std::max(intervalMs_, leftOfDay / std::max<std::int64_t>(1, left / 2));
}

sdk::ReadReply Intake::read(const std::vector<sdk::RecordRef>& refs, host::Priority priority) {
    sdk::ReadReply all;
    const auto size = static_cast<std::size_t>(std::max(1, plan_.readBatch));
    for (std::size_t from = 0; from < refs.size(); from += size) {
        const std::vector<sdk::RecordRef> part(
            refs.begin() + static_cast<std::ptrdiff_t>(from),
            refs.begin() + static_cast<std::ptrdiff_t>(std::min(refs.size(), from + size)));
        auto reply = connector_.read(part, callContext(priority));
        ++calls_;
        std::move(reply.observations.begin(), reply.observations.end(),
                  std::back_inserter(all.observations));
        all.missing.insert(all.missing.end(), reply.missing.begin(), reply.missing.end());
    }
    return all;
}

void Intake::readAndTakeIn(const std::map<sdk::RecordRef, EpochMs>& refs,
                           Source source,
                           const std::function<void(Unit&)>& last) {
    std::vector<sdk::RecordRef> wanted;
    for (const auto& [ref, at] : refs) wanted.push_back(ref);
    auto reply =
        read(wanted, source == Source::Sweep ? host::Priority::Sweep : host::Priority::Consent);
    std::vector<Sighting> sightings;
    for (auto& observation : reply.observations) {
        const auto found = refs.find(observation.record);
        const auto acceptedAt = found == refs.end() ? 0 : found->second;
        sightings.push_back({std::move(observation), source, acceptedAt, false, ""});
    }
    takeIn(std::move(sightings), [&](Unit& unit) {
        for (const auto& ref : reply.missing) observer_.gone(unit, ref);
        last(unit);
    });
}

void Intake::takeIn(std::vector<Sighting> sightings, const std::function<void(Unit&)>& last) {
    auto seen = observer_.observe(sightings, last);
    if (seen.readAgain.empty() && seen.deferred.empty()) return;
    std::map<sdk::RecordRef, const Sighting*> frames;
    for (const auto& sighting : sightings) frames[sighting.observation.record] = &sighting;
    auto refs = seen.needed;
    refs.insert(refs.end(), seen.readAgain.begin(), seen.readAgain.end());
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
    auto reply = read(refs, host::Priority::Consent);
    std::vector<Sighting> again;
    for (auto& observation : reply.observations) {
        const auto frame = frames.find(observation.record);
        Sighting sighting{std::move(observation), Source::Read, 0, true, ""};
        if (frame != frames.end()) {
            sighting.acceptedAt = frame->second->acceptedAt;
            sighting.causation = frame->second->causation;
        }
        again.push_back(std::move(sighting));
    }
    for (auto& sighting : seen.deferred) {
        sighting.lastChance = true;
        again.push_back(std::move(sighting));
    }
    observer_.observe(again, [&](Unit& unit) {
        for (const auto& ref : reply.missing) observer_.gone(unit, ref);
        last(unit);
    });
}

}  // namespace concordat::sync
