// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/connector.h"

#include <algorithm>
#include <memory>

#include "plugins/eudonet/times.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::eudonet {
namespace {

using nlohmann::json;
using sdk::CallError;
using sdk::RecordRef;

const Answer& mustBeDone(const Answer& answer, const std::string& what) {
    return sdk::mustBeDone(answer, what, "check the logins, the passwords and base_name");
}

Answer late(std::string reason) {
    Answer answer;
    answer.ending = Ending::Later;
    answer.retryAfterMs = 2'000;
    answer.reason = std::move(reason);
    return answer;
}

}  // namespace

EudonetConnector::EudonetConnector(sdk::Host& host, const json& settings)
    : host_(host), settings_(readSettings(settings)), link_(host, settings_) {}

std::optional<Answer> EudonetConnector::tryLearnFields() {
    if (learned_) return std::nullopt;
    const auto names = namesOf(settings_);
    std::set<int> tabs;
    for (const auto& named : names)
        if (named.name->descId == 0 && !named.name->labels.empty()) tabs.insert(named.tab);
    if (!tabs.empty()) {
        auto answer = link_.send({metaInfos(settings_, {tabs.begin(), tabs.end()})}).front();
        if (answer.ending != Ending::Done) return answer;
        resolve(names, baseOf(answer.body));
    }
    learned_ = true;
    return std::nullopt;
}

void EudonetConnector::learnFields() {
    if (const auto failure = tryLearnFields()) mustBeDone(*failure, "learning the base's fields");
}

std::vector<Stream> EudonetConnector::streams() const {
    const People& people = settings_.records();
    std::vector<Stream> streams = {
        {people.object, people.tab, people.modified.descId, columnsOf(settings_, people), false}};
    if (settings_.layout != Layout::ConsentTable) return streams;
    const Consents& rows = settings_.consents;
    // Rows without a change date cannot be followed: then the contacts are swept, each with its
    // rows.
    if (rows.modified.descId == 0) streams.front().modified = 0;
    if (streams.front().modified != 0)
        streams.push_back(
            {"consent", rows.tab, rows.modified.descId, columnsOf(settings_, rows), true});
    return streams;
}

