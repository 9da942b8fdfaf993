// SPDX-License-Identifier: Apache-2.0
#include "hub/api/choice_body.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostSlots = 100;

sdk::Identifier identifierFrom(const Json& identifier) {
    onlyKnown(identifier, "identifier", {"kind", "value", "name"});
    const std::string kind = requiredText(identifier, "kind");
    const std::string value = requiredText(identifier, "value");
    if (kind == "email") return {sdk::IdentifierKind::Email, value, ""};
    if (kind == "phone") return {sdk::IdentifierKind::Phone, value, ""};
    if (kind == "external")
        return {sdk::IdentifierKind::External, value, requiredText(identifier, "name")};
    throw RequestError("'identifier.kind' must be email, phone or external");
}

consent::Decision decisionFrom(const std::string& text) {
    const auto decision = consent::decisionFrom(text);
    if (!decision)
        throw RequestError(
            "'decision' must be granted, refused, withdrawn, objected, pending or contact");
    return *decision;
}

/// Proof that counts over a wide restriction: the person gave it to whoever calls, and that can be
/// shown.
bool isDirect(const consent::Proof& proof) {
    return proof.method == "subject" ||
           (proof.method == "double_opt_in" && proof.capturedAt && proof.confirmedAt);
}

std::string scopeOf(const Rooms& rooms, const Json& body) {
    const std::string scope = text(body, "scope");
    const auto& scopes = rooms.policy().scopes;
    return scope.empty() && scopes.size() == 1 ? scopes.begin()->first : scope;
}

}  // namespace

consent::Proof evidenceFrom(const Json& evidence) {
    onlyKnown(evidence, "evidence",
              {"source", "notice_id", "method", "captured_at", "confirmed_at"});
    consent::Proof proof;
    proof.source = requiredText(evidence, "source");
    proof.noticeId = text(evidence, "notice_id");
    proof.method = text(evidence, "method");
    proof.capturedAt = time(evidence, "captured_at");
    proof.confirmedAt = time(evidence, "confirmed_at");
    if (!proof.capturedAt)
        throw RequestError("'evidence.captured_at' is missing: when the person consented");
    if (proof.confirmedAt && *proof.confirmedAt < *proof.capturedAt)
        throw RequestError("'evidence.confirmed_at' lies before 'captured_at'");
    proof.direct = isDirect(proof);
    return proof;
}

sync::Choice choiceFrom(const Rooms& rooms, const Visit& visit) {
    const Json body =
        bodyOf(visit.call, {"identifier", "subject", "scope", "purposes", "channels", "decision",
                            "at", "evidence", "actor", "reason", "valid_from", "valid_to"});
    sync::Choice choice;
    choice.subject = text(body, "subject");
    if (body.contains("identifier")) choice.identifiers = {identifierFrom(body["identifier"])};
    if (choice.subject.empty() == choice.identifiers.empty())
        throw RequestError("a choice names 'identifier' or 'subject', one of them");
    choice.region = rooms.region;
    choice.scope = scopeOf(rooms, body);
    choice.purposes = texts(body, "purposes", kMostSlots);
    choice.channels = texts(body, "channels", kMostSlots);
    choice.decision = decisionFrom(requiredText(body, "decision"));
    choice.at = time(body, "at");
    choice.validFrom = time(body, "valid_from");
    choice.validTo = time(body, "valid_to");
    if (body.contains("evidence")) choice.proof = evidenceFrom(body["evidence"]);
    choice.actor = text(body, "actor", visit.caller.name);
    choice.reason = text(body, "reason");
    choice.causation = "api/" + visit.caller.name;
    return choice;
}

sync::Choice inboxEvidenceFrom(const Rooms& rooms, const Visit& visit) {
    Json body = bodyOf(visit.call, {"source", "notice_id", "method", "captured_at", "confirmed_at",
                                    "scope", "purposes", "channels", "reason"});
    sync::Choice choice;
    choice.region = rooms.region;
    choice.scope = text(body, "scope");
    choice.purposes = texts(body, "purposes", kMostSlots);
    choice.channels = texts(body, "channels", kMostSlots);
    choice.reason = text(body, "reason");
    choice.actor = visit.caller.name;
    for (const char* other : {"scope", "purposes", "channels", "reason"}) body.erase(other);
    choice.proof = evidenceFrom(body);
    choice.at = choice.proof->capturedAt;
    return choice;
}

void requireGrant(const Caller& caller) {
    if (caller.scopes.contains("grant")) return;
    throw RequestError("stating a consent needs a token with the scope 'grant', or a session", 403);
}

}  // namespace concordat::api
