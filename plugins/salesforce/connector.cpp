// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/connector.h"

#include <algorithm>
#include <memory>

#include "sdk/concordat/groups.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::salesforce {
namespace {

using sdk::CallError;
using sdk::inGroups;
using sdk::RecordRef;

/// Words longer than this cannot stand in a WHERE clause. Source: SOQL limits, API v66.0.
constexpr std::size_t kMostLiteral = 4'000;

/// Rows of one type stand together: Salesforce works through at most ten runs of a type.
bool byType(const Writing& one, const Writing& two) {
    return std::tie(one.patch.type, one.patch.id) < std::tie(two.patch.type, two.patch.id);
}

}  // namespace

SalesforceConnector::SalesforceConnector(sdk::Host& host, const nlohmann::json& settings)
    : host_(host),
      settings_(readSettings(settings)),
      link_(host, settings_),
      records_(host, settings_, link_),
      individuals_(settings_, link_, records_),
      jobs_(host, settings_, link_) {}

sdk::ReadReply SalesforceConnector::read(const std::vector<RecordRef>& records) {
    const std::set<RecordRef> wanted(records.begin(), records.end());
    const auto fetched = records_.fetch(wanted);
    if (!fetched.failed.empty())
        mustBeDone(fetched.failed.begin()->second, "reading records from Salesforce");
    sdk::ReadReply reply;
    for (const auto& [ref, row] : fetched.found) reply.observations.push_back(row.seen);
    individuals_.complete(reply.observations);
    reply.missing.assign(fetched.missing.begin(), fetched.missing.end());
    return reply;
}

std::vector<std::string> SalesforceConnector::findQueries(
    const Kind& kind, const std::vector<sdk::Identifier>& identifiers) {
    const auto& shape = link_.shape(kind);
    const auto fields = link_.fields(kind);
    std::map<std::string, std::vector<std::string>> literals;
    std::vector<std::string> queries;
    for (const auto& identifier : identifiers) {
        if (identifier.value.empty() || identifier.value.size() > kMostLiteral / 2) continue;
        if (identifier.kind == sdk::IdentifierKind::Email && shape.has("Email"))
            literals["Email"].push_back(soqlText(identifier.value));
        const std::string pattern =
            identifier.kind == sdk::IdentifierKind::Phone ? phonePattern(identifier.value) : "";
        for (const char* field : {"MobilePhone", "Phone"})
            if (!pattern.empty() && shape.has(field))
                queries.push_back(selecting(fields, kind.object) + " WHERE " + field + " LIKE " +
                                  soqlText(pattern));
        const auto external = settings_.externalIds.find(identifier.name);
        if (identifier.kind != sdk::IdentifierKind::External ||
            external == settings_.externalIds.end() || !shape.has(external->second))
            continue;
        const auto& type = shape.fields.find(external->second)->second.type;
        const bool isText = type != "double" && type != "int" && type != "long";
        const bool isNumber = identifier.value.find_first_not_of("0123456789") == std::string::npos;
        // A text cannot be in a number's field, and a query for it would fail.
        if (isText)
            literals[external->second].push_back(soqlText(identifier.value));
        else if (isNumber)
            literals[external->second].push_back(identifier.value);
    }
    for (const auto& [field, values] : literals)
        for (const auto& part : inParts(values))
            queries.push_back(inQuery(fields, kind.object, field, part));
    return queries;
}

sdk::FindReply SalesforceConnector::find(const std::vector<sdk::Identifier>& identifiers) {
    sdk::FindReply reply;
    reply.matches.resize(identifiers.size());
    for (const auto* kind : {&kContact, &kLead}) {
        if (!takesPart(settings_, *kind)) continue;
        mustBeDone(link_.prepare({kind}), "searching in Salesforce");
        const auto rows =
            records_.search(*kind, findQueries(*kind, identifiers), "searching in Salesforce");
        for (std::size_t i = 0; i < identifiers.size(); ++i) {
            std::set<RecordRef> taken;
            for (const auto& row : rows)
                if (holds(row.seen, identifiers[i]) && taken.insert(row.seen.record).second)
                    reply.matches[i].push_back(row.seen);
        }
    }
    return reply;
}

sdk::ApplyReply SalesforceConnector::apply(const std::vector<sdk::ApplyItem>& items) {
    std::map<RecordRef, Wish> wishes;
    std::vector<std::string> refusals;
    for (const auto& item : items) {
        const auto read = wishOf(item, settings_);
        refusals.push_back(read.reason);
        if (read.wish) merge(wishes[item.record], *read.wish);
    }
    const auto results = bring(wishes);
    sdk::ApplyReply reply;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto found = results.find(items[i].record);
        if (!refusals[i].empty() || found == results.end())
            reply.outcomes.push_back(rejected(refusals[i]));
        else
            reply.outcomes.push_back(found->second);
    }
    return reply;
}

sdk::ApplyReply SalesforceConnector::pollApply(const std::string& token) {
    return {{jobs_.poll(token)}};
}

