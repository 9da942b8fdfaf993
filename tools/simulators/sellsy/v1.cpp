// SPDX-License-Identifier: Apache-2.0
// API v1: one address, a method name in a form field, opt-out flags with the inverted sense.
#include <algorithm>
#include <array>
#include <shared_mutex>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

/// Bit i of a party's channels, seen from v1: "Y" means unsubscribed.
constexpr std::array<const char*, 5> kOptOuts{
    "massmailingUnsubscribed", "massmailingUnsubscribedSMS", "phoningUnsubscribed",
    "massmailingUnsubscribedMail", "massmailingUnsubscribedCustom"};

struct Plain {
    const char* v1;
    const char* v2;
};
constexpr std::array<Plain, 5> kPlain{{{"name", "last_name"},
                                       {"forename", "first_name"},
                                       {"email", "email"},
                                       {"tel", "phone_number"},
                                       {"mobile", "mobile_number"}}};

/// Thrown to answer with an E_* code.
class Refused : public std::runtime_error {
 public:
    Refused(const char* code, const std::string& message)
        : std::runtime_error(message), code_(code) {}
    const char* code() const { return code_; }

 private:
    const char* code_;
};

Reply success(const json& response) {
    Reply reply;
    reply.type = "application/json";
    reply.body = json({{"response", response}, {"error", ""}, {"status", "success"}})
                     .dump(-1, ' ', false, json::error_handler_t::replace);
    return reply;
}

Reply failure(const char* code, const std::string& message) {
    Reply reply;
    reply.type = "application/json";
    reply.body =
        json({{"status", "error"}, {"error", {{"code", code}, {"message", message}}}}).dump();
    return reply;
}

json v1Json(const Party& party) {
    json out = {{"id", std::to_string(party.id)},
                {"name", party.lastName},
                {"forename", party.firstName},
                {"email", party.email},
                {"tel", party.phone},
                {"mobile", party.mobile},
                {"actif", party.archived ? "N" : "Y"},
                {"created", std::to_string(party.created)},
                {"updated", std::to_string(party.updated)}};
    for (std::size_t i = 0; i < kOptOuts.size(); ++i) {
        out[kOptOuts[i]] = ((party.channels >> i) & 1U) != 0 ? "N" : "Y";
    }
    for (std::size_t i = 0; i < kSyncTargets.size(); ++i) {
        out[std::string(kSyncTargets[i])] = ((party.sync >> i) & 1U) != 0 ? "Y" : "N";
    }
    return out;
}

bool yes(const std::string& key, const json& value) {
    if (value == "Y") return true;
    if (value == "N") return false;
    throw Refused("E_PARAM_INVALID", key + " : Y ou N attendu");
}

/// The v2 body that means the same as v1's `people{}` or `third{}`, for a party as it is.
json v2Body(const Party& party, const json& v1) {
    json body = json::object();
    json sync = json::object();
    unsigned channels = party.channels;
    bool consent = false;
    for (const auto& [key, value] : v1.items()) {
        const auto optOut = std::find(kOptOuts.begin(), kOptOuts.end(), key);
        const auto plain = std::find_if(kPlain.begin(), kPlain.end(),
                                        [&](const Plain& one) { return key == one.v1; });
        if (optOut != kOptOuts.end()) {
            const unsigned bit = 1U << static_cast<unsigned>(optOut - kOptOuts.begin());
            channels = yes(key, value) ? channels & ~bit : channels | bit;
            consent = true;
        } else if (plain != kPlain.end()) {
            if (!value.is_string()) throw Refused("E_PARAM_INVALID", key);
            const bool company = party.kind == Kind::Company && key == "name";
            body[company ? "name" : plain->v2] = value;
        } else if (std::find(kSyncTargets.begin(), kSyncTargets.end(), key) != kSyncTargets.end()) {
            sync[key] = yes(key, value);
        } else if (key != "id") {
            throw Refused("E_PARAM_INVALID", key);
        }
    }
    if (!sync.empty()) body["sync"] = sync;
    if (consent) {
        Party changed = party;
        changed.channels = static_cast<std::uint8_t>(channels);
        const std::string array = "marketing_campaigns_subscriptions";
        body[array] = fieldValue(changed, array);
    }
    return body;
}

std::int64_t number(const json& params, const char* key) {
    const auto found = params.find(key);
    if (found == params.end()) throw Refused("E_PARAM_REQUIRED", key);
    if (found->is_number_integer()) return found->get<std::int64_t>();
    const std::string text = found->is_string() ? found->get<std::string>() : std::string();
    const bool digits = !text.empty() && text.size() < 18 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) throw Refused("E_PARAM_INVALID", key);
    return std::stoll(text);
}

const json& part(const json& params, const char* key) {
    const auto found = params.find(key);
    if (found == params.end() || !found->is_object()) throw Refused("E_PARAM_REQUIRED", key);
    return *found;
}

/// v1's "third" is a company or an individual; they share one sequence of ids.
Party loaded(const Account& account, std::initializer_list<Kind> kinds, std::int64_t id) {
    const std::shared_lock lock(account.mutex);
    for (const Kind kind : kinds) {
        if (const Party* party = account.store.find(kind, id)) return *party;
    }
    throw Refused("E_OBJ_NOT_LOADABLE", "L'objet " + std::to_string(id) + " n'existe pas");
}

