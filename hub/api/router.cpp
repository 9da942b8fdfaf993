// SPDX-License-Identifier: Apache-2.0
#include "hub/api/router.h"

#include <algorithm>

namespace concordat::api {

namespace {

/// The next part of a path, and what follows it.
std::pair<std::string, std::string> split(const std::string& path) {
    const auto slash = path.find('/', 1);
    return {path.substr(0, slash), slash == std::string::npos ? "" : path.substr(slash)};
}

std::optional<std::map<std::string, std::string>> match(std::string pattern, std::string path) {
    std::map<std::string, std::string> parts;
    while (!pattern.empty() && !path.empty()) {
        const auto [wanted, patternRest] = split(pattern);
        const auto [given, pathRest] = split(path);
        if (wanted.size() > 3 && wanted[1] == '{' && given.size() > 1)
            parts[wanted.substr(2, wanted.size() - 3)] = given.substr(1);
        else if (wanted != given)
            return std::nullopt;
        pattern = patternRest;
        path = pathRest;
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parts;
}

}  // namespace

Router::Router(Accounts& accounts) : accounts_(accounts) {}

void Router::add(std::vector<Route> routes) {
    std::move(routes.begin(), routes.end(), std::back_inserter(routes_));
}

Reply Router::answer(const Call& call) {
    bool pathExists = false;
    for (const Route& route : routes_) {
        auto parts = match(route.pattern, call.path);
        if (!parts) continue;
        pathExists = true;
        if (route.method == call.method) return admit(route, call, std::move(*parts));
    }
    if (pathExists) return problem(405, call.method + " is not possible here; see /openapi.yaml");
    return problem(404, "there is nothing at this address; see /openapi.yaml");
}

Reply Router::admit(const Route& route,
                    const Call& call,
                    std::map<std::string, std::string> parts) {
    if (!route.least) return route.handler({call, {}, std::move(parts)});
    const std::optional<Caller> caller = accounts_.callerOf(call);
    if (!caller) {
        Reply reply = problem(401, "sign in, or send a bearer token that is valid");
        reply.headers["WWW-Authenticate"] = "Bearer";
        return reply;
    }
    if (caller->role < *route.least)
        return problem(403, "this needs the role " + toString(*route.least) + "; yours is " +
                                toString(caller->role));
    const bool writes = call.method != "GET";
    if (caller->session && writes && call.header("x-csrf-token") != caller->csrf)
        return problem(403, "the header x-csrf-token is missing or not this session's");
    return route.handler({call, *caller, std::move(parts)});
}

}  // namespace concordat::api