Outcomes SalesforceConnector::bring(const std::map<RecordRef, Wish>& wishes) {
    std::set<RecordRef> records;
    for (const auto& [record, wish] : wishes) records.insert(record);
    auto fetched = records_.fetch(records);
    const auto before = link_.vendorTimeBefore();
    const auto standing = consentsOf(wishes, fetched);
    Outcomes outcomes;
    for (const auto& record : fetched.missing) outcomes[record].kind = sdk::OutcomeKind::NotFound;
    for (const auto& [record, answer] : fetched.failed) {
        outcomes[record] = sdk::outcomeBeforeWriting(answer);
    }
    std::vector<Writing> tightening, loosening, plain;
    for (const auto& [record, row] : fetched.found) {
        const auto& wish = wishes.at(record);
        auto step = stepFor(wish, row, link_.shape(*wish.kind), before);
        outcomes[record] = std::move(step.outcome);
        if (!step.patch) continue;
        // What has more to it than refusals of its own is settled in this call.
        const bool isPlain = outcomes[record].kind == sdk::OutcomeKind::Unchanged &&
                             wish.consents.empty() && !step.loosens;
        auto& list = step.loosens ? loosening : isPlain ? plain : tightening;
        list.push_back({record, std::move(*step.patch)});
    }
    for (auto& writing : jobs_.take(std::move(plain), outcomes))
        tightening.push_back(std::move(writing));
    for (auto& group : inGroups(tightening, kCollection)) tighten(std::move(group), outcomes);
    if (!loosening.empty()) loosen(loosening, outcomes);
    std::vector<Choice> choices;
    for (const auto& [record, row] : fetched.found)
        if (!wishes.at(record).consents.empty() && !row.seen.deleted)
            choices.push_back({record, wishes.at(record), row.seen.version});
    if (!choices.empty()) choose(choices, standing, outcomes);
    return outcomes;
}

Standing SalesforceConnector::consentsOf(const std::map<RecordRef, Wish>& wishes,
                                         Fetched& fetched) {
    Standing standing;
    std::set<std::string> ids;
    for (const auto& [record, row] : fetched.found)
        if (record.object == kIndividual.object && takesPart(settings_, kConsent) &&
            (!wishes.at(record).consents.empty() || wishes.at(record).expectedVersion != 0))
            ids.insert(fullId(record.id));
    if (ids.empty()) return standing;
    try {
        standing.rows = individuals_.rowsOf(ids);
        standing.purposeIds = individuals_.purposeIds();
    } catch (const sdk::Cancelled&) {
        throw;
    } catch (const CallError& error) {
        standing.failure = error.what();
    }
    // As read() and pull() have it: a consent that changes is a change of its individual.
    for (auto& [record, row] : fetched.found)
        for (const auto& consent : standing.rows[fullId(record.id)])
            row.seen.version = std::max(row.seen.version, consent.seen.version);
    return standing;
}

void SalesforceConnector::choose(const std::vector<Choice>& choices,
                                 const Standing& standing,
                                 Outcomes& outcomes) {
    ConsentTerms terms{"", "", host_.now(), standing.purposeIds};
    ConsentWrites writes;
    for (const auto& choice : choices) {
        if (!standing.failure.empty()) {
            // Nothing of these was written yet; the other items keep their outcomes.
            outcomes[choice.record] = {sdk::OutcomeKind::Retry, standing.failure, 5'000, "",
                                       std::nullopt};
            continue;
        }
        terms.individual = fullId(choice.record.id);
        terms.creationKey = choice.wish.creationKey;
        const auto rows = standing.rows.find(terms.individual);
        addRows(choice, rows == standing.rows.end() ? std::vector<Row>{} : rows->second, terms,
                writes, outcomes[choice.record]);
    }
    for (const auto& group : inGroups(writes.patches, kCollection))
        writeConsents(group, false, outcomes);
    for (const auto& group : inGroups(writes.creations, kCollection))
        writeConsents(group, true, outcomes);
}

void SalesforceConnector::addRows(const Choice& choice,
                                  const std::vector<Row>& rows,
                                  const ConsentTerms& terms,
                                  ConsentWrites& writes,
                                  sdk::Outcome& outcome) {
    // A permit rests on what the hub read: the individual, or any of its consents.
    const bool moved =
        choice.wish.expectedVersion != 0 && choice.version != choice.wish.expectedVersion;
    for (const auto& [point, write] : choice.wish.consents) {
        if (write.permit && moved) continue;  // the outcome says conflict already
        auto made = write.permit ? grantOf(*point, rows, terms, *write.evidence, settings_)
                                 : refusalOf(*point, rows, terms, settings_);
        if (!made.obstacle.empty()) {
            outcome = rejected(made.obstacle);
            continue;
        }
        for (auto& row : made.patches) writes.patches.emplace_back(choice.record, std::move(row));
        for (auto& row : made.creations)
            writes.creations.emplace_back(choice.record, std::move(row));
    }
}

