// SPDX-License-Identifier: Apache-2.0
#include "hub/store/documents.h"

#include "hub/store/pack.h"

namespace concordat::store {

namespace {

constexpr char kFormat = 1;

template <class T, class Wanted>
concept Is = std::is_same_v<std::remove_const_t<T>, Wanted>;

}  // namespace

// Found through the archive's namespace; listed once for both directions. A change of a list needs
// a new kFormat and a reader for the old one.

void fields(auto& a, Is<sdk::RecordRef> auto& v) { a(v.object, v.id); }
void fields(auto& a, Is<sdk::VendorTime> auto& v) {
    a(v.at, v.precision, v.utcOffsetMinutes, v.atLatest);
}
void fields(auto& a, Is<consent::EventTime> auto& v) { a(v.at, v.clock, v.skewMs); }
void fields(auto& a, Is<consent::Key> auto& v) { a(v.scope, v.purpose, v.channel); }
void fields(auto& a, Is<consent::Point> auto& v) { a(v.kind, v.name, v.hash, v.value, v.role); }
void fields(auto& a, Is<consent::Proof> auto& v) {
    a(v.held, v.direct, v.trusted, v.knownSource, v.capturedAt, v.confirmedAt);
    a(v.source, v.noticeId, v.method, v.hash);
}
void fields(auto& a, Is<consent::Event> auto& v) {
    a(v.id, v.subject, v.scope, v.purposes, v.channels, v.decision, v.time, v.observedAt);
    a(v.system, v.record, v.connectorVersion, v.actor, v.legalBasis, v.proof, v.validFrom);
    a(v.validTo, v.points, v.names, v.other, v.confirmed, v.slotOnly, v.slot, v.causation);
    a(v.reason);
}
void fields(auto& a, Is<consent::Effective> auto& v) {
    a(v.answer, v.rule, v.deciding, v.contested, v.since, v.nextChange, v.reason);
}
void fields(auto& a, Is<consent::Sent> auto& v) {
    a(v.permit, v.generation, v.startedAt, v.finishedAt, v.version, v.before, v.settled);
}
void fields(auto& a, Is<consent::SlotShadow> auto& v) {
    a(v.slot, v.seen, v.time, v.evidenceHash, v.seenAt, v.lastNotRestrictiveAt);
    a(v.lastNotPermissiveAt, v.sent, v.valueBeforeOurs);
}
void fields(auto& a, Is<EffectiveRow> auto& v) { a(v.key, v.effective); }
void fields(auto& a, Is<Effectives> auto& v) { a(v.rows); }
void fields(auto& a, Is<Record> auto& v) {
    a(v.system, v.ref, v.subject, v.organisation, v.version, v.askedAt, v.deleted, v.closed);
    a(v.mergedInto, v.person, v.points, v.slots, v.candidates, v.writeBegan, v.writeEnded);
}
void fields(auto& a, Is<TargetRecord> auto& v) {
    a(v.subject, v.system, v.ref, v.sentGeneration, v.verifiedGeneration, v.loosenedGeneration);
    a(v.outcome, v.token, v.reason, v.parked, v.retryAt, v.verifyAt, v.attempts);
}
void fields(auto& a, Is<Delivery> auto& v) {
    a(v.id, v.subject, v.system, v.ref, v.generation, v.at, v.stage, v.slots, v.message);
    a(v.latencyMs);
}
void fields(auto& a, Is<InboxItem> auto& v) {
    a(v.id, v.kind, v.subject, v.system, v.ref, v.dedupe, v.createdAt, v.closedAt, v.outcome);
    a(v.document);
}
void fields(auto& a, Is<Incident> auto& v) {
    a(v.id, v.kind, v.system, v.subject, v.at, v.resolvedAt, v.text, v.dedupe);
}
void fields(auto& a, Is<Webhook> auto& v) {
    a(v.id, v.system, v.dedupe, v.receivedAt, v.document, v.body, v.timed);
}
void fields(auto& a, Is<Tombstone> auto& v) { a(v.hash, v.keyId, v.at); }
void fields(auto& a, Is<Document> auto& v) { a(v.kind, v.id, v.json, v.expiresAt); }
void fields(auto& a, Is<Change> auto& v) { a(v.sequence, v.at, v.kind, v.subject, v.system, v.id); }
void fields(auto& a, Is<Changes> auto& v) { a(v.rows); }

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

}  // namespace concordat::store
