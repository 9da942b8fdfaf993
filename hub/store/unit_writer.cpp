// SPDX-License-Identifier: Apache-2.0
#include "hub/store/unit_writer.h"

#include <algorithm>

#include <openssl/rand.h>

#include "hub/store/cipher.h"
#include "hub/store/hex.h"

namespace concordat::store {

UnitWriter::UnitWriter(Tables& tables, const Clock& now, const Vault& vault, Progress& progress)
    : Reading(tables, now), progress_(progress), vault_(vault) {}

void UnitWriter::tell(Change change) {
    change.sequence = ++progress_.lastChange;
    change.at = now_();
    outgoing.changes.push_back(std::move(change));
}

void UnitWriter::journal(JournalEntry entry, const std::string& subject, const std::string& id) {
    entry.sequence = ++progress_.lastSuppression;
    tables_.events.suppress({entry.sequence, subject, id});
    outgoing.entries.push_back(std::move(entry));
}

std::string UnitWriter::newId() { return progress_.ids.next(now_()); }

void UnitWriter::drawShard() {
    char shard = 0;
    expectCrypto(RAND_bytes(reinterpret_cast<unsigned char*>(&shard), 1) == 1);
    shard_ = toHex({&shard, 1});
}

std::string UnitWriter::newSubject(EpochMs now) {
    std::string subject = shard_ + progress_.ids.next(now);
    tables_.subjects.add(subject, now);
    return subject;
}

EpochMs UnitWriter::observedAt(EpochMs now) {
    progress_.observedAt = std::max(progress_.observedAt, now);
    return progress_.observedAt;
}

void UnitWriter::lock(const std::string& subject) { tables_.subjects.lock(subject); }

void UnitWriter::claim(const std::string& subject, const consent::Point& point) {
    tables_.subjects.claim(subject, point);
}

void UnitWriter::release(const std::string& subject, const std::string& pointHash) {
    tables_.subjects.release(subject, pointHash);
}

namespace {
template <class Row>
Row withId(Row row, IdMaker& ids, EpochMs now) {
    if (row.id.empty()) row.id = ids.next(now);
    return row;
}
}  // namespace

void UnitWriter::append(const consent::Event& event) {
    if (event.id.empty()) return append(withId(event, progress_.ids, now_()));
    if (!tables_.events.append(event)) return;
    observedAt(event.observedAt);
    if (canTighten(event.decision)) journal({0, event, {}}, event.subject, event.id);
    tell({0, 0, "event", event.subject, event.system, event.id});
}

void UnitWriter::putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows) {
    tables_.events.putEffective(subject, rows);
}

void UnitWriter::put(const Record& record) { tables_.records.put(record); }

void UnitWriter::put(const Target& target) {
    tables_.targets.put(target);
    tell({0, 0, "target", target.subject, target.system, ""});
}

void UnitWriter::put(const TargetRecord& targetRecord) { tables_.targets.put(targetRecord); }

void UnitWriter::removeTarget(const std::string& subject, const std::string& system) {
    tables_.targets.remove(subject, system);
    tell({0, 0, "target", subject, system, ""});
}

void UnitWriter::add(const Delivery& delivery) {
    const auto row = withId(delivery, progress_.ids, now_());
    tables_.history.add(row);
    tell({0, 0, "delivery", row.subject, row.system, row.id});
}

bool UnitWriter::add(const InboxItem& item) {
    const auto row = withId(item, progress_.ids, now_());
    const bool added = tables_.history.add(row);
    if (added) tell({0, 0, "inbox", row.subject, row.system, row.id});
    return added;
}

void UnitWriter::close(const InboxItem& item) {
    tables_.history.close(item);
    tell({0, 0, "inbox", item.subject, item.system, item.id});
}

bool UnitWriter::add(const Incident& incident) {
    const auto row = withId(incident, progress_.ids, now_());
    const bool added = tables_.history.add(row);
    if (added) tell({0, 0, "incident", row.subject, row.system, row.id});
    return added;
}

void UnitWriter::resolveIncidents(const std::string& dedupe, EpochMs now) {
    for (const auto& incident : tables_.history.resolve(dedupe, now))
        tell({0, 0, "incident", incident.subject, incident.system, incident.id});
}

bool UnitWriter::add(const Webhook& webhook) {
    return tables_.webhooks.add(withId(webhook, progress_.ids, now_()));
}

void UnitWriter::removeWebhook(const std::string& id) { tables_.webhooks.decide(id, now_()); }

void UnitWriter::putProblem(const std::string& webhookId, const std::string& problem) {
    tables_.webhooks.putProblem(webhookId, problem);
}

void UnitWriter::putCursor(const std::string& system,
                           const std::string& lane,
                           const std::string& cursor) {
    tables_.small.putCursor(system, lane, cursor);
    tell({0, 0, "system", "", system, lane});
}

void UnitWriter::put(const Tombstone& tombstone) {
    auto row = tombstone;
    if (row.keyId.empty()) row.keyId = vault_.keyId();
    if (tables_.small.put(row)) journal({0, {}, row}, "", row.hash);
}

void UnitWriter::put(const Document& document) { tables_.small.put(document); }

void UnitWriter::removeDocument(const std::string& kind, const std::string& id) {
    tables_.small.removeDocument(kind, id);
}

void UnitWriter::endRecovery() { tables_.small.putNote(kRecoveryNote, ""); }

std::vector<Target> UnitWriter::claimDue(const std::string& system,
                                         const std::string& owner,
                                         EpochMs now,
                                         EpochMs leaseUntil,
                                         int limit) {
    return tables_.targets.claim({system, owner, now, leaseUntil, limit});
}

std::vector<Change> UnitWriter::changesAfter(std::int64_t sequence, int limit) {
    auto changes = Reading::changesAfter(sequence, limit);
    for (const auto& change : outgoing.changes)
        if (change.sequence > sequence && static_cast<int>(changes.size()) < limit)
            changes.push_back(change);
    return changes;
}

}  // namespace concordat::store
