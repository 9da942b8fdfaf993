// SPDX-License-Identifier: Apache-2.0
// What people say to the hub, and what senders ask before a mailing.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/api/choice_body.h"
#include "hub/api/json.h"
#include "hub/api/views.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostIdentifiers = 1'000;

Reply say(const Rooms& rooms, const Visit& visit) {
    const sync::Choice choice = choiceFrom(rooms, visit);
    if (choice.decision == consent::Decision::Granted) requireGrant(visit.caller);
    const sync::Said said = rooms.sync.say(choice);
    return ok({{"event", said.event},
               {"subject", said.subject},
               {"new_subject", said.isNewSubject},
               {"effective", viewOf(said.answers)}});
}

consent::Key keyFrom(const Rooms& rooms, const Json& body) {
    const auto& scopes = rooms.policy().scopes;
    consent::Key key{text(body, "scope"), requiredText(body, "purpose"), text(body, "channel")};
    if (key.scope.empty()) {
        if (scopes.size() != 1)
            throw RequestError("'scope' is missing: this hub has several controllers");
        key.scope = scopes.begin()->first;
    }
    if (!scopes.contains(key.scope)) throw RequestError("'scope' is not known to this hub");
    const consent::Purpose* purpose = rooms.policy().purpose(key.purpose);
    if (purpose == nullptr) throw RequestError("'purpose' is not known to this hub");
    if (key.channel.empty() && purpose->channelNone) key.channel = "none";
    const auto keys = rooms.policy().keys(key.scope);
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
        throw RequestError("'channel' is missing, or this purpose has no such channel");
    return key;
}

sdk::Identifier identifierFrom(const std::string& text) {
    const bool isEmail = text.find('@') != std::string::npos;
    return {isEmail ? sdk::IdentifierKind::Email : sdk::IdentifierKind::Phone, text, ""};
}

Json answerView(const std::string& identifier, const consent::Effective& effective) {
    return {{"identifier", identifier},
            {"answer", nameOf(effective.answer)},
            {"rule", effective.rule},
            {"since", effective.since}};
}

/// As sent, in order. A line that is no address at all has the answer unknown and says so; it does
/// not spoil the others.
Reply ask(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"scope", "purpose", "channel", "identifiers"});
    const auto identifiers = texts(body, "identifiers", kMostIdentifiers);
    if (identifiers.empty()) throw RequestError("'identifiers' is missing or empty");
    const consent::Key key = keyFrom(rooms, body);
    std::vector<sync::Question> questions;
    std::vector<bool> isAsked;
    for (const std::string& one : identifiers) {
        const sdk::Identifier identifier = identifierFrom(one);
        isAsked.push_back(consent::normalise(identifier, rooms.region).has_value());
        if (isAsked.back()) questions.push_back({identifier, "", key});
    }
    const auto answers = rooms.sync.effectiveOf(questions, rooms.region);
    Json items = Json::array();
    auto answer = answers.begin();
    for (std::size_t at = 0; at < identifiers.size(); ++at) {
        if (isAsked[at]) {
            items.push_back(answerView(identifiers[at], *answer++));
            continue;
        }
        items.push_back(answerView(identifiers[at], {}));
        items.back()["problem"] = "no e-mail address or phone number";
    }
    return page(items);
}

}  // namespace

std::vector<Route> choiceRoutes(const Rooms& rooms) {
    return {
        {"POST", "/v1/choices", Role::Reviewer,
         [&rooms](const Visit& visit) { return say(rooms, visit); }},
        {"POST", "/v1/effective", Role::ReadOnly,
         [&rooms](const Visit& visit) { return ask(rooms, visit); }},
    };
}

}  // namespace concordat::api
