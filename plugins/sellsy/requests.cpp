// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/requests.h"

#include <algorithm>

#include "plugins/sellsy/times.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;

Call search(const Settings& settings, const Kind& kind, const json& filters) {
    Call call{"POST", "/" + std::string(kind.collection) + "/search", {}, ""};
    call.query.emplace_back("order", "id");
    for (const auto& [name, field] : settings.externalIds)
        if (field.starts_with("cf.")) call.query.emplace_back("embed[]", field);
    // Without the key `filters` the vendor answers 400, and an empty list is not an empty object.
    call.body = sdk::written({{"filters", filters.empty() ? json::object() : filters}});
    return call;
}

void limitTo(Call& call, int limit) { call.query.emplace_back("limit", std::to_string(limit)); }

/// The query of a batch line: an object, with lists where the address would repeat "name[]".
json queryObject(const Call& call) {
    json query = json::object();
    for (const auto& [name, value] : call.query) {
        const bool number = isId(value) && value.size() < 10 && name != "offset";
        if (name.ends_with("[]"))
            query[name.substr(0, name.size() - 2)].push_back(value);
        else if (number)
            query[name] = std::stoi(value);
        else if (value == "true")
            query[name] = true;
        else
            query[name] = value;
    }
    return query;
}

sdk::HttpRequest v1Request(const Settings& settings, const json& rpc) {
    sdk::HttpRequest request;
    request.method = "POST";
    request.url = settings.v1Url + "/0/";
    request.headers["content-type"] = "application/x-www-form-urlencoded";
    request.body = "request=1&io_mode=json&do_in=" + sdk::percentEncode(sdk::written(rpc));
    request.pool = "v1";
    return request;
}

}  // namespace

Call searchPage(const Settings& settings, const Kind& kind, const PageWish& wish) {
    json filters = json::object();
    if (wish.from) filters[std::string(kind.updated)] = {{"start", isoTime(*wish.from)}};
    Call call = search(settings, kind, filters);
    limitTo(call, wish.limit);
    if (!wish.offset.empty()) call.query.emplace_back("offset", wish.offset);
    return call;
}

Call searchIds(const Settings& settings, const Kind& kind, const std::vector<std::string>& ids) {
    json list = json::array();
    for (const auto& id : ids) list.push_back(std::stoll(id));
    Call call = search(settings, kind, {{"id", std::move(list)}});
    limitTo(call, kPageSize);
    return call;
}

Call searchValue(const Settings& settings,
                 const Kind& kind,
                 const std::string& filter,
                 const std::string& value) {
    json wanted = value;
    if (filter == "reference") wanted = json::array({value});
    Call call = search(settings, kind, {{filter, std::move(wanted)}});
    limitTo(call, kPageSize);
    return call;
}

Call getRecord(const Settings& settings, const Kind& kind, const std::string& id) {
    Call call{"GET", "/" + std::string(kind.collection) + "/" + id, {}, ""};
    for (const auto& [name, field] : settings.externalIds)
        if (field.starts_with("cf.")) call.query.emplace_back("embed[]", field);
    return call;
}

Call putSet(const Kind& kind,
            const std::string& id,
            const std::vector<std::string>& members,
            bool verify) {
    Call call{"PUT", "/" + std::string(kind.collection) + "/" + id, {}, ""};
    call.body = sdk::written({{std::string(kSet), members}});
    if (verify) call.query.emplace_back("verify", "true");
    return call;
}

Call postComment(const Kind& kind, const std::string& id, const std::string& text) {
    const json related = {{"id", std::stoll(id)}, {"type", std::string(kind.object)}};
    return {"POST",
            "/comments",
            {},
            sdk::written({{"description", text}, {"related", json::array({related})}})};
}

std::string webhookBody(const std::string& address, const std::vector<const Kind*>& kinds) {
    json events = json::array();
    const auto want = [&events](const std::string& entity) {
        for (const char* event : {"created", "updated", "deleted", "archived", "unarchived"})
            events.push_back({{"id", entity + "." + event}, {"is_enabled", true}});
    };
    const auto isContact = [](const Kind* kind) { return kind->object == "contact"; };
    if (std::any_of(kinds.begin(), kinds.end(), isContact)) want("people");
    if (!std::all_of(kinds.begin(), kinds.end(), isContact)) want("client");
    return sdk::written({{"name", "Concordat"},
                         {"type", "http"},
                         {"endpoint", address},
                         {"is_enabled", true},
                         {"object_in_payload", false},
                         {"json_content_type", true},
                         {"sign_key", "{secret:sign_key}"},
                         {"configuration", events}});
}

bool isRead(const Call& call) { return call.method == "GET" || call.path.ends_with("/search"); }

sdk::HttpRequest direct(const Settings& settings, const Call& call) {
    sdk::HttpRequest request;
    request.method = call.method;
    request.url = settings.baseUrl + "/v2" + call.path;
    char separator = '?';
    for (const auto& [name, value] : call.query) {
        request.url += separator + sdk::percentEncode(name) + "=" + sdk::percentEncode(value);
        separator = '&';
    }
    request.headers["accept"] = "application/json";
    if (!call.body.empty()) request.headers["content-type"] = "application/json";
    request.body = call.body;
    request.idempotent = isRead(call);
    request.pool = "api";
    return request;
}

sdk::HttpRequest batch(const Settings& settings, const std::vector<Call>& calls) {
    sdk::HttpRequest request;
    request.method = "POST";
    request.url = settings.baseUrl + "/v2/batch";
    request.headers["accept"] = "application/json";
    request.headers["content-type"] = "text/plain";
    for (const auto& call : calls) {
        json head = {{"uri", call.path}, {"method", call.method}};
        if (!call.query.empty()) head["query"] = queryObject(call);
        request.body += sdk::written(head) + "\n" + (call.body.empty() ? "{}" : call.body) + "\n";
    }
    request.idempotent = std::all_of(calls.begin(), calls.end(), isRead);
    request.pool = "api";
    return request;
}

sdk::HttpRequest v1Update(const Settings& settings,
                          const Kind& kind,
                          const std::string& id,
                          const std::map<const Channel*, bool>& permit) {
    json flags = json::object();
    for (const auto& [channel, allowed] : permit)
        flags[std::string(channel->flag)] = allowed ? "N" : "Y";
    const bool contact = kind.object == "contact";
    const json parameters =
        contact ? json{{"id", id}, {"people", flags}} : json{{"clientid", id}, {"third", flags}};
    const json rpc = {{"method", contact ? "Peoples.update" : "Client.update"},
                      {"params", parameters}};
    return v1Request(settings, rpc);
}

sdk::HttpRequest v1Probe(const Settings& settings) {
    auto request = v1Request(settings, {{"method", "Infos.getInfos"}, {"params", json::object()}});
    request.idempotent = true;
    return request;
}

bool isId(const std::string& id) {
    return !id.empty() && id.size() <= 18 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace concordat::plugins::sellsy
