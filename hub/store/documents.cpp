// SPDX-License-Identifier: Apache-2.0
#include "hub/store/documents.h"

#include "hub/store/pack.h"

namespace concordat::store {

namespace {

constexpr char kFormat = 1;

template <class T, class Wanted>
concept Is = std::is_same_v<std::remove_const_t<T>, Wanted>;

}  // namespace

// Found through the archive's namespace; listed once for both directions. The structured bindings
// make a field that is added elsewhere an error here. A change of a list needs a new kFormat and a
// reader for the old one.

void fields(auto& archive, Is<sdk::RecordRef> auto& row) {
    auto& [object, id] = row;
    archive(object, id);
}

void fields(auto& archive, Is<sdk::VendorTime> auto& row) {
    auto& [at, precision, utcOffsetMinutes, atLatest] = row;
    archive(at, precision, utcOffsetMinutes, atLatest);
}

void fields(auto& archive, Is<consent::EventTime> auto& row) {
    auto& [at, clock, skewMs] = row;
    archive(at, clock, skewMs);
}

void fields(auto& archive, Is<consent::Key> auto& row) {
    auto& [scope, purpose, channel] = row;
    archive(scope, purpose, channel);
}

void fields(auto& archive, Is<consent::Point> auto& row) {
    auto& [kind, name, hash, value, role] = row;
    archive(kind, name, hash, value, role);
}

void fields(auto& archive, Is<consent::Proof> auto& row) {
    auto& [held, direct, trusted, knownSource, capturedAt, confirmedAt, source, noticeId, method,
           hash] = row;
    archive(held, direct, trusted, knownSource, capturedAt, confirmedAt, source, noticeId, method,
            hash);
}

void fields(auto& archive, Is<consent::Event> auto& row) {
    auto& [id, subject, scope, purposes, channels, decision, time, observedAt, system, record,
           connectorVersion, actor, legalBasis, proof, validFrom, validTo, points, names, other,
           confirmed, slotOnly, slot, causation, reason] = row;
    archive(id, subject, scope, purposes, channels, decision, time, observedAt, system, record,
            connectorVersion, actor, legalBasis, proof, validFrom, validTo, points, names, other,
            confirmed, slotOnly, slot, causation, reason);
}

void fields(auto& archive, Is<consent::Effective> auto& row) {
    auto& [answer, rule, deciding, contested, since, nextChange, reason] = row;
    archive(answer, rule, deciding, contested, since, nextChange, reason);
}

void fields(auto& archive, Is<consent::Sent> auto& row) {
    auto& [permit, generation, startedAt, finishedAt, version, before, settled] = row;
    archive(permit, generation, startedAt, finishedAt, version, before, settled);
}

void fields(auto& archive, Is<consent::SlotShadow> auto& row) {
    auto& [slot, seen, time, evidenceHash, seenAt, version, lastNotRestrictiveAt,
           lastNotPermissiveAt, sent, earlier, valueBeforeOurs] = row;
    archive(slot, seen, time, evidenceHash, seenAt, version, lastNotRestrictiveAt,
            lastNotPermissiveAt, sent, earlier, valueBeforeOurs);
}

void fields(auto& archive, Is<EffectiveRow> auto& row) {
    auto& [key, effective] = row;
    archive(key, effective);
}

void fields(auto& archive, Is<Effectives> auto& row) {
    auto& [rows] = row;
    archive(rows);
}

void fields(auto& archive, Is<Record> auto& row) {
    auto& [system, ref, subject, organisation, version, askedAt, deleted, closed, mergedInto,
           person, points, slots, candidates, writeBegan, writeEnded] = row;
    archive(system, ref, subject, organisation, version, askedAt, deleted, closed, mergedInto,
            person, points, slots, candidates, writeBegan, writeEnded);
}

void fields(auto& archive, Is<TargetRecord> auto& row) {
    auto& [subject, system, ref, sentGeneration, verifiedGeneration, loosenedGeneration, outcome,
           token, reason, parked, retryAt, verifyAt, attempts] = row;
    archive(subject, system, ref, sentGeneration, verifiedGeneration, loosenedGeneration, outcome,
            token, reason, parked, retryAt, verifyAt, attempts);
}

void fields(auto& archive, Is<Delivery> auto& row) {
    auto& [id, subject, system, ref, generation, at, stage, slots, message, latencyMs] = row;
    archive(id, subject, system, ref, generation, at, stage, slots, message, latencyMs);
}

void fields(auto& archive, Is<InboxItem> auto& row) {
    auto& [id, kind, subject, system, ref, dedupe, createdAt, closedAt, outcome, document] = row;
    archive(id, kind, subject, system, ref, dedupe, createdAt, closedAt, outcome, document);
}

void fields(auto& archive, Is<Incident> auto& row) {
    auto& [id, kind, system, subject, at, resolvedAt, text, dedupe] = row;
    archive(id, kind, system, subject, at, resolvedAt, text, dedupe);
}

void fields(auto& archive, Is<Webhook> auto& row) {
    auto& [id, system, dedupe, receivedAt, document, body, timed, attempts, problem] = row;
    archive(id, system, dedupe, receivedAt, document, body, timed, attempts, problem);
}

void fields(auto& archive, Is<Tombstone> auto& row) {
    auto& [hash, keyId, at] = row;
    archive(hash, keyId, at);
}

void fields(auto& archive, Is<Document> auto& row) {
    auto& [kind, id, json, expiresAt] = row;
    archive(kind, id, json, expiresAt);
}

void fields(auto& archive, Is<Change> auto& row) {
    auto& [sequence, at, kind, subject, system, id] = row;
    archive(sequence, at, kind, subject, system, id);
}

void fields(auto& archive, Is<Changes> auto& row) {
    auto& [rows] = row;
    archive(rows);
}

void fields(auto& archive, Is<JournalEntry> auto& row) {
    auto& [sequence, event, tombstone] = row;
    archive(sequence, event, tombstone);
}

template <class T>
std::string toBytes(const T& value) {
    Packer packer;
    packer(kFormat, value);
    return packer.take();
}

template <class T>
T fromBytes(std::string_view bytes) {
    Unpacker unpacker(bytes);
    char format = 0;
    unpacker(format);
    if (format != kFormat)
        throw StoreError("a row was written by a newer Concordat; run that version or a later one");
    T value;
    unpacker(value);
    if (!unpacker.atEnd())
        throw StoreError("a stored row is longer than it should be; run the integrity check");
    return value;
}

#define CONCORDAT_STORED(Type)                 \
    template std::string toBytes(const Type&); \
    template Type fromBytes(std::string_view);

CONCORDAT_STORED(consent::Event)
CONCORDAT_STORED(consent::Point)
CONCORDAT_STORED(Effectives)
CONCORDAT_STORED(Record)
CONCORDAT_STORED(TargetRecord)
CONCORDAT_STORED(Delivery)
CONCORDAT_STORED(InboxItem)
CONCORDAT_STORED(Incident)
CONCORDAT_STORED(Webhook)
CONCORDAT_STORED(Tombstone)
CONCORDAT_STORED(Document)
CONCORDAT_STORED(Changes)
CONCORDAT_STORED(JournalEntry)

}  // namespace concordat::store
