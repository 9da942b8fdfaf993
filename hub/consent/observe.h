// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an observation becomes: the table of consent-rules section 5. Pure.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/consent/effective.h"
#include "hub/consent/event.h"
#include "hub/consent/shadow.h"

namespace concordat::consent {

enum class Absence { Keep, Refusal, Unknown };
enum class Grants { Never, Declared };

/// One slot as an integration maps it.
struct SlotRules {
    sdk::SlotDescription slot;
    std::string scope;
    std::vector<std::string> purposes;  ///< cover
    std::vector<std::string> channels;
    Absence absence = Absence::Keep;
    Grants grants = Grants::Declared;
    bool trustedSlot = false;
    std::set<std::string> trustedActors;
    std::set<std::string> evidenceSources;
    bool directDoubleOptIn = false;  ///< pulled double opt-ins count as direct
};

/// Everything about the record at hand that its slots do not say.
struct RecordView {
    std::string system;
    std::string subject;
    std::string connectorVersion;
    std::string causation;
    sdk::Observation observation;     ///< slots may be ignored
    std::vector<std::string> points;  ///< hashes of the addresses it holds
    EpochMs observedAt = 0;
    std::int64_t skewMs = 0;  ///< measured skew of the system's clock
    bool firstSight = false;  ///< the record id was never read before
    bool deletedOrMerged = false;
    bool regression = false;  ///< its version stayed older on the second read: a laxer value is no
                              ///< event, a stricter one goes through the table
};

/// What the ledger says of the keys that a slot covers, before this observation.
struct SlotContext {
    bool denyWanted = false;              ///< some covered key is denied
    bool permitWanted = false;            ///< every covered key is permitted
    std::set<std::string> knownEvidence;  ///< Proof::hash of this subject's grants in the ledger
};

enum class CandidateKind { BarePermit, OptOutCleared, UnprovenOverRestriction };

/// What one slot's reading leads to. `shadow` is what to remember from now on.
struct SlotResult {
    SlotShadow shadow;
    std::optional<Event> event;  ///< without an id
    std::optional<CandidateKind> candidate;
    bool due = false;       ///< the target's generation rises: what we want is not what it shows
    bool inferred = false;  ///< a withdrawal read from absent or none: counted against the cap
    bool ownLateWrite = false;  ///< may be our own late write; said on the history page
    bool verified = false;      ///< shows what we sent
    std::string explanation;    ///< row of the table, in words
};

/// `reading` must be of `rules.slot`; `shadow` is empty if this slot was never seen. The contact
/// points of its evidence are keyed hashes by now, like those of `record`.
SlotResult observeSlot(const SlotRules& rules,
                       const RecordView& record,
                       const std::optional<SlotShadow>& shadow,
                       const sdk::SlotReading& reading,
                       const SlotContext& context,
                       const Policy& policy);

enum class Freshness { Fresh, ReadAgain, Older };

/// Whether an observation may decide. `ReadAgain`: a write of ours to that record was under way or
/// finished after it was asked for. `Older`: its version is older than `shadowVersion`: read again
/// once; older a second time is a regression (RecordView::regression).
Freshness freshness(std::int64_t shadowVersion,
                    EpochMs writeBegan,
                    EpochMs writeEnded,
                    const sdk::Observation& observation);

}  // namespace concordat::consent
