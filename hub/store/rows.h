// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the store keeps, as values. Times are epoch milliseconds; 0 means never.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/consent/desired.h"
#include "hub/consent/effective.h"
#include "hub/consent/event.h"
#include "hub/consent/identity.h"
#include "hub/consent/shadow.h"
#include "sdk/concordat/messages.h"

namespace concordat::store {

using EpochMs = std::int64_t;

/// One row of a system, whose it is and how it was last seen.
struct Record {
    std::string system;
    sdk::RecordRef ref;
    std::string subject;
    bool organisation = false;
    std::int64_t version = 0;
    EpochMs askedAt = 0;
    bool deleted = false;
    bool closed = false;  ///< not found any more
    std::optional<sdk::RecordRef> mergedInto;
    std::optional<sdk::RecordRef> person;
    std::vector<consent::Point> points;
    std::vector<consent::SlotShadow> slots;
    std::vector<std::string>
        candidates;          ///< subjects it may belong to while its match is ambiguous
    EpochMs writeBegan = 0;  ///< our last write to it
    EpochMs writeEnded = 0;  ///< 0 while under way
};

/// What follows for one key from all that is known of its subject.
using EffectiveRow = consent::KeyAnswer;

/// What one system should hold for one subject. The desired values follow from the effective rows
/// and are not stored.
struct Target {
    std::string subject;
    std::string system;
    std::int64_t generation = 0;
    bool tightening = false;  ///< at least one slot must become stricter
    EpochMs dueAt = 0;        ///< 0: not due
    EpochMs changedAt = 0;    ///< when the change that raised it was accepted
    std::string leaseOwner;
    std::int64_t fence = 0;
    EpochMs leaseUntil = 0;
};

/// How one record of a target stands.
struct TargetRecord {
    std::string subject;
    std::string system;
    sdk::RecordRef ref;
    std::int64_t sentGeneration = 0;
    std::int64_t verifiedGeneration = 0;
    std::int64_t loosenedGeneration = 0;  ///< the generation whose permit was already sent once
    sdk::OutcomeKind outcome = sdk::OutcomeKind::Unchanged;
    std::string token;   ///< of a pending outcome
    std::string reason;  ///< the vendor's words; sealed at rest
    bool parked = false;
    EpochMs retryAt = 0;
    EpochMs verifyAt = 0;  ///< read again at this time; 0: nothing to verify
    int attempts = 0;
};

/// One line of the history of a delivery.
struct Delivery {
    std::string id;
    std::string subject;
    std::string system;
    sdk::RecordRef ref;
    std::int64_t generation = 0;
    EpochMs at = 0;
    std::string stage;  ///< sent, accepted, verified, parked, retry, unknown, gone, restored
    std::string slots;  ///< "contact.email=deny"
    std::string message;
    std::int64_t latencyMs = 0;  ///< from the accepted change
};

/// Something a person must look at. `document` is JSON and sealed at rest.
struct InboxItem {
    std::string id;
    std::string
        kind;  ///< candidate, ambiguous, merge, cap, parked, unmerge, restored_system, tenant
    std::string subject;
    std::string system;
    std::optional<sdk::RecordRef> ref;
    std::string dedupe;  ///< an open item with the same text is not added twice
    EpochMs createdAt = 0;
    EpochMs closedAt = 0;
    std::string outcome;
    std::string document = "{}";
};

struct Incident {
    std::string id;
    std::string kind;  ///< parked_withdrawal, cap, restored_system, breaker, tenant, fuse, disk …
    std::string system;
    std::string subject;
    EpochMs at = 0;
    EpochMs resolvedAt = 0;
    std::string text;
    std::string dedupe;
};

/// A webhook as it came, durable before it was answered. `body` and headers are sealed, and go once
/// decided.
struct Webhook {
    std::string id;
    std::string system;
    std::string dedupe;  ///< the vendor's id of it; empty: never taken for a repetition
    EpochMs receivedAt = 0;
    std::string document;  ///< JSON of sdk::WebhookRequest without the body
    std::string body;
    bool timed = false;  ///< its signature covers a time: its values may tighten
    int attempts = 0;
    std::string problem;  ///< why it is in quarantine
};

/// A person who was erased: nothing but the keyed hash, so that a re-created record is recognised.
struct Tombstone {
    std::string hash;
    std::string keyId;
    EpochMs at = 0;
};

/// A document of another room: users, sessions, tokens, pauses, approvals, counters. `kind` and
/// `id` are the key.
struct Document {
    std::string kind;
    std::string id;
    std::string json;  ///< sealed at rest
    EpochMs expiresAt = 0;
};

/// A row of the change feed that server-sent events are made from.
struct Change {
    std::int64_t sequence = 0;
    EpochMs at = 0;
    std::string kind;  ///< event, target, delivery, inbox, incident, system
    std::string subject;
    std::string system;
    std::string id;
};

}  // namespace concordat::store
