// SPDX-License-Identifier: Apache-2.0
// What stands around the records: custom fields, tags, comments, search, webhooks.
#include <shared_mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/sellsy/bodies.h"
#include "tools/simulators/sellsy/custom_fields.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

[[noreturn]] void refuseUnknown() { throw Problem(404, "Not Found"); }

json wholeList(const json& data) {
    return {
        {"data", data},
        {"pagination",
         {{"limit", 100}, {"count", data.size()}, {"total", data.size()}, {"offset", nullptr}}}};
}

json customValues(const Party& party) {
    json out = json::array();
    for (const json& one : customFieldDefinitions()) {
        out.push_back(embeddedCustomField(party, one["id"].get<std::int64_t>()));
    }
    return out;
}

json webhookList(const std::vector<Webhook>& webhooks) {
    json out = json::array();
    for (const Webhook& one : webhooks) out.push_back(webhookJson(one));
    return out;
}

}  // namespace

Reply Sellsy::customFieldValues(const Visit& visit, Kind kind) {
    const bool writing = visit.request.method == "PUT";
    visit.need(writing ? "custom-fields.write" : "custom-fields.read");
    json values;
    {
        const std::shared_lock lock(account_.mutex);
        const Party* party = account_.store.find(kind, visit.id(1));
        if (!party) refuseUnknown();
        if (visit.request.method == "GET") return jsonReply(wholeList(customValues(*party)));
        values = fieldValue(*party, "custom_fields");
    }
    if (!writing) refuseUnknown();
    if (!values.is_object()) values = json::object();
    for (const auto& one : jsonBody(visit.request)) {
        const auto id = one.at("id").get<std::int64_t>();
        checkCustomValue(id, one.at("value"));
        values[std::to_string(id)] = one.at("value");
    }
    if (visit.request.param("verify") == "true") return {204, "", "", {}};
    const Party party =
        account_.update(kind, visit.id(1), {{"custom_fields", values}}, doer(visit));
    return jsonReply(customValues(party));
}

Reply Sellsy::smartTags(const Visit& visit, Kind kind) {
    const bool writing = visit.request.method == "POST";
    visit.need(writing ? "smart-tags.write" : "smart-tags.read");
    if (writing) {
        account_.addTags(kind, visit.id(1), jsonBody(visit.request), doer(visit));
    } else if (visit.request.method != "GET") {
        refuseUnknown();
    }
    const std::shared_lock lock(account_.mutex);
    const Party* party = account_.store.find(kind, visit.id(1));
    if (!party) refuseUnknown();
    json tags = json::array();
    if (const json ids = fieldValue(*party, "smart_tags"); ids.is_array()) {
        for (const auto& id : ids) {
            tags.push_back({{"id", id}, {"value", account_.tags.at(id.get<std::int64_t>())}});
        }
    }
    return jsonReply(wholeList(tags));
}

Reply Sellsy::customFields(const Visit& visit) {
    visit.need("custom-fields.read");
    const json& all = customFieldDefinitions();
    const bool searching = visit.is("POST", 2) && visit.path[1] == "search";
    if (visit.is("GET", 1) || searching) return jsonReply(wholeList(all));
    if (!visit.is("GET", 2)) refuseUnknown();
    for (const json& one : all) {
        if (one["id"] == visit.id(1)) return jsonReply(one);
    }
    refuseUnknown();
}

Reply Sellsy::comments(const Visit& visit) {
    visit.need("comments.write");
    if (!visit.is("POST", 1)) refuseUnknown();
    const json body = jsonBody(visit.request);
    if (!body.is_object() || body.value("description", "").empty()) {
        throw badField("description", "Ce champ est manquant");
    }
    for (const auto& one : body.value("related", json::array())) {
        const auto kind = kindNamed(one.value("type", ""));
        const std::shared_lock lock(account_.mutex);
        if (!kind || !account_.store.find(*kind, one.value("id", std::int64_t{0}))) {
            throw badField("related", "Objet inconnu.");
        }
    }
    json reply = body;
    reply["id"] = account_.comment(body, doer(visit));
    return jsonReply(reply, 201);
}

Reply Sellsy::search(const Visit& visit) {
    visit.need("search.read");
    if (!visit.is("GET", 1)) refuseUnknown();
    const std::string text = visit.request.param("q").value_or("");
    const std::string type = visit.request.param("type").value_or("");
    if (text.empty()) throw badField("q", "Ce champ est manquant");
    const std::shared_lock lock(account_.mutex);
    json data = json::array();
    for (const Kind kind : kKinds) {
        if (!type.empty() && kindNamed(type) != kind) continue;
        for (const std::int64_t id : account_.store.withEmail(kind, text)) {
            const Party& party = *account_.store.find(kind, id);
            const std::string name = party.firstName + " " + party.lastName;
            data.push_back({{"type", nameOf(kind)}, {"id", id}, {"name", name}});
        }
    }
    return jsonReply(wholeList(data));
}

Reply Sellsy::webhooks(const Visit& visit) {
    const bool searching = visit.is("POST", 2) && visit.path[1] == "search";
    const bool reading = searching || visit.request.method == "GET";
    visit.need(reading ? "webhooks.read" : "webhooks.write");
    if (visit.is("GET", 2) && visit.path[1] == "events") return jsonReply(eventCatalog());
    if (visit.is("GET", 1) || searching)
        return jsonReply(wholeList(webhookList(account_.webhooks())));
    if (visit.is("POST", 1)) {
        const Webhook made = account_.createWebhook(jsonBody(visit.request), doer(visit));
        return jsonReply(webhookJson(made), 201);
    }
    if (visit.is("PUT", 2)) {
        return jsonReply(
            webhookJson(account_.updateWebhook(visit.id(1), jsonBody(visit.request), doer(visit))));
    }
    if (visit.is("DELETE", 2)) {
        account_.removeWebhook(visit.id(1), doer(visit));
        return {204, "", "", {}};
    }
    if (!visit.is("GET", 2)) refuseUnknown();
    for (const Webhook& one : account_.webhooks()) {
        if (one.id == visit.id(1)) return jsonReply(webhookJson(one));
    }
    refuseUnknown();
}

}  // namespace concordat::simulators::sellsy
