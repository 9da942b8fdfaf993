// SPDX-License-Identifier: Apache-2.0
#include "hub/api/account_routes.h"

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

Json jsonOf(const Caller& caller) {
    return {{"user", caller.name}, {"role", toString(caller.role)}, {"csrf", caller.csrf}};
}

Json jsonOf(const TokenRow& row) {
    return {{"id", row.id},
            {"name", row.name},
            {"role", toString(row.role)},
            {"scopes", row.scopes},
            {"created_at", row.createdAt}};
}

Reply signIn(Accounts& accounts, const Call& call, bool secure) {
    // Another site's form can post a password of its own, but not as JSON.
    if (call.header("content-type").rfind("application/json", 0) != 0)
        return problem(415, "send application/json", call.path);
    const Json body = bodyOf(call, {"user", "password"});
    const auto signedIn =
        accounts.signIn(requiredText(body, "user"), requiredText(body, "password"));
    if (!signedIn) return problem(401, "name or password is wrong", call.path);
    Reply reply = ok(jsonOf(signedIn->caller));
    reply.headers["Set-Cookie"] = "concordat_session=" + signedIn->cookie +
                                  "; Path=/; HttpOnly; SameSite=Strict" +
                                  (secure ? "; Secure" : "");
    return reply;
}

Reply makeToken(Accounts& accounts, const Call& call) {
    const Json body = bodyOf(call, {"name", "role", "scopes"});
    const auto scopes = texts(body, "scopes", 10);
    for (const std::string& scope : scopes)
        if (scope != "grant") throw RequestError("the only scope a token can have is 'grant'");
    const auto [token, row] =
        accounts.makeToken(requiredText(body, "name"), roleFrom(text(body, "role", "read_only")),
                           {scopes.begin(), scopes.end()});
    Json answer = jsonOf(row);
    answer["token"] = token;
    return ok(answer);
}

Reply putUser(Accounts& accounts, const Call& call) {
    const Json body = bodyOf(call, {"user", "password", "role"});
    accounts.putUser(requiredText(body, "user"), requiredText(body, "password"),
                     roleFrom(text(body, "role", "read_only")));
    return ok({{"user", text(body, "user")}});
}

Reply listUsers(Accounts& accounts) {
    Json items = Json::array();
    for (const auto& [name, role] : accounts.users())
        items.push_back({{"user", name}, {"role", toString(role)}});
    return page(items);
}

Reply listTokens(Accounts& accounts) {
    Json items = Json::array();
    for (const TokenRow& row : accounts.tokens()) items.push_back(jsonOf(row));
    return page(items);
}

}  // namespace

std::vector<Route> accountRoutes(Accounts& accounts, bool secureCookies) {
    return {
        {"POST", "/v1/session", std::nullopt,
         [&accounts, secureCookies](const Visit& visit) {
             return signIn(accounts, visit.call, secureCookies);
         }},
        {"GET", "/v1/session", Role::ReadOnly,
         [](const Visit& visit) { return ok(jsonOf(visit.caller)); }},
        {"DELETE", "/v1/session", Role::ReadOnly,
         [&accounts](const Visit& visit) {
             accounts.signOut(visit.call);
             Reply reply = ok(Json::object());
             reply.headers["Set-Cookie"] =
                 "concordat_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict";
             return reply;
         }},
        {"GET", "/v1/users", Role::Admin,
         [&accounts](const Visit&) { return listUsers(accounts); }},
        {"POST", "/v1/users", Role::Admin,
         [&accounts](const Visit& visit) { return putUser(accounts, visit.call); }},
        {"DELETE", "/v1/users/{user}", Role::Admin,
         [&accounts](const Visit& visit) {
             return accounts.removeUser(visit.part("user"))
                        ? ok(Json::object())
                        : problem(404, "there is no such user", visit.call.path);
         }},
        {"GET", "/v1/tokens", Role::Admin,
         [&accounts](const Visit&) { return listTokens(accounts); }},
        {"POST", "/v1/tokens", Role::Admin,
         [&accounts](const Visit& visit) { return makeToken(accounts, visit.call); }},
        {"DELETE", "/v1/tokens/{id}", Role::Admin,
         [&accounts](const Visit& visit) {
             return accounts.removeToken(visit.part("id"))
                        ? ok(Json::object())
                        : problem(404, "there is no such token", visit.call.path);
         }},
    };
}

}  // namespace concordat::api
