// SPDX-License-Identifier: Apache-2.0
// What was done, what went wrong, and webhooks that could not be decided.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/routes.h"
#include "hub/api/system_view.h"
#include "hub/api/views.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr int kPage = 500;

/// A page of rows that came with one more than `limit`, to see whether there are more.
template <class Row>
Reply pageOf(const std::vector<Row>& rows, int limit) {
    Json items = Json::array();
    const auto shown = std::min(rows.size(), static_cast<std::size_t>(limit));
    for (std::size_t at = 0; at < shown; ++at) items.push_back(viewOf(rows[at]));
    return page(items, rows.size() > shown ? rows[shown - 1].id : "");
}

bool isLater(const store::Delivery& one, const store::Delivery& other) { return one.id > other.id; }

std::vector<store::Delivery> ofSubject(store::Reader& reader,
                                       const std::string& subject,
                                       const std::string& system,
                                       const std::string& after) {
    auto rows = reader.deliveries(subject);
    std::erase_if(rows, [&](const store::Delivery& row) {
        return (!system.empty() && row.system != system) || (!after.empty() && row.id >= after);
    });
    return rows;
}

/// Newest first, over one system or all of them.
Reply deliveries(const Rooms& rooms, const Visit& visit) {
    const int limit = visit.call.limit(100, 500);
    const std::string system = visit.call.parameter("system");
    const std::string subject = visit.call.parameter("subject");
    const store::Slice slice{visit.call.parameter("after"), limit + 1};
    if (!system.empty()) known(rooms, system);
    std::vector<store::Delivery> rows;
    rooms.store.read([&](store::Reader& reader) {
        if (!subject.empty()) {
            rows = ofSubject(reader, subject, system, slice.after);
            return;
        }
        for (const sync::SystemPlan& plan : rooms.core().plan.systems) {
            if (!system.empty() && plan.name != system) continue;
            const auto some = reader.deliveriesOf(plan.name, slice);
            rows.insert(rows.end(), some.begin(), some.end());
        }
    });
    std::sort(rows.begin(), rows.end(), isLater);
    return pageOf(rows, limit);
}

Reply incidents(const Rooms& rooms, const Visit& visit) {
    const std::string state = stateFrom(visit.call);
    const int limit = visit.call.limit(100, 500);
    store::Slice slice{visit.call.parameter("after"), limit + 1};
    std::vector<store::Incident> rows;
    rooms.store.read([&](store::Reader& reader) {
        for (bool isMore = true; isMore && rows.size() <= static_cast<std::size_t>(limit);) {
            const auto some = reader.incidents(state == "open", slice);
            isMore = some.size() == static_cast<std::size_t>(slice.limit);
            for (const store::Incident& incident : some)
                if (state != "closed" || incident.resolvedAt > 0) rows.push_back(incident);
            if (isMore) slice.after = some.back().id;
        }
    });
    return pageOf(rows, limit);
}

Reply quarantine(const Rooms& rooms, const Visit& visit) {
    const int limit = visit.call.limit(100, 500);
    std::vector<store::Webhook> rows;
    rooms.store.read([&](store::Reader& reader) {
        rows = reader.quarantine({visit.call.parameter("after"), limit + 1});
    });
    return pageOf(rows, limit);
}

std::optional<store::Webhook> quarantined(const Rooms& rooms, const std::string& id) {
    std::optional<store::Webhook> found;
    rooms.store.read([&](store::Reader& reader) {
        store::Slice slice{"", kPage};
        for (bool isMore = true; isMore && !found;) {
            const auto rows = reader.quarantine(slice);
            isMore = rows.size() == kPage;
            for (const store::Webhook& webhook : rows)
                if (webhook.id == id) found = webhook;
            if (isMore) slice.after = rows.back().id;
        }
    });
    return found;
}

Reply retryWebhook(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    const auto webhook = quarantined(rooms, visit.part("id"));
    if (!webhook) throw RequestError("no webhook of that id is in quarantine", 404);
    rooms.store.write([&](store::Writer& writer) { writer.putProblem(webhook->id, ""); });
    rooms.sync.webhookArrived(webhook->system);
    return ok({{"id", webhook->id}, {"system", webhook->system}});
}

}  // namespace

std::vector<Route> recordRoutes(const Rooms& rooms) {
    const auto with = [&rooms](Reply (*handler)(const Rooms&, const Visit&)) {
        return [&rooms, handler](const Visit& visit) { return handler(rooms, visit); };
    };
    return {
        {"GET", "/v1/deliveries", Role::ReadOnly, with(deliveries)},
        {"GET", "/v1/incidents", Role::ReadOnly, with(incidents)},
        {"GET", "/v1/quarantine", Role::ReadOnly, with(quarantine)},
        {"POST", "/v1/quarantine/{id}/retry", Role::Reviewer, with(retryWebhook)},
    };
}

}  // namespace concordat::api
