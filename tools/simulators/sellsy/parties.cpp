// SPDX-License-Identifier: Apache-2.0
// Contacts, individuals and companies: list, search, create, read, update, delete, links.
#include <shared_mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/sellsy/bodies.h"
#include "tools/simulators/sellsy/custom_fields.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

Reply textReply(std::string body, int status = 200) {
    Reply reply;
    reply.status = status;
    reply.type = "application/json";
    reply.body = std::move(body);
    return reply;
}

Reply noContent() { return {204, "", "", {}}; }

/// `?verify=true`: everything is checked, nothing is done.
bool onlyVerifies(const Request& request) { return request.param("verify") == "true"; }

void checkRoles(const json& body) {
    for (const auto& [key, roles] : body.items()) {
        if (key != "roles" || !roles.is_array()) throw badField(key, "Ce champ n'a pas été prévu.");
        for (const auto& role : roles) {
            const bool known = role == "main" || role == "invoicing" || role == "dunning";
            if (!known) throw badField("roles", "Valeur inconnue.");
        }
    }
}

}  // namespace

std::string Sellsy::withEmbeds(const Party& party, const View& view) const {
    std::string text = partyText(party, view);
    if (view.embeds.empty()) return text;
    json custom = json::array();
    json tags = json::array();
    bool wantsTags = false;
    for (const std::string& embed : view.embeds) {
        if (embed == "smart_tags") {
            wantsTags = true;
            continue;
        }
        const json field = embeddedCustomField(party, std::stoll(embed.substr(3)));
        if (!field.is_null()) custom.push_back(field);
    }
    if (const json ids = fieldValue(party, "smart_tags"); ids.is_array()) {
        for (const auto& id : ids) {
            tags.push_back({{"id", id}, {"value", account_.tags.at(id.get<std::int64_t>())}});
        }
    }
    json embedded = {{"custom_fields", custom}};
    if (wantsTags) embedded["smart_tags"] = tags;
    text.back() = ',';
    return text + "\"_embed\":" + embedded.dump() + "}";
}

std::string Sellsy::dataOf(Kind kind,
                           const std::vector<std::int64_t>& ids,
                           const View& view) const {
    std::string data = "[";
    for (const std::int64_t id : ids) {
        const Party* party = account_.store.find(kind, id);
        if (!party) continue;
        if (data.size() > 1) data += ',';
        data += withEmbeds(*party, view);
    }
    return data + "]";
}

Reply Sellsy::list(const Visit& visit, Kind kind, const json& filters) {
    const ListQuery query = readListQuery(kind, visit.request.params());
    const std::shared_lock lock(account_.mutex);
    const Filter filter = readFilter(account_.store, kind, filters);
    const Page page = lister_.find(account_.store, kind, filter, query);
    visit.call.items = page.ids.size();
    const std::int64_t last = page.ids.empty() ? 0 : page.ids.back();
    return textReply("{\"data\":" + dataOf(kind, page.ids, query.view) + ",\"pagination\":" +
                     paginationText(query, page.ids.size(), page.total, last) + "}");
}

Reply Sellsy::related(const Visit& visit, Kind kind) {
    const bool contact = kind == Kind::Contact;
    const Kind other = contact ? Kind::Company : Kind::Contact;
    const ListQuery query = readListQuery(other, visit.request.params());
    const std::shared_lock lock(account_.mutex);
    if (!account_.store.find(kind, visit.id(1))) throw Problem(404, "Not Found");
    Filter filter;
    filter.candidates =
        contact ? account_.store.thirdsOf(visit.id(1)) : account_.store.contactsOf(visit.id(1));
    // An ordering is kept by this name: it must not be taken for that of another record.
    filter.fingerprint = "links of " + visit.path[0] + visit.path[1];
    filter.tests.push_back([](const Party&) { return true; });
    const Page page = lister_.find(account_.store, other, filter, query);
    const std::int64_t last = page.ids.empty() ? 0 : page.ids.back();
    return textReply("{\"data\":" + dataOf(other, page.ids, query.view) + ",\"pagination\":" +
                     paginationText(query, page.ids.size(), page.total, last) + "}");
}

Reply Sellsy::linkContact(const Visit& visit, Kind kind) {
    const std::string& method = visit.request.method;
    if (method == "DELETE") {
        account_.unlink(kind, visit.id(1), visit.id(3), doer(visit));
        return noContent();
    }
    if (method != "POST" && method != "PUT") throw Problem(404, "Not Found");
    if (!visit.request.body.empty()) checkRoles(jsonBody(visit.request));
    const bool isNew = account_.link(kind, visit.id(1), visit.id(3), doer(visit));
    return textReply("{}", isNew ? 201 : 200);
}

Reply Sellsy::create(const Visit& visit, Kind kind) {
    const json body = jsonBody(visit.request);
    checkBody(kind, body, true);
    if (onlyVerifies(visit.request)) return noContent();
    visit.call.items = 1;
    const Party party = account_.create(kind, body, doer(visit));
    View view;
    view.omitNulls = true;
    return textReply(partyText(party, view), 201);
}

Reply Sellsy::read(const Visit& visit, Kind kind) {
    const View view = readView(kind, visit.request.params());
    const std::shared_lock lock(account_.mutex);
    const Party* party = account_.store.find(kind, visit.id(1));
    if (!party) throw Problem(404, "Not Found");
    visit.call.items = 1;
    return textReply(withEmbeds(*party, view));
}

Reply Sellsy::update(const Visit& visit, Kind kind) {
    const json body = jsonBody(visit.request);
    checkBody(kind, body, false);
    if (onlyVerifies(visit.request)) {
        const std::shared_lock lock(account_.mutex);
        if (!account_.store.find(kind, visit.id(1))) throw Problem(404, "Not Found");
        return noContent();
    }
    visit.call.items = 1;
    const Party party = account_.update(kind, visit.id(1), body, doer(visit));
    return putGivesObject_ ? textReply(partyText(party, {})) : noContent();
}

Reply Sellsy::remove(const Visit& visit, Kind kind) {
    account_.remove(kind, visit.id(1), doer(visit));
    visit.call.items = 1;
    return noContent();
}

}  // namespace concordat::simulators::sellsy
