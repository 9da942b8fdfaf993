// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ledger's entries as values. Immutable once appended; everything else is derived from them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdk/concordat/messages.h"

namespace concordat::consent {

using EpochMs = std::int64_t;
constexpr EpochMs kMinuteMs = 60'000;
constexpr EpochMs kHourMs = 60 * kMinuteMs;
constexpr EpochMs kDayMs = 24 * kHourMs;

enum class Decision {
    Granted,
    Refused,
    Withdrawn,
    Objected,
    Pending,
    Contact,  ///< the person was in touch; counts for the maximum age of a grant
    Expired,
    Invalidated,
    Voided,
    Merged,
    Unmerged,
    Erased
};

/// One question: may this person be addressed for `purpose` by `channel` in the name of `scope`?
struct Key {
    std::string scope;
    std::string purpose;
    std::string channel;  ///< never "any"
    bool operator==(const Key&) const = default;
    auto operator<=>(const Key&) const = default;
};

/// When something happened, whose clock said so, and how far that clock was from the hub's when it
/// did. `clock`: "" = none, "hub:NODE", "system:NAME".
struct EventTime {
    EpochMs at = 0;
    std::string clock;
    std::int64_t skewMs = 0;
    bool operator==(const EventTime&) const = default;
};

/// Proof of a grant as the ledger keeps it. `held`: collected or checked by the hub itself; else
/// declared by a system.
struct Proof {
    bool held = false;
    bool direct = false;       ///< given by the person to the hub: "subject" or "double_opt_in"
    bool trusted = false;      ///< by an actor or slot the integration trusts
    bool knownSource = false;  ///< notice id known to the manifests, or source on the integration's
                               ///< evidence_sources
    std::optional<EpochMs> capturedAt;
    std::optional<EpochMs> confirmedAt;
    std::string source;
    std::string noticeId;
    std::string method;
    std::string hash;  ///< of source and capture time: the same evidence is no news
    bool operator==(const Proof&) const = default;
};

/// One immutable entry. A restriction carries the whole cover of its slot; a grant what its
/// evidence names.
struct Event {
    std::string id;  ///< ULID, made by the hub
    std::string subject;
    std::string scope;
    std::vector<std::string>
        purposes;  ///< "code" or "code@version"; "*" = all (erasure, objection to everything)
    std::vector<std::string> channels;  ///< "any" only in restrictions
    Decision decision = Decision::Pending;
    std::optional<EventTime> time;  ///< none: can never override a restriction
    EpochMs observedAt = 0;         ///< the hub's clock, monotonic across restarts
    std::string system;             ///< where it was seen; empty: said to the hub itself
    std::optional<sdk::RecordRef> record;
    std::string connectorVersion;
    std::string actor;
    std::string legalBasis;
    std::optional<Proof> proof;
    std::optional<EpochMs> validFrom;
    std::optional<EpochMs> validTo;
    std::vector<std::string>
        points;  ///< keyed hashes of the addresses and numbers it binds or names
    std::vector<std::string>
        names;  ///< the events an invalidated or voided one is about; of unmerged: those appended
                ///< for `subject` that follow `other` (their record or identifier went there); one
                ///< that both events of an un-merge name could be of either side
    std::string other;       ///< of merged and unmerged: the other subject
    bool confirmed = false;  ///< of merged: a person confirmed it
    bool slotOnly = false;   ///< absence kept: binds the slot of its record and nothing else
    std::string slot;
    std::string causation;  ///< the webhook, page, import or request it came from
    std::string reason;
};

/// True for refused, withdrawn, objected and erased.
bool isRestriction(Decision decision);

/// "withdrawn" … and back; the only spelling, also in SQL, JSON and YAML.
std::string toString(Decision decision);
std::optional<Decision> decisionFrom(const std::string& text);

}  // namespace concordat::consent