void SalesforceConnector::writeConsents(
    const std::vector<std::pair<RecordRef, nlohmann::json>>& rows,
    bool create,
    Outcomes& outcomes) {
    std::vector<nlohmann::json> bodies;
    std::vector<std::string> ids;
    for (const auto& [record, row] : rows) {
        bodies.push_back(row);
        ids.push_back(textOf(member(row, "id")));
    }
    const auto answers = collectionAnswers(link_.send(writeRows(bodies, create)), ids);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto outcome = outcomeOf(answers[i], host_.random());
        // A consent row that is gone says nothing of its individual.
        if (outcome.kind == sdk::OutcomeKind::NotFound) outcome.kind = sdk::OutcomeKind::Conflict;
        auto& whole = outcomes[rows[i].first];
        const bool good =
            whole.kind == sdk::OutcomeKind::Unchanged || whole.kind == sdk::OutcomeKind::Applied;
        if (good) whole = std::move(outcome);
    }
}

std::vector<Answer> SalesforceConnector::writeTogether(const std::vector<Writing>& writings) {
    std::vector<Patch> patches;
    std::vector<std::string> ids;
    for (const auto& writing : writings) {
        patches.push_back(writing.patch);
        ids.push_back(writing.patch.id);
    }
    return collectionAnswers(link_.send(patchAll(patches)), ids);
}

void SalesforceConnector::tighten(std::vector<Writing> writings, Outcomes& outcomes) {
    constexpr std::size_t kSmallGroup = 20;
    std::sort(writings.begin(), writings.end(), byType);
    std::vector<Writing> locked;
    const auto settle = [&](const Writing& writing, const Answer& answer) {
        auto& outcome = outcomes[writing.record];
        const bool moved = outcome.kind == sdk::OutcomeKind::Conflict;
        outcome = outcomeOf(answer, host_.random());
        // What tightens is written; the permit next to it was not, as the record had moved on.
        if (moved && outcome.kind == sdk::OutcomeKind::Applied)
            outcome.kind = sdk::OutcomeKind::Conflict;
    };
    const auto answers = writeTogether(writings);
    for (std::size_t i = 0; i < writings.size(); ++i) {
        const bool isAgain = writings.size() > 1 && locked.size() < kCollection;
        if (answers[i].ending == Ending::Locked && isAgain)
            locked.push_back(writings[i]);
        else
            settle(writings[i], answers[i]);
    }
    // One locked row can fail all that were sent with it.
    for (const auto& group : inGroups(locked, kSmallGroup)) {
        const auto again = writeTogether(group);
        for (std::size_t i = 0; i < group.size(); ++i) settle(group[i], again[i]);
    }
}

void SalesforceConnector::loosen(const std::vector<Writing>& writings, Outcomes& outcomes) {
    std::vector<Patch> patches;
    for (const auto& writing : writings) patches.push_back(writing.patch);
    const auto groups = inGroups(patches, kComposite);
    std::vector<Call> calls;
    for (const auto& group : groups) calls.push_back(patchEach(link_.versionPath(), group));
    const auto wholes = link_.send(calls);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (auto& answer : compositeAnswers(wholes[i], groups[i].size(), true))
            answers.push_back(std::move(answer));
    std::vector<Writing> stricter;
    for (std::size_t i = 0; i < writings.size(); ++i) {
        outcomes[writings[i].record] = outcomeOf(answers[i], host_.random());
        if (answers[i].ending == Ending::Done) continue;
        // A refusal that stood next to the permit does not wait for it.
        Writing rest = writings[i];
        std::erase_if(rest.patch.flags, [](const auto& flag) { return !flag.second; });
        if (!rest.patch.flags.empty()) stricter.push_back(std::move(rest));
    }
    if (stricter.empty()) return;
    Outcomes aside;
    for (auto& group : inGroups(stricter, kCollection)) tighten(std::move(group), aside);
    for (const auto& [record, outcome] : aside)
        if (outcome.kind != sdk::OutcomeKind::Applied) outcomes[record] = outcome;
}

void SalesforceConnector::note(const RecordRef& record, const std::string& text) {
    const Kind* kind = kindNamed(record.object);
    if (!kind || (kind != &kContact && kind != &kLead) || !isIdOf(*kind, record.id))
        throw CallError("Salesforce has a place for notes only on contacts and leads");
    mustBeDone(link_.prepare({kind}), "leaving a task in Salesforce");
    mustBeDone(link_.send(postTask(fullId(record.id), text)), "leaving a task in Salesforce");
}

sdk::Health SalesforceConnector::health() {
    sdk::Health health;
    health.lastError = link_.lastError();
    health.quotaLeft = link_.quotaLeft();
    return health;
}

}  // namespace concordat::plugins::salesforce

using concordat::plugins::salesforce::SalesforceConnector;
CONCORDAT_CONNECTOR(SalesforceConnector)
