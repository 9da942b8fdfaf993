// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/fetch.h"

#include <algorithm>

namespace concordat::plugins::salesforce {
namespace {

using sdk::RecordRef;
constexpr const char* kNoProgress =
    "Salesforce sent a cut page without any of the records asked for";

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

/// The page behind a cut one, by the vendor's own address.
Call nextPage(const std::string& versionPath, const Answer& answer, const std::string& what) {
    const std::string address = textOf(member(answer.body, "nextRecordsUrl"));
    if (!address.starts_with(versionPath + "/query/"))
        throw sdk::CallError(what +
                             " failed: Salesforce cut the list and did not say where it goes on");
    return {"GET", address.substr(versionPath.size()), "", false};
}

}  // namespace

void mustBeDone(const Answer& answer, const std::string& what) {
    sdk::mustBeDone(answer, what, "check client_id, its secret, and that the user may use the API");
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
    ById rest = all;
    // What fits into one address is asked for at once, with the recycle bin.
    if (inAddresses(all).size() > 1)
        for (const auto& page : inPages(all)) {
            askedAt_ = host_.now();
            take(kind, link_.send(retrieve(kind, idsOf(page), fields)), page, fetched);
        }
    const auto isSettled = [&fetched](const auto& entry) {
        return fetched.found.contains(entry.second) || fetched.failed.contains(entry.second);
    };
    std::erase_if(rest, isSettled);
    for (auto part : inAddresses(rest)) {
        bool cut = true;
        while (cut && !part.empty()) {
            const auto before = part.size();
            std::vector<std::string> literals;
            for (const auto& [id, record] : part) literals.push_back(soqlText(id));
            askedAt_ = host_.now();
            const auto answer = link_.send(queryAll(inQuery(fields, kind.object, "Id", literals)));
            take(kind, answer, part, fetched);
            std::erase_if(part, isSettled);
            // Salesforce may send less than was asked for; a page without any of them ends it.
            cut = isCut(answer);
            if (!cut || part.size() < before) continue;
            Answer failure = answer;
            failure.ending = Ending::Later;
            failure.reason = kNoProgress;
            for (const auto& [id, record] : part) fetched.failed.emplace(record, failure);
            part.clear();
        }
        for (const auto& [id, record] : part) fetched.missing.insert(record);
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

void Records::take(const Kind& kind, const Answer& answer, const ById& part, Fetched& fetched) {
    const auto rows = rowsOf(answer);
    if (!rows) {
        Answer failure = answer;
        if (failure.ending == Ending::Done || failure.ending == Ending::NotFound) {
            failure.ending = Ending::Later;
            failure.reason = "Salesforce did not answer with the list of records asked for";
        }
        for (const auto& [id, record] : part) fetched.failed.emplace(record, failure);
        return;
    }
    for (const auto& raw : *rows) {
        auto row = rowOf(raw, settings_, kind, askedAt_);
        if (!row) continue;
        const auto wanted = part.find(row->seen.record.id);
        if (wanted != part.end()) fetched.found.emplace(wanted->second, std::move(*row));
    }
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
    while (!calls.empty()) {
        std::vector<Call> next;
        for (const auto& answer : link_.send(calls)) {
            mustBeDone(answer, what);
            const auto rows = salesforce::rowsOf(answer);
            if (!rows)
                throw sdk::CallError(what + " failed: Salesforce did not answer with records");
            for (const auto& raw : *rows)
                if (auto row = rowOf(raw, settings_, kind, askedAt))
                    found.push_back(std::move(*row));
            if (isCut(answer)) next.push_back(nextPage(link_.versionPath(), answer, what));
        }
        calls = std::move(next);
    }
    return found;
}

}  // namespace concordat::plugins::salesforce
