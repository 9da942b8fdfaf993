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

void fields(auto& archive, Is<sdk::RecordRef> auto& value) {
    auto& [object, id] = value;
    archive(object, id);
}

void fields(auto& archive, Is<sdk::VendorTime> auto& value) {
    auto& [at, precision, utcOffsetMinutes, atLatest] = value;
    archive(at, precision, utcOffsetMinutes, atLatest);
}

void fields(auto& archive, Is<consent::EventTime> auto& value) {
    auto& [at, clock, skewMs] = value;
    archive(at, clock, skewMs);
}

void fields(auto& archive, Is<consent::Key> auto& value) {
    auto& [scope, purpose, channel] = value;
    archive(scope, purpose, channel);
}

void fields(auto& archive, Is<consent::Point> auto& value) {
    auto& [kind, name, hash, value, role] = value;
    archive(kind, name, hash, value, role);
}

void fields(auto& archive, Is<consent::Proof> auto& value) {
    auto& [held, direct, trusted, knownSource, capturedAt, confirmedAt, source, noticeId, method,
           hash] = value;
    archive(held, direct, trusted, knownSource, capturedAt, confirmedAt, source, noticeId, method,
            hash);
}

void fields(auto& archive, Is<consent::Event> auto& value) {
    auto& [id, subject, scope, purposes, channels, decision, time, observedAt, system, record,
           connectorVersion, actor, legalBasis, proof, validFrom, validTo, points, names, other,
           confirmed, slotOnly, slot, causation, reason] = value;
    archive(id, subject, scope, purposes, channels, decision, time, observedAt, system, record,
            connectorVersion, actor, legalBasis, proof, validFrom, validTo, points, names, other,
            confirmed, slotOnly, slot, causation, reason);
}

void fields(auto& archive, Is<consent::Effective> auto& value) {
    auto& [answer, rule, deciding, contested, since, nextChange, reason] = value;
    archive(answer, rule, deciding, contested, since, nextChange, reason);
}

void fields(auto& archive, Is<consent::Sent> auto& value) {
    auto& [permit, generation, startedAt, finishedAt, version, before, settled] = value;
    archive(permit, generation, startedAt, finishedAt, version, before, settled);
}

void fields(auto& archive, Is<consent::SlotShadow> auto& value) {
    auto& [slot, seen, time, evidenceHash, seenAt, version, lastNotRestrictiveAt,
           lastNotPermissiveAt, sent, earlier, valueBeforeOurs] = value;
    archive(slot, seen, time, evidenceHash, seenAt, version, lastNotRestrictiveAt,
            lastNotPermissiveAt, sent, earlier, valueBeforeOurs);
}

void fields(auto& archive, Is<EffectiveRow> auto& value) {
    auto& [key, effective] = value;
    archive(key, effective);
}

void fields(auto& archive, Is<Effectives> auto& value) {
    auto& [rows] = value;
    archive(rows);
}

void fields(auto& archive, Is<Record> auto& value) {
    auto& [system, ref, subject, organisation, version, askedAt, deleted, closed, mergedInto,
           person, points, slots, candidates, writeBegan, writeEnded] = value;
    archive(system, ref, subject, organisation, version, askedAt, deleted, closed, mergedInto,
            person, points, slots, candidates, writeBegan, writeEnded);
}

void fields(auto& archive, Is<TargetRecord> auto& value) {
    auto& [subject, system, ref, sentGeneration, verifiedGeneration, loosenedGeneration, outcome,
           token, reason, parked, retryAt, verifyAt, attempts] = value;
    archive(subject, system, ref, sentGeneration, verifiedGeneration, loosenedGeneration, outcome,
            token, reason, parked, retryAt, verifyAt, attempts);
}

void fields(auto& archive, Is<Delivery> auto& value) {
    auto& [id, subject, system, ref, generation, at, stage, slots, message, latencyMs] = value;
    archive(id, subject, system, ref, generation, at, stage, slots, message, latencyMs);
}

void fields(auto& archive, Is<InboxItem> auto& value) {
    auto& [id, kind, subject, system, ref, dedupe, createdAt, closedAt, outcome, document] = value;
    archive(id, kind, subject, system, ref, dedupe, createdAt, closedAt, outcome, document);
}

void fields(auto& archive, Is<Incident> auto& value) {
    auto& [id, kind, system, subject, at, resolvedAt, text, dedupe] = value;
    archive(id, kind, system, subject, at, resolvedAt, text, dedupe);
}

void fields(auto& archive, Is<Webhook> auto& value) {
    auto& [id, system, dedupe, receivedAt, document, body, timed, attempts, problem] = value;
    archive(id, system, dedupe, receivedAt, document, body, timed, attempts, problem);
}

void fields(auto& archive, Is<Tombstone> auto& value) {
    auto& [hash, keyId, at] = value;
    archive(hash, keyId, at);
}

void fields(auto& archive, Is<Document> auto& value) {
    auto& [kind, id, json, expiresAt] = value;
    archive(kind, id, json, expiresAt);
}

void fields(auto& archive, Is<Change> auto& value) {
    auto& [sequence, at, kind, subject, system, id] = value;
    archive(sequence, at, kind, subject, system, id);
}

void fields(auto& archive, Is<Changes> auto& value) {
    auto& [rows] = value;
    archive(rows);
}

void fields(auto& archive, Is<JournalEntry> auto& value) {
    auto& [sequence, event, tombstone] = value;
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
