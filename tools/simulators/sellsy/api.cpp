// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/api.h"

#include <charconv>
#include <shared_mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/bodies.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

Reply notFound() { return problemReply({404, "Not Found"}); }

/// "/contacts/{id}/smart-tags" for the counters.
std::string templateOf(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& part : path) {
        const bool number = !part.empty() && part[0] >= '0' && part[0] <= '9';
        out += number ? "/{id}" : "/" + part;
    }
    return out;
}

}  // namespace

Sellsy::Sellsy(Stage& stage, Client client)
    : stage_(stage), clientId_(client.id), oauth_(stage, std::move(client)), account_(stage) {
    stage.settings.token_lifetime_s = 3600;
}

void Sellsy::Visit::need(const std::string& scope) const {
    if (!hasScope(scopes, scope)) throw Problem(403, "Forbidden: scope " + scope);
}

bool Sellsy::Visit::is(const char* method, std::size_t parts) const {
    return request.method == method && path.size() == parts;
}

std::int64_t Sellsy::Visit::id(std::size_t part) const {
    std::int64_t number = 0;
    const std::string& text = path.at(part);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) throw Problem(404, "Not Found");
    return number;
}

Reply Sellsy::handle(const Request& request, Call& call) {
    const auto segments = request.segments();
    if (segments.empty()) return notFound();
    call.name = templateOf(segments);
    const bool get = request.method == "GET";
    if (segments[0] == "oauth2" && segments.size() == 2) {
        if (get && segments[1] == "authorization") return oauth_.authorize(request);
        if (!get && segments[1] == "access-tokens") return oauth_.token(request);
        return notFound();
    }
    if (segments[0] == "0" && request.method == "POST") return answerV1(request, call);
    return segments[0] == "v2" ? answerV2(request, call) : notFound();
}

Reply Sellsy::answerV2(const Request& request, Call& call) {
    Reply reply;
    if (!quota_.spend()) {
        reply = limitReply();
    } else {
        try {
            auto path = request.segments();
            path.erase(path.begin());
            reply = route({request, path, oauth_.scopesOf(request), call});
        } catch (const Problem& problem) {
            reply = problemReply(problem);
        } catch (const json::exception&) {
            reply = problemReply({400, "Le contenu de la requête est invalide."});
        }
    }
    quota_.addHeaders(reply);
    return reply;
}

Reply Sellsy::route(const Visit& visit) {
    if (visit.path.empty()) return notFound();
    const std::string& area = visit.path[0];
    if (area == "contacts") return parties(visit, Kind::Contact);
    if (area == "individuals") return parties(visit, Kind::Individual);
    if (area == "companies") return parties(visit, Kind::Company);
    if (area == "custom-fields") return customFields(visit);
    if (area == "comments") return comments(visit);
    if (area == "quotas") return quotas(visit);
    if (area == "search") return search(visit);
    if (area == "webhooks") return webhooks(visit);
    if (area == "batch") return batch(visit);
    if (area == "staffs" && visit.is("GET", 2) && visit.path[1] == "me") return staff();
    return notFound();
}

Reply Sellsy::parties(const Visit& visit, Kind kind) {
    const std::string plural = visit.path[0];
    const bool searching = visit.is("POST", 2) && visit.path[1] == "search";
    const bool reading = searching || visit.request.method == "GET";
    visit.need(plural + (reading ? ".read" : ".write"));
    if (visit.is("GET", 1)) return list(visit, kind, json::object());
    if (searching) {
        const json body = jsonBody(visit.request);
        if (!body.contains("filters")) {
            throw Problem(400,
                          "Le contenu de la requête est invalide: le champ 'filters' est manquant.",
                          {{"filters", "Ce champ est manquant"}});
        }
        return list(visit, kind, body["filters"]);
    }
    if (visit.is("POST", 1)) return create(visit, kind);
    if (visit.is("GET", 2)) return read(visit, kind);
    if (visit.is("PUT", 2)) return update(visit, kind);
    if (visit.is("DELETE", 2)) return remove(visit, kind);
    return visit.path.size() > 2 ? partOf(visit, kind) : notFound();
}

Reply Sellsy::partOf(const Visit& visit, Kind kind) {
    const std::string& part = visit.path[2];
    if (part == "custom-fields" && visit.path.size() == 3) return customFieldValues(visit, kind);
    if (part == "smart-tags" && visit.path.size() == 3) return smartTags(visit, kind);
    const bool contact = kind == Kind::Contact;
    if (visit.is("GET", 3) && part == (contact ? "companies" : "contacts")) {
        return related(visit, kind);
    }
    if (visit.path.size() == 4 && part == "contacts" && !contact) return linkContact(visit, kind);
    return notFound();
}

/// Who the access belongs to, with the account; seen in public client code, not in the vendor's
/// page.
Reply Sellsy::staff() {
    const json account = {{"id", std::stoi(kCorpId)}, {"name", "Démo SARL"}};
    return jsonReply({{"id", 602301}, {"lastname", "Démo"}, {"_embed", {{"account", account}}}});
}

Reply Sellsy::quotas(const Visit& visit) {
    visit.need("accounts.read");
    if (!visit.is("GET", 1)) return notFound();
    json body = {{"email_marketing", {{"limit", nullptr}, {"used", 0}}},
                 {"sms_marketing", {{"limit", 0}, {"used", 0}}},
                 {"custom_fields", {{"limit", 50}, {"used", 4}}}};
    for (const auto& window : quota_.windows()) {
        body[window.name] = {{"limit", window.limit}, {"used", window.used}};
    }
    return jsonReply(body);
}

Reply Sellsy::limitReply() { return problemReply({429, "Quota de requêtes atteint"}); }

Reply Sellsy::errorReply(int status) {
    Reply reply = problemReply({status, status >= 500 ? "Internal Server Error" : "Error"});
    quota_.addHeaders(reply);
    return reply;
}

Doer Sellsy::doer(const Visit& visit) const {
    return {"api:" + clientId_, clientId_, visit.request.method + " " + templateOf(visit.path)};
}

}  // namespace concordat::simulators::sellsy
