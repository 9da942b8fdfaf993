// SPDX-License-Identifier: Apache-2.0
// People: finding them, what is known of them, and acts upon them.
#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/routes.h"
#include "hub/api/subject_view.h"
#include "hub/api/system_view.h"
#include "hub/consent/error.h"
#include "hub/sync/people.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

Reply search(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"identifier"});
    Json items = Json::array();
    for (const std::string& id : rooms.sync.find(requiredText(body, "identifier"), rooms.region))
        items.push_back({{"id", id}});
    return page(items);
}

/// The whole history is sorted anew for each page, so its cursor is a count.
Reply history(const Rooms& rooms, const Visit& visit) {
    const Json all = historyView(rooms, visit.part("id"));
    const auto limit = static_cast<std::size_t>(visit.call.limit(500, 500));
    const std::size_t from = offset(visit.call.parameter("after"));
    Json items = Json::array();
    for (std::size_t at = from; at < all.size() && items.size() < limit; ++at)
        items.push_back(all[at]);
    const std::size_t next = from + items.size();
    return page(items, next < all.size() ? std::to_string(next) : "");
}

Reply erase(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"reason"});
    const std::string reason = requiredText(body, "reason");
    sync::erase(rooms.core(), visit.part("id"), visit.caller.name + ": " + reason);
    return ok({{"id", visit.part("id")}});
}

Reply unmerge(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"other", "reason"});
    sync::unmerge(rooms.core(), visit.part("id"), requiredText(body, "other"), visit.caller.name,
                  requiredText(body, "reason"));
    return ok({{"id", visit.part("id")}});
}

Reply retryWrite(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"system"});
    const std::string system = requiredText(body, "system");
    known(rooms, system);
    sync::retry(rooms.core(), visit.part("id"), system);
    return ok({{"id", visit.part("id")}});
}

Reply shown(const sync::VoidFigures& figures) {
    return ok({{"id", figures.proposal},
               {"subjects", figures.subjects},
               {"events", figures.events},
               {"permits", figures.permits}});
}

Reply proposeVoid(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"system", "from", "to", "causation", "reason"});
    sync::VoidRequest request;
    request.system = requiredText(body, "system");
    known(rooms, request.system);
    request.from = time(body, "from").value_or(0);
    request.to = time(body, "to").value_or(rooms.core().time.now());
    request.causation = text(body, "causation");
    request.reason = requiredText(body, "reason");
    return shown(sync::proposeVoid(rooms.core(), request, visit.caller.name));
}

}  // namespace

std::vector<Route> subjectRoutes(const Rooms& rooms) {
    const auto with = [&rooms](Reply (*handler)(const Rooms&, const Visit&)) {
        return [&rooms, handler](const Visit& visit) { return handler(rooms, visit); };
    };
    return {
        {"POST", "/v1/subjects/search", Role::ReadOnly, with(search)},
        {"GET", "/v1/subjects/{id}", Role::ReadOnly,
         [&rooms](const Visit& visit) { return ok(subjectView(rooms, visit.part("id"))); }},
        {"GET", "/v1/subjects/{id}/history", Role::ReadOnly, with(history)},
        {"POST", "/v1/subjects/{id}/erase", Role::Admin, with(erase)},
        {"POST", "/v1/subjects/{id}/unmerge", Role::Reviewer, with(unmerge)},
        {"POST", "/v1/subjects/{id}/retry", Role::Reviewer, with(retryWrite)},
        {"POST", "/v1/voids", Role::Admin, with(proposeVoid)},
        {"POST", "/v1/voids/{id}/confirm", Role::Admin,
         [&rooms](const Visit& visit) {
             bodyOf(visit.call, {});
             return shown(sync::confirmVoid(rooms.core(), visit.part("id"), visit.caller.name));
         }},
    };
}

}  // namespace concordat::api
