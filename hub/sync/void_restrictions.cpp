// SPDX-License-Identifier: Apache-2.0
// Rule 13: taking back restrictions that a broken page or import brought in.
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "hub/sync/people.h"

namespace concordat::sync {

namespace {

constexpr auto kVoidKind = "sync.void";
constexpr int kAtOnce = 500;

using Found = std::map<std::string, std::vector<consent::Event>>;  // subject -> restrictions

bool isMeant(const consent::Event& event, const VoidRequest& request) {
    // What a person said directly is never voided, and an objection never is.
    return event.system == request.system && consent::isRestriction(event.decision) &&
           event.decision != consent::Decision::Objected &&
           event.decision != consent::Decision::Erased && event.observedAt >= request.from &&
           event.observedAt <= request.to &&
           (request.causation.empty() || event.causation == request.causation);
}

Found find(Core& core, const VoidRequest& request) {
    Found found;
    std::string after;
    bool more = true;
    while (more) {
        core.store.read([&](store::Reader& reader) {
            const auto records = reader.records(request.system, {after, kAtOnce});
            for (const auto& record : records) {
                if (found.contains(record.subject)) continue;
                for (auto& event : reader.events(record.subject))
                    if (isMeant(event, request)) found[record.subject].push_back(std::move(event));
            }
            more = static_cast<int>(records.size()) == kAtOnce;
            if (more) after = store::cursorOf(records.back());
        });
    }
    return found;
}

consent::Event voiding(const std::string& subject,
                       const std::vector<consent::Event>& restrictions,
                       const VoidRequest& request,
                       EpochMs now) {
    consent::Event event;
    event.subject = subject;
    event.decision = consent::Decision::Voided;
    event.scope = restrictions.front().scope;
    event.observedAt = now;
    event.reason = request.reason;
    for (const auto& restriction : restrictions) {
        event.names.push_back(restriction.id);
        for (const auto& point : restriction.points)
            if (std::count(event.points.begin(), event.points.end(), point) == 0)
                event.points.push_back(point);
    }
    return event;
}

std::int64_t permitsIn(const Answers& answers) {
    return std::count_if(answers.begin(), answers.end(), [](const auto& row) {
        return row.effective.answer == consent::Answer::Permit;
    });
}

VoidFigures figuresOf(Core& core, const Found& found, const VoidRequest& request) {
    VoidFigures figures;
    const auto now = core.time.now();
    for (const auto& [subject, restrictions] : found) {
        ++figures.subjects;
        figures.events += static_cast<std::int64_t>(restrictions.size());
        core.store.read([&](store::Reader& reader) {
            auto book = readBook(reader, subject);
            const auto before = permitsIn(book.answers);
            auto event = voiding(subject, restrictions, request, now);
            event.id = "rehearsal";
            book.history.events.push_back(std::move(event));
            recompute(book, core.plan.policy, now);
            figures.permits += std::max<std::int64_t>(0, permitsIn(book.answers) - before);
        });
    }
    return figures;
}

}  // namespace

VoidFigures proposeVoid(Core& core, const VoidRequest& request, const std::string& by) {
    if (!core.plan.system(request.system))
        throw RequestError("There is no system '" + request.system + "'.", 404);
    if (request.reason.empty()) throw RequestError("Voiding restrictions needs a reason.");
    auto figures = figuresOf(core, find(core, request), request);
    core.store.write([&](store::Writer& unit) {
        figures.proposal = unit.newId();
        const nlohmann::json json{{"system", request.system}, {"from", request.from},
                                  {"to", request.to},         {"causation", request.causation},
                                  {"reason", request.reason}, {"by", by},
                                  {"events", figures.events}, {"permits", figures.permits}};
        unit.put(store::Document{kVoidKind, figures.proposal, json.dump(), 0});
    });
    return figures;
}

VoidFigures confirmVoid(Core& core, const std::string& proposal, const std::string& by) {
    nlohmann::json json;
    core.store.read([&](store::Reader& reader) {
        const auto document = reader.document(kVoidKind, proposal);
        if (!document) throw RequestError("There is no such proposal.", 404);
        json = nlohmann::json::parse(document->json);
    });
    const auto first = json.value("by", "");
    if (first == by)
        throw RequestError("Voiding restrictions takes two people; you proposed it.", 409);
    const VoidRequest request{json.value("system", ""), json.value("from", EpochMs{0}),
                              json.value("to", EpochMs{0}), json.value("causation", ""),
                              json.value("reason", "")};
    const auto found = find(core, request);
    auto figures = figuresOf(core, found, request);
    figures.proposal = proposal;
    if (figures.events != json.value("events", std::int64_t{0}) ||
        figures.permits != json.value("permits", std::int64_t{0}))
        throw RequestError("What would be voided has changed since; propose it again.", 409);
    for (const auto& [subject, restrictions] : found)
        inUnit(core, [&](Unit& unit) {
            auto event = voiding(subject, restrictions, request, unit.now());
            event.actor = first + " and " + by;
            event.time = consent::EventTime{unit.now(), "hub:" + core.plan.settings.node, 0};
            event.causation = proposal;
            unit.append(std::move(event), unit.now());
        });
    core.store.write([&](store::Writer& unit) { unit.removeDocument(kVoidKind, proposal); });
    return figures;
}

}  // namespace concordat::sync
