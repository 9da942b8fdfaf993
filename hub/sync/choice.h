// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a person said to the hub itself: portal, API, inbox.

#include <optional>
#include <string>
#include <vector>

#include "hub/sync/unit.h"

namespace concordat::sync {

/// A decision with its proof. Either `subject` or `identifiers` say whose it is; nobody known by
/// them: a new subject, who claims them.
struct Choice {
    std::string subject;
    std::vector<sdk::Identifier> identifiers;
    std::string region;  ///< where national phone numbers belong
    std::string scope;
    std::vector<std::string> purposes;
    std::vector<std::string> channels;
    consent::Decision decision = consent::Decision::Withdrawn;
    std::optional<consent::Proof> proof;  ///< of granted
    std::optional<EpochMs> at;            ///< when the person acted; empty: now
    std::optional<EpochMs> validFrom;
    std::optional<EpochMs> validTo;
    std::string actor;
    std::string legalBasis;
    std::string causation;
    std::string reason;
};

struct Said {
    std::string subject;
    std::string event;
    bool isNewSubject = false;
    Answers answers;
};

/// Throws RequestError for a decision that cannot be said, an unknown key, several people with one
/// identifier, or a grant without proof.
Said say(Core& core, const Choice& choice);

/// The event that the choice would become; `subject` is known.
consent::Event eventOf(const Core& core,
                       const Choice& choice,
                       const std::string& subject,
                       EpochMs now);

/// What the answers would be if the choice were said now.
Answers forecast(Core& core, const std::string& subject, const Choice& choice);

}  // namespace concordat::sync
