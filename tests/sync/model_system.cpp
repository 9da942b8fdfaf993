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
    row.createdAt = now();
    commit(std::move(row), faults.visibleAfterMs);
    return {"Contact", id};
}

sdk::RecordRef ModelSystem::add(Row row) {
    row.createdAt = now();
    auto ref = row.ref;
    commit(std::move(row), faults.visibleAfterMs);
    return ref;
}

void ModelSystem::change(const std::string& id, const std::function<void(Row&)>& edit) {
    change(sdk::RecordRef{"Contact", id}, edit);
}

void ModelSystem::change(const sdk::RecordRef& ref, const std::function<void(Row&)>& edit) {
    Row copy = row(ref);
    copy.actor = "user";
    edit(copy);
    commit(std::move(copy), faults.visibleAfterMs);
}

void ModelSystem::merge(const sdk::RecordRef& loser, const sdk::RecordRef& winner) {
    change(loser, [&](Row& row) {
        row.deleted = true;
        row.mergedInto = winner;
    });
    change(winner, [](Row&) {});
}

void ModelSystem::set(const std::string& id, const std::string& slot, sdk::Shown shown) {
    change(id, [&](Row& row) {
        row.values[slot] = shown;
        row.times.erase(slot);
    });
}

const Row& ModelSystem::row(const std::string& id) const {
    return row(sdk::RecordRef{"Contact", id});
}

const Row& ModelSystem::row(const sdk::RecordRef& ref) const { return rows_.at(ref).back().row; }

std::vector<sdk::RecordRef> ModelSystem::refs() const {
    std::vector<sdk::RecordRef> result;
    for (const auto& [ref, versions] : rows_) result.push_back(ref);
    return result;
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
        const Row before = versions.back().row;
        versions.erase(keep.base(), versions.end());
        if (onChange) onChange({before, versions.back().row, false});
    }
    late_.clear();
}

void ModelSystem::commit(Row row, EpochMs visibleAfter, bool byHub) {
    row.version = ++sequence_;
    row.modifiedAt = now();
    const auto real = clock_.real();
    auto& versions = rows_[row.ref];
    Version version{std::move(row), real, real + visibleAfter, sequence_};
    if (!versions.empty())
        version.visibleAt = std::max(version.visibleAt, versions.back().visibleAt);
    log_.push_back({sequence_, version.row.ref, version.visibleAt});
    const Row before = versions.empty() ? Row{} : versions.back().row;
    versions.push_back(std::move(version));
    if (onChange) onChange({before, versions.back().row, byHub});
}

const ModelSystem::Version* ModelSystem::visible(const sdk::RecordRef& ref, EpochMs at) const {
    const auto found = rows_.find(ref);
    if (found == rows_.end()) return nullptr;
    for (auto version = found->second.rbegin(); version != found->second.rend(); ++version)
        if (version->visibleAt <= at) return &*version;
    return nullptr;
}

const ModelSystem::Version* ModelSystem::shownNow(const sdk::RecordRef& ref) {
    const auto* version = visible(ref, clock_.real());
    if (version && hits(faults.stale))
        if (const auto* older = visible(ref, clock_.real() - faults.staleByMs)) return older;
    return version;
}

std::int64_t ModelSystem::versionOf(const Row& row) const {
    if (numbering == Versions::None) return 0;
    return numbering == Versions::Counter ? row.version : row.modifiedAt / 1'000;
}

