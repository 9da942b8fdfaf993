// SPDX-License-Identifier: Apache-2.0
// POST /batch: many calls in one, as pairs of lines.
#include <algorithm>
#include <map>
#include <sstream>

#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

struct Item {
    Request request;
    std::string uuid;
};

std::string queryText(const json& query) {
    Poco::URI uri;
    for (const auto& [name, value] : query.items()) {
        if (!value.is_array()) {
            uri.addQueryParameter(name,
                                  value.is_string() ? value.get<std::string>() : value.dump());
            continue;
        }
        const bool marked = name.size() > 2 && name.compare(name.size() - 2, 2, "[]") == 0;
        for (const auto& one : value) {
            uri.addQueryParameter(marked ? name : name + "[]",
                                  one.is_string() ? one.get<std::string>() : one.dump());
        }
    }
    return uri.getRawQuery();
}

Item readItem(const std::string& head, const std::string& body, std::size_t line) {
    const json call = json::parse(head, nullptr, false);
    const bool shaped = call.is_object() && call.contains("uri") && call.contains("method");
    if (!shaped || !json::accept(body)) {
        throw Problem(400, "Batch : ligne " + std::to_string(line) + " invalide");
    }
    Item item;
    item.request.method = call["method"].get<std::string>();
    const std::string uri = call["uri"].get<std::string>();
    const std::size_t mark = std::min(uri.find('?'), uri.size());
    item.request.path = uri.substr(0, mark);
    item.request.query =
        mark < uri.size() ? uri.substr(mark + 1) : queryText(call.value("query", json::object()));
    item.request.body = body;
    item.uuid = call.value("uuid", "");
    return item;
}

std::vector<Item> readItems(const std::string& text) {
    std::vector<Item> items;
    std::istringstream in(text);
    std::size_t line = 1;
    for (std::string head, body; std::getline(in, head); line += 2) {
        if (head.empty()) continue;
        if (!std::getline(in, body)) throw Problem(400, "Batch : il manque une ligne de corps");
        items.push_back(readItem(head, body, line));
    }
    return items;
}

void replaceAll(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
}

}  // namespace

Reply Sellsy::batch(const Visit& visit) {
    if (!visit.is("POST", 1)) throw Problem(404, "Not Found");
    if (visit.request.header("Content-Type").substr(0, 10) != "text/plain") {
        throw Problem(400, "Batch : Content-Type text/plain attendu");
    }
    auto items = readItems(visit.request.body);
    if (items.size() > static_cast<std::size_t>(batchMax_)) {
        throw Problem(413, "Batch : trop d'appels");
    }
    const bool partial = visit.call.fault && visit.call.fault->kind == "partial_batch";
    const auto failing =
        partial
            ? static_cast<std::size_t>(static_cast<double>(items.size()) * visit.call.fault->share)
            : 0;
    std::map<std::string, std::string> ids;
    json responses = json::array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        Item& item = items[i];
        for (const auto& [uuid, id] : ids) replaceAll(item.request.path, uuid, id);
        Reply reply;
        try {
            if (i >= items.size() - failing) throw Problem(500, "Internal Server Error");
            Call ignored;
            reply = route({item.request, item.request.segments(), visit.scopes, ignored});
        } catch (const Problem& problem) {
            reply = problemReply(problem);
        } catch (const json::exception&) {
            reply = problemReply({400, "Le contenu de la requête est invalide."});
        }
        const json body = reply.body.empty() ? json() : json::parse(reply.body);
        if (!item.uuid.empty() && body.contains("id")) ids[item.uuid] = body["id"].dump();
        responses.push_back({{"code", reply.status}, {"response", body}});
    }
    visit.call.items = items.size();
    Reply reply;
    reply.status = 207;
    reply.type = "application/json";
    reply.body = json({{"error", false}, {"responses", responses}}).dump();
    return reply;
}

}  // namespace concordat::simulators::sellsy
