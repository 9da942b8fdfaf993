// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small events and one policy for tests of the rules.

#include <string>
#include <utility>
#include <vector>

#include "hub/consent/effective.h"
#include "hub/consent/proof.h"

namespace concordat::tests {

constexpr consent::EpochMs kMinute = 60'000;
constexpr consent::EpochMs kHour = 60 * kMinute;
constexpr consent::EpochMs kDay = 24 * kHour;
constexpr consent::EpochMs kNow = 1'772'445'600'000;  ///< 2026-03-02 10:00 UTC

/// marketing > news, offers (direct marketing); survey; profiling (channel none). acme and beta are
/// one group, and only beta spreads.
inline consent::Policy policy() {
    consent::Policy policy;
    const auto add = [&](const std::string& code, const std::string& parent, bool marketing) {
        consent::Purpose purpose;
        purpose.code = code;
        purpose.parent = parent;
        purpose.directMarketing = marketing;
        policy.purposes[code] = purpose;
    };
    add("marketing", "", true);
    add("news", "marketing", true);
    add("offers", "marketing", true);
    add("survey", "", false);
    add("profiling", "", false);
    policy.purposes["profiling"].channelNone = true;
    policy.channels = {"email", "sms", "phone", "post"};
    policy.scopes["acme"] = {"acme", consent::Spread::Own, "group"};
    policy.scopes["beta"] = {"beta", consent::Spread::Group, "group"};
    policy.notices = {"notice-1"};
    return policy;
}

inline const consent::Key kNewsEmail{"acme", "news", "email"};

inline consent::Event event(consent::Decision decision, std::string id, consent::EpochMs at) {
    consent::Event event;
    event.id = std::move(id);
    event.subject = "ana";
    event.scope = "acme";
    event.purposes = {"news"};
    event.channels = {"email"};
    event.decision = decision;
    event.time = consent::EventTime{at, "hub:1", 0};
    event.observedAt = at;
    return event;
}

/// Given by the person at the hub.
inline consent::Event grant(std::string id, consent::EpochMs at) {
    auto result = event(consent::Decision::Granted, std::move(id), at);
    consent::Proof proof;
    proof.held = true;
    proof.direct = true;
    proof.capturedAt = at;
    proof.source = "portal";
    result.proof = proof;
    return result;
}

/// Declared by a system with evidence whose notice is known.
inline consent::Event declaredGrant(std::string id, consent::EpochMs at) {
    auto result = grant(std::move(id), at);
    result.system = "salesforce";
    result.time->clock = "system:salesforce";
    result.proof->held = false;
    result.proof->direct = false;
    result.proof->knownSource = true;
    return result;
}

inline consent::History history(std::vector<consent::Event> events) {
    consent::History result;
    result.subject = "ana";
    result.events = std::move(events);
    return result;
}

inline consent::Effective judge(std::vector<consent::Event> events,
                                const consent::Key& key = kNewsEmail) {
    return consent::effective(history(std::move(events)), key, policy(), kNow);
}

}  // namespace concordat::tests
