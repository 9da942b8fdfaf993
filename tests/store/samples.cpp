// SPDX-License-Identifier: Apache-2.0
#include "tests/store/samples.h"

namespace concordat::store::samples {

consent::Point point(const std::string& hash) {
    return {sdk::IdentifierKind::External, "crm_" + hash, hash, kCanary, true};
}

consent::Event event(const std::string& subject, consent::Decision decision) {
    consent::Event event;
    event.subject = subject;
    event.scope = "acme";
    event.purposes = {"newsletter@2", "*"};
    event.channels = {"email", "any"};
    event.decision = decision;
    event.time = consent::EventTime{1'700'000'000'123, "system:sf", -45};
    event.observedAt = 1'700'000'000'500;
    event.system = "sf";
    event.record = sdk::RecordRef{"Contact", "003AB"};
    event.connectorVersion = "1.2.3";
    event.actor = kCanary;
    event.legalBasis = "consent";
    event.proof = consent::Proof{true, true, true, true, 11, 12, kCanary, "n1", "double", "h"};
    event.validFrom = 5;
    event.validTo = 6;
    event.points = {"e:p1", "p:p2"};
    event.names = {"E1"};
    event.other = "0b";
    event.confirmed = true;
    event.slot = "contact.email";
    event.causation = "webhook";
    event.reason = kCanary;
    return event;
}

EffectiveRow effective(const std::string& purpose, std::optional<EpochMs> nextChange) {
    return {{"acme", purpose, "email"},
            {consent::Answer::Deny, 5, {"E1", "E2"}, {"E3"}, 77, nextChange, kCanary}};
}

Record record(const std::string& subject, const std::string& system, const std::string& id) {
    Record record;
    record.system = system;
    record.ref = {"Contact", id};
    record.subject = subject;
    record.organisation = true;
    record.version = 42;
    record.askedAt = 1000;
    record.person = sdk::RecordRef{"Account", "1"};
    record.points = {point("e:h-" + id), point("p:shared")};
    consent::SlotShadow slot;
    slot.slot = "contact.email";
    slot.seen = sdk::Shown::Absent;
    slot.time = sdk::VendorTime{1, sdk::Precision::Day, 60, 2};
    slot.evidenceHash = "eh";
    slot.version = 3;
    slot.seenAt = 4;
    slot.lastNotRestrictiveAt = 5;
    slot.lastNotPermissiveAt = 6;
    slot.sent = consent::Sent{true, 7, 8, 9, 10, sdk::Shown::Deny, true};
    slot.earlier = consent::Sent{false, 1, 2, 3, 4, sdk::Shown::Permit, false};
    slot.valueBeforeOurs = sdk::Shown::Permit;
    record.slots = {slot, {}};
    record.candidates = {"0a", "0b"};
    record.writeBegan = 2000;
    record.writeEnded = 3000;
    return record;
}

Target target(const std::string& subject, const std::string& system) {
    Target target;
    target.subject = subject;
    target.system = system;
    target.generation = 3;
    target.dueAt = 100;
    target.changedAt = 90;
    return target;
}

TargetRecord targetRecord(const std::string& subject,
                          const std::string& system,
                          const std::string& id) {
    TargetRecord row;
    row.subject = subject;
    row.system = system;
    row.ref = {"Contact", id};
    row.sentGeneration = 3;
    row.verifiedGeneration = 2;
    row.loosenedGeneration = 1;
    row.outcome = sdk::OutcomeKind::Rejected;
    row.token = "job-1";
    row.reason = kCanary;
    row.attempts = 4;
    return row;
}

Delivery delivery(const std::string& subject, const std::string& system) {
    return {"",      subject, system, {"Contact", "1"}, 3, 500, "sent", "contact.email=deny",
            kCanary, 9};
}

InboxItem inboxItem(const std::string& subject, const std::string& dedupe) {
    InboxItem item;
    item.kind = "candidate";
    item.subject = subject;
    item.system = "sf";
    item.ref = sdk::RecordRef{"Contact", "1"};
    item.dedupe = dedupe;
    item.createdAt = 10;
    item.document = "{\"name\": \"" + kCanary + "\"}";
    return item;
}

Incident incident(const std::string& dedupe) {
    return {"", "cap", "sf", "", 10, 0, kCanary, dedupe};
}

Webhook webhook(const std::string& system, const std::string& dedupe) {
    Webhook webhook;
    webhook.system = system;
    webhook.dedupe = dedupe;
    webhook.receivedAt = 10;
    webhook.document = "{\"from\": \"" + kCanary + "\"}";
    webhook.body = kCanary + std::string("\0\xff\xfe raw", 8);
    webhook.timed = true;
    return webhook;
}

}  // namespace concordat::store::samples
