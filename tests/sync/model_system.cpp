// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/model_system.h"

#include <algorithm>
#include <utility>

#include "hub/consent/error.h"

namespace concordat::sync::test {

ModelSystem::ModelSystem(std::string name, FakeClock& clock, std::uint64_t seed)
    : tenant("tenant-" + name), name_(std::move(name)), clock_(clock), engine_(seed) {}

sdk::RecordRef ModelSystem::create(const std::string& id,
                                   const std::string& email,
                                   std::map<std::string, sdk::Shown> values) {
    Row row;
    row.ref = {"Contact", id};
    if (!email.empty()) row.identifiers.push_back({sdk::IdentifierKind::Email, email, "Email"});
    row.values = std::move(values);
    row.createdAt = clock_.wall;
    commit(std::move(row), faults.visibleAfterMs);
    return {"Contact", id};
}

void ModelSystem::change(const std::string& id, const std::function<void(Row&)>& edit) {
    Row copy = row(id);
    copy.actor = "user";
    edit(copy);
    commit(std::move(copy), faults.visibleAfterMs);
}

void ModelSystem::set(const std::string& id, const std::string& slot, sdk::Shown shown) {
    change(id, [&](Row& row) {
        row.values[slot] = shown;
        row.times.erase(slot);
    });
}

const Row& ModelSystem::row(const std::string& id) const {
    return rows_.at({"Contact", id}).back().row;
}

sdk::Shown ModelSystem::shown(const std::string& id, const std::string& slot) const {
    return row(id).values.at(slot);
}

std::vector<std::string> ModelSystem::ids() const {
    std::vector<std::string> result;
    for (const auto& [ref, versions] : rows_) result.push_back(ref.id);
    return result;
}

void ModelSystem::restore(EpochMs at) {
    for (auto& [ref, versions] : rows_) {
        const auto keep = std::find_if(versions.rbegin(), versions.rend(),
                                       [&](const Version& v) { return v.at <= at; });
        if (keep == versions.rend()) continue;
        versions.erase(keep.base(), versions.end());
    }
}

void ModelSystem::commit(Row row, EpochMs visibleAfter) {
    row.version = ++sequence_;
    row.modifiedAt = clock_.wall;
    auto& versions = rows_[row.ref];
    Version version{std::move(row), clock_.wall, clock_.wall + visibleAfter, sequence_};
    if (!versions.empty())
        version.visibleAt = std::max(version.visibleAt, versions.back().visibleAt);
    versions.push_back(std::move(version));
}

const ModelSystem::Version* ModelSystem::visible(const sdk::RecordRef& ref) const {
    const auto found = rows_.find(ref);
    if (found == rows_.end()) return nullptr;
    const Version* last = nullptr;
    for (const auto& version : found->second)
        if (version.visibleAt <= clock_.wall) last = &version;
    return last;
}

sdk::Observation ModelSystem::observation(const Row& row) const {
    sdk::Observation seen;
    seen.record = row.ref;
    seen.organisation = row.organisation;
    seen.identifiers = row.identifiers;
    seen.modifiedAt = sdk::VendorTime{row.modifiedAt, sdk::Precision::Millisecond, {}, {}};
    seen.createdAt = sdk::VendorTime{row.createdAt, sdk::Precision::Millisecond, {}, {}};
    seen.version = row.version;
    seen.askedAt = clock_.wall;
    seen.actor = row.actor;
    seen.deleted = row.deleted;
    seen.mergedInto = row.mergedInto;
    seen.person = row.person;
    for (const auto& [slot, shown] : row.values) {
        sdk::SlotReading reading;
        reading.slot = slot;
        reading.shown = shown;
        if (const auto time = row.times.find(slot); time != row.times.end())
            reading.time = time->second;
        if (const auto proof = row.evidence.find(slot); proof != row.evidence.end())
            reading.evidence = proof->second;
        seen.slots.push_back(std::move(reading));
    }
    return seen;
}

bool ModelSystem::hits(int percent) {
    return percent > 0 && static_cast<int>(engine_() % 100) < percent;
}

void ModelSystem::call() {
    ++calls;
    clock_.advance(1);
    if (isDown || hits(faults.callFails)) throw PluginError(name_ + " does not answer");
}

sdk::Check ModelSystem::check(const host::CallContext&) {
    call();
    sdk::Check check;
    check.tenantId = tenant;
    check.tenantName = "Account " + tenant;
    return check;
}

sdk::Page ModelSystem::pull(const sdk::PullRequest& request, const host::CallContext&) {
    call();
    const std::int64_t after = request.cursor.empty() ? 0 : std::stoll(request.cursor);
    std::map<std::int64_t, sdk::RecordRef> changed;
    std::int64_t safe = sequence_;
    for (const auto& [ref, versions] : rows_)
        for (const auto& version : versions) {
            if (version.visibleAt > clock_.wall) safe = std::min(safe, version.sequence - 1);
            if (version.sequence > after && version.visibleAt <= clock_.wall)
                changed[version.sequence] = ref;
        }
    sdk::Page page;
    std::set<sdk::RecordRef> seen;
    auto last = after;
    for (const auto& [sequence, ref] : changed) {
        if (static_cast<int>(seen.size()) == pageSize) {
            page.more = true;
            break;
        }
        last = sequence;
        if (seen.insert(ref).second) page.observations.push_back(observation(visible(ref)->row));
    }
    // The page goes to the newest row; only the cursor stays behind what may still appear.
    const auto cursor = page.more ? std::min(last, safe) : safe;
    if (page.more && cursor <= after && last > after) page.more = false;
    page.cursor = std::to_string(std::max<std::int64_t>(cursor, after));
    return page;
}

sdk::ReadReply ModelSystem::read(const std::vector<sdk::RecordRef>& records,
                                 const host::CallContext&) {
    if (beforeRead) std::exchange(beforeRead, nullptr)();
    call();
    sdk::ReadReply reply;
    for (const auto& ref : records) {
        if (const auto* version = visible(ref)) {
            reply.observations.push_back(observation(version->row));
        } else {
            reply.missing.push_back(ref);
        }
    }
    return reply;
}

sdk::ApplyReply ModelSystem::apply(const std::vector<sdk::ApplyItem>& items,
                                   const host::CallContext&) {
    ++calls;
    ++applyCalls;
    clock_.advance(1);
    if (beforeApply) beforeApply(items);
    sdk::ApplyReply reply;
    const bool isPartial = hits(faults.partial);
    for (std::size_t at = 0; at < items.size(); ++at) {
        sdk::Outcome outcome;
        if (isDown || (isPartial && at >= items.size() / 2)) {
            outcome.kind = sdk::OutcomeKind::Retry;
        } else {
            outcome = applyOne(items[at]);
        }
        reply.outcomes.push_back(std::move(outcome));
    }
    clock_.advance(1);
    if (afterApply) std::exchange(afterApply, nullptr)();
    return reply;
}

sdk::Outcome ModelSystem::applyOne(const sdk::ApplyItem& item) {
    sdk::Outcome outcome;
    const auto found = rows_.find(item.record);
    outcome.kind = sdk::OutcomeKind::NotFound;
    if (found == rows_.end() || found->second.back().row.deleted) return outcome;
    outcome.kind = sdk::OutcomeKind::Retry;
    if (hits(faults.retry)) return outcome;
    outcome.kind = sdk::OutcomeKind::Rejected;
    outcome.message = rejects;
    if (!rejects.empty()) return outcome;
    Row row = found->second.back().row;
    outcome.kind = sdk::OutcomeKind::Conflict;
    if (isConditional && item.expectedVersion != 0 && item.expectedVersion != row.version)
        return outcome;
    outcome.kind = sdk::OutcomeKind::Unknown;
    if (hits(faults.neverArrived)) return outcome;
    row.actor = "hub";
    for (const auto& write : item.writes) {
        written.push_back({clock_.wall, item.record, write.slot, write.permit,
                           row.values.at(write.slot), item.generation});
        if (write.permit && ignoresPermits) continue;
        row.values[write.slot] = shows.at(write.slot).at(write.permit);
        row.times.erase(write.slot);
        row.evidence.erase(write.slot);
        if (write.evidence) row.evidence[write.slot] = *write.evidence;
    }
    if (!ignoresPermits) commit(std::move(row), faults.visibleAfterMs);
    if (hits(faults.lostReply)) return outcome;
    outcome.kind = sdk::OutcomeKind::Applied;
    if (pendingToken) {
        outcome.kind = sdk::OutcomeKind::Pending;
        outcome.token = *pendingToken;
        outcome.retryAfterMs = 1'000;
    }
    if (answersWithValues) outcome.observed = observation(rows_.at(item.record).back().row);
    return outcome;
}

sdk::ApplyReply ModelSystem::pollApply(const std::string&, const host::CallContext&) {
    call();
    sdk::Outcome outcome;
    outcome.kind = sdk::OutcomeKind::Applied;
    return {{outcome}};
}

sdk::WebhookNews ModelSystem::parseWebhook(const sdk::WebhookRequest& request,
                                           const host::CallContext&) {
    if (request.body == "garbage") throw PluginError("the webhook is no JSON");
    sdk::WebhookNews news;
    if (request.query == "values") {
        news.observations.push_back(observation(row(request.body)));
    } else {
        news.changed.push_back({"Contact", request.body});
    }
    return news;
}

}  // namespace concordat::sync::test