sdk::Observation ModelSystem::observation(const Row& row) const {
    sdk::Observation seen;
    seen.record = row.ref;
    seen.organisation = row.organisation;
    seen.identifiers = row.identifiers;
    seen.modifiedAt = sdk::VendorTime{row.modifiedAt, sdk::Precision::Millisecond, {}, {}};
    seen.createdAt = sdk::VendorTime{row.createdAt, sdk::Precision::Millisecond, {}, {}};
    seen.version = versionOf(row);
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
    const auto real = clock_.real();
    const std::int64_t after = request.cursor.empty() ? 0 : std::stoll(request.cursor);
    const auto isBefore = [](const Entry& entry, std::int64_t sequence) {
        return entry.sequence <= sequence;
    };
    auto from = std::lower_bound(log_.begin(), log_.end(), after, isBefore);
    std::int64_t safe = sequence_;
    for (auto entry = from; entry != log_.end(); ++entry)
        if (entry->visibleAt > real) safe = std::min(safe, entry->sequence - 1);
    if (hits(faults.again)) from -= std::min<std::ptrdiff_t>(from - log_.begin(), pageSize / 2);
    sdk::Page page;
    std::set<sdk::RecordRef> seen;
    auto last = after;
    for (auto entry = from; entry != log_.end(); ++entry) {
        if (entry->visibleAt > real) continue;
        if (static_cast<int>(seen.size()) == pageSize) {
            page.more = true;
            break;
        }
        last = std::max(last, entry->sequence);
        if (!seen.insert(entry->ref).second) continue;
        const auto& row = shownNow(entry->ref)->row;
        if (reportsDeletes || !row.deleted) page.observations.push_back(observation(row));
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
        const auto* version = shownNow(ref);
        if (version && (reportsDeletes || !version->row.deleted)) {
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
    const bool dies = hits(faults.dies);
    for (std::size_t at = 0; at < items.size(); ++at) {
        sdk::Outcome outcome;
        if (isDown || (isPartial && at >= items.size() / 2)) {
            outcome.kind = sdk::OutcomeKind::Retry;
        } else if (!dies || at < (items.size() + 1) / 2) {
            outcome = applyOne(items[at]);
        }
        if (dies) outcome = sdk::Outcome{};
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
    outcome.message = hits(faults.reject) ? "a validation rule refused it" : rejects;
    if (!outcome.message.empty()) return outcome;
    outcome.kind = sdk::OutcomeKind::Conflict;
    const auto version = versionOf(found->second.back().row);
    if (isConditional && item.expectedVersion != 0 && item.expectedVersion != version)
        return outcome;
    outcome.kind = sdk::OutcomeKind::Unknown;
    if (hits(faults.neverArrived)) return outcome;
    if (hits(faults.late)) {
        late_.push_back({clock_.real() + faults.lateByMs, item});
        return outcome;
    }
    write(item, false);
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

void ModelSystem::write(const sdk::ApplyItem& item, bool isLate) {
    Row row = rows_.at(item.record).back().row;
    noteCreation(item, row);
    row.actor = "hub";
    std::vector<Written> done;
    for (const auto& write : item.writes) {
        written.push_back({clock_.real(), item.record, write.slot, write.permit,
                           row.values.at(write.slot), item.generation, isLate});
        done.push_back(written.back());
        if (write.permit && ignoresPermits) continue;
        row.values[write.slot] = shows.at(write.slot).at(write.permit);
        row.times.erase(write.slot);
        row.evidence.erase(write.slot);
        if (write.evidence) row.evidence[write.slot] = *write.evidence;
    }
    if (!ignoresPermits) commit(std::move(row), faults.visibleAfterMs, true);
    if (onWrite)
        for (const auto& write : done) onWrite(write);
}

/// A consent row that is not there is made; one key makes one row, unless it is sent again before
/// the first one can be found.
void ModelSystem::noteCreation(const sdk::ApplyItem& item, const Row& row) {
    for (const auto& write : item.writes) {
        if (row.values.at(write.slot) != sdk::Shown::Absent || item.creationKey.empty()) continue;
        if (shows.at(write.slot).at(write.permit) == sdk::Shown::Absent) continue;
        for (const auto& waiting : late_)
            if (waiting.item.creationKey == item.creationKey && waiting.at > clock_.real())
                ++duplicates;
    }
}

std::string ModelSystem::snapshot(const sdk::RecordRef& ref) {
    snapshots_.push_back(row(ref));
    return "snapshot:" + std::to_string(snapshots_.size() - 1);
}

void ModelSystem::settleLate() {
    if (late_.empty()) return;
    const auto isDue = [&](const Late& one) { return one.at <= clock_.real(); };
    std::vector<Late> due;
    std::copy_if(late_.begin(), late_.end(), std::back_inserter(due), isDue);
    late_.erase(std::remove_if(late_.begin(), late_.end(), isDue), late_.end());
    for (const auto& one : due) {
        const auto found = rows_.find(one.item.record);
        if (found == rows_.end() || found->second.back().row.deleted) continue;
        const auto version = versionOf(found->second.back().row);
        const bool isOutdated =
            isConditional && one.item.expectedVersion != 0 && one.item.expectedVersion != version;
        if (!isOutdated) write(one.item, true);
    }
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
    // "snapshot:N", or "Object/id"; a bare id is of a Contact.
    const auto slash = request.body.find('/');
    const sdk::RecordRef ref =
        slash == std::string::npos
            ? sdk::RecordRef{"Contact", request.body}
            : sdk::RecordRef{request.body.substr(0, slash), request.body.substr(slash + 1)};
    if (request.body.rfind("snapshot:", 0) == 0) {
        const auto number = std::stoul(request.body.substr(9));
        news.observations.push_back(observation(snapshots_.at(number)));
    } else if (request.query == "values") {
        news.observations.push_back(observation(row(ref)));
    } else {
        news.changed.push_back(ref);
    }
    return news;
}

}  // namespace concordat::sync::test
