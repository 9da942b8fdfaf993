// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/fetch.h"

#include <algorithm>

namespace concordat::plugins::salesforce {
namespace {

using sdk::RecordRef;
using ById = std::map<std::string, RecordRef>;

std::vector<ById> inPages(const ById& all) {
    std::vector<ById> pages;
    for (const auto& entry : all) {
        if (pages.empty() || pages.back().size() == kPageSize) pages.emplace_back();
        pages.back().insert(entry);
    }
    return pages;
}

std::vector<std::string> idsOf(const ById& part) {
    std::vector<std::string> ids;
    for (const auto& [id, record] : part) ids.push_back(id);
    return ids;
}

/// The same, as literals of a query that fit into one address.
std::vector<ById> inAddresses(const ById& all) {
    std::vector<std::string> literals;
    for (const auto& [id, record] : all) literals.push_back(soqlText(id));
    std::vector<ById> parts;
    auto next = all.begin();
    for (const auto& part : inParts(literals)) {
        parts.emplace_back();
        for (std::size_t i = 0; i < part.size(); ++i, ++next) parts.back().insert(*next);
    }
    return parts;
}

}  // namespace

void mustBeDone(const Answer& answer, const std::string& what) {
    if (answer.ending == Ending::Done) return;
    if (answer.ending == Ending::Cancelled) throw sdk::Cancelled();
    std::string words = what + " failed: " + answer.reason;
    if (answer.ending == Ending::SignIn)
        words += "; check client_id, its secret, and that the user may use the API";
    throw sdk::CallError(words);
}

Fetched Records::fetch(const std::set<RecordRef>& records) {
    Fetched fetched;
    for (const auto& record : records) {
        const Kind* kind = kindNamed(record.object);
        if (!kind || kind == &kConsent || !takesPart(settings_, *kind) || !isIdOf(*kind, record.id))
            fetched.missing.insert(record);
    }
    for (const auto* kind : settings_.kinds) {
        std::set<RecordRef> wanted;
        for (const auto& record : records)
            if (record.object == kind->object && !fetched.missing.contains(record))
                wanted.insert(record);
        if (!wanted.empty()) fetchKind(*kind, wanted, fetched);
    }
    return fetched;
}

void Records::fetchKind(const Kind& kind, const std::set<RecordRef>& records, Fetched& fetched) {
    const Answer ready = link_.prepare({&kind});
    ById all;
    for (const auto& record : records) {
        all.emplace(fullId(record.id), record);
        if (ready.ending != Ending::Done) fetched.failed.emplace(record, ready);
    }
    if (ready.ending != Ending::Done) return;
    const auto fields = link_.fields(kind);
    ById rest;
    for (const auto& page : inPages(all)) {
        askedAt_ = host_.now();
        if (take(kind, link_.send(retrieve(kind, idsOf(page), fields)), page, fetched))
            rest.insert(page.begin(), page.end());
    }
    std::erase_if(rest, [&](const auto& entry) { return fetched.found.contains(entry.second); });
    for (const auto& part : inAddresses(rest)) {
        std::vector<std::string> literals;
        for (const auto& [id, record] : part) literals.push_back(soqlText(id));
        askedAt_ = host_.now();
        const auto answer = link_.send(queryAll(inQuery(fields, kind.object, "Id", literals)));
        if (!take(kind, answer, part, fetched)) continue;
        for (const auto& [id, record] : part)
            if (!fetched.found.contains(record)) fetched.missing.insert(record);
    }
    // Two writings of one id are one record.
    for (const auto& record : records) {
        const auto& same = all.at(fullId(record.id));
        if (same == record) continue;
        if (fetched.found.contains(same)) fetched.found.emplace(record, fetched.found.at(same));
        if (fetched.missing.contains(same)) fetched.missing.insert(record);
        if (fetched.failed.contains(same)) fetched.failed.emplace(record, fetched.failed.at(same));
    }
}

bool Records::take(const Kind& kind, const Answer& answer, const ById& part, Fetched& fetched) {
    const auto rows = rowsOf(answer);
    if (!rows || isCut(answer)) {
        Answer failure = answer;
        if (failure.ending == Ending::Done || failure.ending == Ending::NotFound) {
            failure.ending = Ending::Later;
            failure.reason = "Salesforce did not answer with the list of records asked for";
        }
        for (const auto& [id, record] : part) fetched.failed.emplace(record, failure);
        return false;
    }
    for (const auto& raw : *rows) {
        auto row = rowOf(raw, settings_, kind, askedAt_);
        if (!row) continue;
        const auto wanted = part.find(row->seen.record.id);
        if (wanted != part.end()) fetched.found.emplace(wanted->second, std::move(*row));
    }
    return true;
}

std::vector<Row> Records::search(const Kind& kind,
                                 const std::vector<std::string>& queries,
                                 const std::string& what,
                                 bool deletedToo) {
    std::vector<Call> calls;
    for (const auto& soql : queries) calls.push_back(deletedToo ? queryAll(soql) : query(soql));
    std::vector<Row> found;
    if (calls.empty()) return found;
    const auto askedAt = host_.now();
    for (const auto& answer : link_.send(calls)) {
        mustBeDone(answer, what);
        const auto rows = rowsOf(answer);
        if (!rows) throw sdk::CallError(what + " failed: Salesforce did not answer with records");
        if (isCut(answer)) throw sdk::CallError(what + " failed: too many records for one page");
        for (const auto& raw : *rows)
            if (auto row = rowOf(raw, settings_, kind, askedAt)) found.push_back(std::move(*row));
    }
    return found;
}

}  // namespace concordat::plugins::salesforce