constexpr std::size_t kMaxPerPage = 100;

struct PeopleQuery {
    std::size_t perPage = 10;
    std::size_t page = 1;
    std::int64_t updatedFrom = 0;
    std::int64_t updatedTo = INT64_MAX;
    std::string actif;
};

PeopleQuery readPeopleQuery(const json& params) {
    PeopleQuery query;
    const json pagination = params.value("pagination", json::object());
    if (pagination.contains("nbperpage")) {
        query.perPage = static_cast<std::size_t>(number(pagination, "nbperpage"));
    }
    if (pagination.contains("pagenum")) {
        query.page = static_cast<std::size_t>(number(pagination, "pagenum"));
    }
    if (query.perPage < 1 || query.perPage > kMaxPerPage || query.page < 1) {
        throw Refused("E_PAGINATION_MAX", "pagination");
    }
    const json search = params.value("search", json::object());
    if (search.contains("periodeupdated_start")) {
        query.updatedFrom = number(search, "periodeupdated_start");
    }
    if (search.contains("periodeupdated_end"))
        query.updatedTo = number(search, "periodeupdated_end");
    query.actif = search.value("actif", "");
    return query;
}

json peopleList(const Account& account, const PeopleQuery& query) {
    const std::shared_lock lock(account.mutex);
    json result = json::object();
    std::size_t total = 0;
    const std::size_t skip = (query.page - 1) * query.perPage;
    for (const auto& [id, party] : account.store.all(Kind::Contact)) {
        const bool inPeriod =
            party.updated >= query.updatedFrom && party.updated <= query.updatedTo;
        const bool wanted = query.actif.empty() || (query.actif == "N") == party.archived;
        if (!inPeriod || !wanted) continue;
        if (total >= skip && total < skip + query.perPage)
            result[std::to_string(id)] = v1Json(party);
        ++total;
    }
    const std::size_t pages = (total + query.perPage - 1) / query.perPage;
    return {{"infos",
             {{"nbperpage", query.perPage},
              {"nbpages", pages},
              {"pagenum", query.page},
              {"nbtotal", total}}},
            {"result", result}};
}

json call(Account& account, const std::string& method, const json& params, const Doer& doer) {
    if (method == "Peoples.getOne") {
        return v1Json(loaded(account, {Kind::Contact}, number(params, "id")));
    }
    if (method == "Peoples.getList") return peopleList(account, readPeopleQuery(params));
    if (method == "Client.getOne") {
        return {{"client", v1Json(loaded(account, {Kind::Company, Kind::Individual},
                                         number(params, "clientid")))}};
    }
    const bool people = method == "Peoples.update";
    if (!people && method != "Client.update") throw Refused("E_METHOD_DONT_EXIT", method);
    const std::int64_t id = number(params, people ? "id" : "clientid");
    const json& changes = part(params, people ? "people" : "third");
    const Party party = people ? loaded(account, {Kind::Contact}, id)
                               : loaded(account, {Kind::Company, Kind::Individual}, id);
    account.update(party.kind, id, v2Body(party, changes), doer);
    return people ? json({{"id", std::to_string(id)}}) : json({{"client_id", std::to_string(id)}});
}

json readCall(const Request& request) {
    std::string mode;
    std::string text;
    for (const auto& [key, value] : readForm(request.body)) {
        if (key == "io_mode") mode = value;
        if (key == "do_in") text = value;
    }
    if (mode != "json") throw Refused("E_IO_MODE_DONT_EXIST", mode);
    if (text.empty()) throw Refused("E_IO_MODE_DO_IN_MISSING", "do_in");
    json doIn = json::parse(text, nullptr, false);
    if (!doIn.is_object()) throw Refused("E_DO_IN_WRONG_FORMAT", "do_in");
    if (!doIn.contains("method")) throw Refused("E_DO_IN_PARAM_MISSING", "method");
    return doIn;
}

}  // namespace

Reply Sellsy::answerV1(const Request& request, Call& counted) {
    try {
        const std::string scopes = oauth_.scopesOf(request);
        if (!v1_ || !hasScope(scopes, "api-v1")) throw Refused("E_PRIV_NOT_ALLOWED", "api-v1");
        const json doIn = readCall(request);
        const std::string method = doIn["method"].get<std::string>();
        counted.name = "/0/ " + method;
        counted.items = 1;
        const Doer doer{"api:" + clientId_, clientId_, "v1 " + method};
        return success(call(account_, method, doIn.value("params", json::object()), doer));
    } catch (const Refused& refused) {
        return failure(refused.code(), refused.what());
    } catch (const Problem& problem) {
        if (problem.status() == 401) return failure("E_USER_NOT_LOGGED", "oauth_problem");
        return failure("E_OBJ_NOT_LOADABLE", problem.what());
    } catch (const json::exception&) {
        return failure("E_PARAM_INVALID", "params");
    }
}

}  // namespace concordat::simulators::sellsy