sdk::Page EudonetConnector::pull(const sdk::PullRequest& request) {
    learnFields();
    const auto tables = streams();
    Cursor cursor = readCursor(request.cursor, tables);
    sdk::Page page;
    if (!underWay(cursor)) page.waitMs = beginRounds(cursor, tables, host_.now());
    std::vector<const Stream*> asked;
    std::vector<sdk::HttpRequest> requests;
    for (const auto& table : tables)
        if (const auto& round = cursor[table.name].round) {
            asked.push_back(&table);
            requests.push_back(search(settings_, nextPage(table, *round)));
        }
    const auto askedAt = host_.now();
    const auto answers = link_.send(requests);
    const Moment moment{link_.vendorTimeBefore(), askedAt, settings_.sweepMs};
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto rows = pageOf(answers[i]);
        if (answers[i].ending == Ending::Later || (answers[i].ending == Ending::Done && !rows)) {
            page.waitMs = std::max({page.waitMs, answers[i].retryAfterMs, std::int64_t{1'000}});
            continue;
        }
        mustBeDone(answers[i], "reading table " + std::to_string(asked[i]->tab));
        if (rows->skipped > 0)
            host_.log("warning",
                      "left out rows without a FileId, table=" + std::to_string(asked[i]->tab) +
                          " count=" + std::to_string(rows->skipped));
        advance(cursor[asked[i]->name], *asked[i], *rows, moment);
        observe(*asked[i], std::move(rows->rows), askedAt, page);
    }
    page.cursor = writeCursor(cursor);
    page.more = underWay(cursor);
    return page;
}

void EudonetConnector::observe(const Stream& stream,
                               std::vector<Row> rows,
                               sdk::EpochMs askedAt,
                               sdk::Page& page) {
    if (settings_.layout != Layout::ConsentTable) {
        for (const auto& row : rows)
            page.observations.push_back(observationOf(settings_, row, askedAt));
        return;
    }
    Fetched fetched;
    if (stream.name == "consent") {
        std::set<std::string> people;
        for (const auto& row : rows)
            if (auto person = personOf(settings_, row); !person.empty())
                people.insert(std::move(person));
        fetched = fetch(people);
    } else {
        for (auto& row : rows) {
            auto seen = observationOf(settings_, row, askedAt);
            const std::string id = row.fileId;
            fetched.found[id] = Record{std::move(row), {}, std::move(seen)};
        }
        addConsents(fetched);
    }
    if (!fetched.failed.empty())
        mustBeDone(fetched.failed.begin()->second, "reading the consent rows");
    for (auto& [id, record] : fetched.found) page.observations.push_back(std::move(record.seen));
}

Fetched EudonetConnector::fetch(const std::set<std::string>& ids) {
    Fetched fetched;
    const People& people = settings_.records();
    std::vector<std::string> wanted, alone;
    for (const auto& id : ids) (isId(id) ? wanted : alone).push_back(id);
    for (const auto& id : alone) fetched.missing.insert(id);
    alone.clear();
    const auto askedAt = host_.now();
    auto found = link_.inList(people.tab, columnsOf(settings_, people), people.idField, wanted);
    for (auto& row : found.rows) {
        if (!ids.contains(row.fileId)) continue;
        auto seen = observationOf(settings_, row, askedAt);
        const std::string id = row.fileId;
        fetched.found[id] = Record{std::move(row), {}, std::move(seen)};
    }
    for (const auto& id : wanted) {
        if (fetched.found.contains(id)) continue;
        if (found.failure)
            fetched.failed.emplace(id, *found.failure);
        else
            alone.push_back(id);
    }
    lookAlone(fetched, alone, askedAt);
    addConsents(fetched);
    return fetched;
}

void EudonetConnector::lookAlone(Fetched& fetched,
                                 const std::vector<std::string>& ids,
                                 sdk::EpochMs askedAt) {
    std::vector<std::string> left = ids;
    for (int attempt = 0; attempt < 2 && !left.empty(); ++attempt) {
        std::vector<sdk::HttpRequest> requests;
        for (const auto& id : left)
            requests.push_back(getRecord(settings_, settings_.records().tab, id));
        const auto answers = link_.send(requests);
        std::vector<std::string> again;
        for (std::size_t i = 0; i < left.size(); ++i) {
            auto page = pageOf(answers[i]);
            const bool gone = answers[i].ending == Ending::NotFound || (page && page->rows.empty());
            if (page && !page->rows.empty() && page->rows.front().fileId == left[i]) {
                auto seen = observationOf(settings_, page->rows.front(), askedAt);
                fetched.found[left[i]] = Record{std::move(page->rows.front()), {}, std::move(seen)};
            } else if (gone && attempt == 0) {
                again.push_back(left[i]);
            } else if (gone) {
                fetched.missing.insert(left[i]);
            } else {
                fetched.failed.emplace(
                    left[i],
                    answers[i].ending == Ending::Done
                        ? late("Eudonet answered with another record than the one asked for")
                        : answers[i]);
            }
        }
        left = again;
    }
}

void EudonetConnector::addConsents(Fetched& fetched) {
    if (settings_.layout != Layout::ConsentTable || fetched.found.empty()) return;
    std::vector<std::string> ids;
    for (const auto& [id, record] : fetched.found) ids.push_back(id);
    const Consents& table = settings_.consents;
    auto found = link_.inList(table.tab, columnsOf(settings_, table), settings_.personLink(), ids);
    if (found.failure) {
        for (const auto& id : ids) fetched.failed.emplace(id, *found.failure);
        fetched.found.clear();
        return;
    }
    for (auto& row : found.rows) {
        const auto owner = fetched.found.find(personOf(settings_, row));
        if (owner != fetched.found.end()) owner->second.consents.push_back(std::move(row));
    }
    for (auto& [id, record] : fetched.found) addChoices(settings_, record.consents, record.seen);
}

sdk::ReadReply EudonetConnector::read(const std::vector<RecordRef>& records) {
    learnFields();
    std::set<std::string> ids;
    sdk::ReadReply reply;
    for (const auto& record : records) {
        if (record.object == settings_.records().object)
            ids.insert(record.id);
        else
            reply.missing.push_back(record);
    }
    auto fetched = fetch(ids);
    if (!fetched.failed.empty())
        mustBeDone(fetched.failed.begin()->second, "reading records from Eudonet");
    for (auto& [id, record] : fetched.found) reply.observations.push_back(std::move(record.seen));
    for (const auto& id : fetched.missing)
        reply.missing.push_back({settings_.records().object, id});
    return reply;
}

Rows EudonetConnector::searchIdentifier(const sdk::Identifier& identifier, int field) {
    SearchWish wish;
    wish.tab = settings_.records().tab;
    wish.columns = columnsOf(settings_, settings_.records());
    wish.where = {{field, Operator::Equal, identifier.value}};
    return link_.all(std::move(wish));
}

sdk::FindReply EudonetConnector::find(const std::vector<sdk::Identifier>& identifiers) {
    learnFields();
    const People& people = settings_.records();
    const auto askedAt = host_.now();
    std::vector<Row> rows;
    std::vector<std::string> addresses;
    const auto add = [&rows](Rows found) {
        if (found.failure) mustBeDone(*found.failure, "searching in Eudonet");
        for (auto& row : found.rows) rows.push_back(std::move(row));
    };
    for (const auto& identifier : identifiers) {
        const auto external = people.external.find(identifier.name);
        // A value with ';' would be two in a list, and an empty one would find everybody without an
        // address.
        const bool listable =
            !identifier.value.empty() && identifier.value.find(';') == std::string::npos;
        if (identifier.kind == sdk::IdentifierKind::Email && people.email.descId != 0 && listable)
            addresses.push_back(identifier.value);
        if (identifier.value.empty()) continue;
        if (identifier.kind == sdk::IdentifierKind::Phone)
            for (const auto* field : {&people.mobile, &people.phone})
                if (field->descId != 0) add(searchIdentifier(identifier, field->descId));
        if (identifier.kind == sdk::IdentifierKind::External && external != people.external.end() &&
            external->second.descId != 0)
            add(searchIdentifier(identifier, external->second.descId));
    }
    if (!addresses.empty())
        add(link_.inList(people.tab, columnsOf(settings_, people), people.email.descId, addresses));
    Fetched fetched;
    for (auto& row : rows) {
        auto seen = observationOf(settings_, row, askedAt);
        const std::string id = row.fileId;
        fetched.found[id] = Record{std::move(row), {}, std::move(seen)};
    }
    addConsents(fetched);
    if (!fetched.failed.empty()) mustBeDone(fetched.failed.begin()->second, "searching in Eudonet");
    sdk::FindReply reply;
    for (const auto& identifier : identifiers) {
        auto& list = reply.matches.emplace_back();
        for (const auto& [id, record] : fetched.found)
            if (holds(record.seen, identifier)) list.push_back(record.seen);
    }
    return reply;
}

sdk::ApplyReply EudonetConnector::apply(const std::vector<sdk::ApplyItem>& items) {
    if (const auto failure = tryLearnFields()) {
        // Nothing is known of any record, and nothing was written.
        auto late = sdk::outcomeBeforeWriting(*failure);
        if (late.kind != sdk::OutcomeKind::Rejected) late.kind = sdk::OutcomeKind::Retry;
        return {std::vector(items.size(), late)};
    }
    std::map<std::string, Wish> wishes;
    std::vector<std::string> problems;
    for (const auto& item : items) {
        problems.push_back(problemWith(settings_, item));
        if (problems.back().empty()) mergeInto(wishes[item.record.id], item);
    }
    const auto results = bring(wishes);
    sdk::ApplyReply reply;
    for (std::size_t i = 0; i < items.size(); ++i) {
        sdk::Outcome outcome;
        if (problems[i].empty()) {
            outcome = results.at(items[i].record.id);
        } else {
            outcome.kind = sdk::OutcomeKind::Rejected;
            outcome.message = problems[i];
        }
        reply.outcomes.push_back(std::move(outcome));
    }
    return reply;
}

std::map<std::string, sdk::Outcome> EudonetConnector::bring(
    const std::map<std::string, Wish>& wishes) {
    std::set<std::string> ids;
    for (const auto& [id, wish] : wishes) ids.insert(id);
    const auto fetched = fetch(ids);
    std::map<std::string, sdk::Outcome> outcomes;
    for (const auto& id : fetched.missing) outcomes[id].kind = sdk::OutcomeKind::NotFound;
    for (const auto& [id, answer] : fetched.failed) {
        auto& outcome = outcomes[id] = sdk::outcomeBeforeWriting(answer);
        // A search that failed does not make a record known to be gone.
        if (outcome.kind == sdk::OutcomeKind::NotFound) outcome.kind = sdk::OutcomeKind::Retry;
        outcome.retryAfterMs = std::max<std::int64_t>(outcome.retryAfterMs, 1'000);
    }
    std::vector<std::string> owners;
    std::vector<sdk::HttpRequest> requests;
    const std::string nowText = localText(host_.now());
    for (const auto& [id, record] : fetched.found) {
        const auto step = stepFor(settings_, wishes.at(id), record, nowText);
        outcomes[id] = step.outcome;
        for (const auto& change : step.changes) {
            owners.push_back(id);
            requests.push_back(write(settings_, change.tab, change.fileId, change.fields));
        }
    }
    const auto answers = link_.send(requests);
    std::set<std::string> written;
    for (std::size_t i = 0; i < answers.size(); ++i)
        settle(outcomes[owners[i]], answers[i], written.insert(owners[i]).second);
    const auto readBack = fetch(written);
    for (const auto& id : written) {
        const auto now = readBack.found.find(id);
        outcomes[id].observed =
            now == readBack.found.end() ? std::nullopt : std::optional(now->second.seen);
    }
    return outcomes;
}

void EudonetConnector::settle(sdk::Outcome& outcome, const Answer& answer, bool first) {
    using sdk::OutcomeKind;
    auto next = outcomeOf(answer);
    // Of several writes for one record the worst one names the outcome; a conflict or a refusal
    // that is already known stays, whatever became of the rest.
    const auto rank = [](OutcomeKind kind) {
        switch (kind) {
            case OutcomeKind::Unknown:
                return 5;
            case OutcomeKind::Retry:
                return 4;
            case OutcomeKind::Rejected:
                return 3;
            case OutcomeKind::Conflict:
                return 2;
            case OutcomeKind::NotFound:
                return 1;
            default:
                return 0;
        }
    };
    if (rank(next.kind) > rank(outcome.kind) || (first && rank(outcome.kind) == 0))
        outcome = std::move(next);
}

void EudonetConnector::note(const RecordRef& record, const std::string& text) {
    if (record.object != settings_.records().object || !isId(record.id))
        throw CallError("Eudonet has no record of that object and id");
    const std::string name = "concordat-" + std::to_string(host_.now()) + ".txt";
    const auto answers =
        link_.send({addAnnex(settings_, settings_.records().tab, record.id, name, text)});
    mustBeDone(answers.front(), "leaving an annex in Eudonet");
}

sdk::Health EudonetConnector::health() {
    sdk::Health health;
    health.lastError = link_.lastError();
    health.quotaLeft = link_.quotaLeft();
    return health;
}

}  // namespace concordat::plugins::eudonet

using concordat::plugins::eudonet::EudonetConnector;
CONCORDAT_CONNECTOR(EudonetConnector)
