// SPDX-License-Identifier: Apache-2.0
// What a person must look at, and what they do with it.
#include <map>

#include <nlohmann/json.hpp>

#include "hub/api/choice_body.h"
#include "hub/api/json.h"
#include "hub/api/views.h"
#include "hub/consent/error.h"
#include "hub/sync/inbox.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

store::InboxItem itemOf(const Rooms& rooms, const std::string& id) {
    std::optional<store::InboxItem> item;
    rooms.store.read([&](store::Reader& reader) { item = reader.inboxItem(id); });
    if (!item) throw RequestError("there is no such inbox item", 404);
    return *item;
}

Reply list(const Rooms& rooms, const Visit& visit) {
    const std::string state = stateFrom(visit.call);
    const int limit = visit.call.limit(100, 500);
    store::Slice slice{visit.call.parameter("after"), limit};
    Json items = Json::array();
    bool isMore = true;
    rooms.store.read([&](store::Reader& reader) {
        while (isMore && items.size() < static_cast<std::size_t>(limit)) {
            const auto rows = reader.inbox(state == "open", slice);
            isMore = rows.size() == static_cast<std::size_t>(limit);
            for (const store::InboxItem& item : rows) {
                slice.after = item.id;
                if (state == "closed" && item.closedAt == 0) continue;
                items.push_back(viewOf(item));
                if (items.size() == static_cast<std::size_t>(limit)) {
                    isMore = isMore || &item != &rows.back();
                    break;
                }
            }
        }
    });
    return page(items, isMore ? slice.after : "");
}

Json answersBefore(const Rooms& rooms, const store::InboxItem& item) {
    Json before = Json::object();
    rooms.store.read([&](store::Reader& reader) {
        for (const store::EffectiveRow& row : reader.effective(item.subject))
            before[row.key.scope + "\n" + row.key.purpose + "\n" + row.key.channel] =
                nameOf(row.effective.answer);
    });
    return before;
}

Reply forecast(const Rooms& rooms, const Visit& visit) {
    const sync::Choice choice = inboxEvidenceFrom(rooms, visit);
    const Json before = answersBefore(rooms, itemOf(rooms, visit.part("id")));
    Json rows = Json::array();
    for (const auto& row : sync::forecastEvidence(rooms.core(), visit.part("id"), choice)) {
        const auto& key = row.key;
        rows.push_back({{"scope", key.scope},
                        {"purpose", key.purpose},
                        {"channel", key.channel},
                        {"before", before.value(key.scope + "\n" + key.purpose + "\n" + key.channel,
                                                "unknown")},
                        {"after", nameOf(row.effective.answer)},
                        {"rule", row.effective.rule}});
    }
    return ok({{"effective", rows}});
}

Reply addEvidence(const Rooms& rooms, const Visit& visit) {
    requireGrant(visit.caller);
    const sync::Said said =
        sync::addEvidence(rooms.core(), visit.part("id"), inboxEvidenceFrom(rooms, visit));
    return ok(
        {{"event", said.event}, {"subject", said.subject}, {"effective", viewOf(said.answers)}});
}

Reply shown(const Rooms& rooms, const Visit& visit) {
    return ok(viewOf(itemOf(rooms, visit.part("id"))));
}

Reply dismiss(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"reason"});
    sync::dismiss(rooms.core(), visit.part("id"), visit.caller.name, requiredText(body, "reason"));
    return shown(rooms, visit);
}

Reply match(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"subject"});
    sync::matchRecord(rooms.core(), visit.part("id"), requiredText(body, "subject"),
                      visit.caller.name);
    return shown(rooms, visit);
}

/// `kind`: what this action is for; nothing: whatever can be accepted.
Reply accept(const Rooms& rooms, const Visit& visit, const std::string& kind) {
    bodyOf(visit.call, {});
    const store::InboxItem item = itemOf(rooms, visit.part("id"));
    if (!kind.empty() && item.kind != kind)
        throw RequestError("this is for items of the kind '" + kind + "', not '" + item.kind + "'",
                           409);
    sync::accept(rooms.core(), item.id, visit.caller.name);
    return shown(rooms, visit);
}

}  // namespace

std::vector<Route> inboxRoutes(const Rooms& rooms) {
    const auto with = [&rooms](Reply (*handler)(const Rooms&, const Visit&)) {
        return [&rooms, handler](const Visit& visit) { return handler(rooms, visit); };
    };
    const auto accepting = [&rooms](const std::string& kind) {
        return [&rooms, kind](const Visit& visit) { return accept(rooms, visit, kind); };
    };
    return {
        {"GET", "/v1/inbox", Role::ReadOnly, with(list)},
        {"GET", "/v1/inbox/{id}", Role::ReadOnly, with(shown)},
        {"POST", "/v1/inbox/{id}/forecast", Role::Reviewer, with(forecast)},
        {"POST", "/v1/inbox/{id}/evidence", Role::Reviewer, with(addEvidence)},
        {"POST", "/v1/inbox/{id}/dismiss", Role::Reviewer, with(dismiss)},
        {"POST", "/v1/inbox/{id}/match", Role::Reviewer, with(match)},
        {"POST", "/v1/inbox/{id}/confirm-merge", Role::Reviewer, accepting("merge")},
        {"POST", "/v1/inbox/{id}/retry", Role::Reviewer, accepting("parked")},
        {"POST", "/v1/inbox/{id}/accept", Role::Reviewer, accepting("")},
    };
}

}  // namespace concordat::api
