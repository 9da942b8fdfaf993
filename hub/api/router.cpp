// SPDX-License-Identifier: Apache-2.0
#include "hub/api/router.h"

#include <algorithm>
#include <set>

#include <Poco/Net/IPAddress.h>

namespace concordat::api {

namespace {

/// The next part of a path, and what follows it.
std::pair<std::string, std::string> split(const std::string& path) {
    const auto slash = path.find('/', 1);
    return {path.substr(0, slash), slash == std::string::npos ? "" : path.substr(slash)};
}

/// The parts that the pattern names. They are decoded one by one: an id may hold an encoded slash.
std::optional<std::map<std::string, std::string>> match(std::string pattern, std::string path) {
    std::map<std::string, std::string> parts;
    while (!pattern.empty() && !path.empty()) {
        const auto [wanted, patternRest] = split(pattern);
        const auto [given, pathRest] = split(path);
        if (wanted.size() > 3 && wanted[1] == '{' && given.size() > 1)
            parts[wanted.substr(2, wanted.size() - 3)] = decoded(given.substr(1));
        else if (wanted != given)
            return std::nullopt;
        pattern = patternRest;
        path = pathRest;
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parts;
}

std::string joined(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

Reply notAllowed(const Call& call, std::set<std::string> methods) {
    if (methods.contains("GET")) methods.insert("HEAD");
    Reply reply = problem(
        405, "this method is not possible here, but " + joined(methods) + "; see /openapi.yaml",
        call.path);
    reply.headers["Allow"] = joined(methods);
    return reply;
}

/// A proxy on this machine calls from loopback too, and says for whom.
bool isFromHere(const Call& call) {
    return Poco::Net::IPAddress::parse(call.peer).isLoopback() &&
           call.header("x-forwarded-for").empty() && call.header("forwarded").empty() &&
           call.header("via").empty();
}

}  // namespace

Router::Router(Accounts& accounts) : accounts_(accounts) {}

void Router::add(std::vector<Route> routes) {
    std::move(routes.begin(), routes.end(), std::back_inserter(routes_));
}

Reply Router::answer(const Call& call) {
    const std::string method = call.method == "HEAD" ? "GET" : call.method;
    std::set<std::string> others;
    for (const Route& route : routes_) {
        auto parts = match(route.pattern, call.path);
        if (!parts) continue;
        if (route.method == method) return admit(route, call, std::move(*parts));
        others.insert(route.method);
    }
    if (!others.empty()) return notAllowed(call, std::move(others));
    return problem(404, "there is nothing at this address; see /openapi.yaml", call.path);
}

Reply Router::admit(const Route& route,
                    const Call& call,
                    std::map<std::string, std::string> parts) {
    if (!route.least || (route.freeOnLoopback && isFromHere(call)))
        return route.handler({call, {}, std::move(parts)});
    const std::optional<Caller> caller = accounts_.callerOf(call);
    if (!caller) {
        Reply reply = problem(401, "sign in, or send a bearer token that is valid", call.path);
        reply.headers["WWW-Authenticate"] = "Bearer";
        return reply;
    }
    if (caller->role < *route.least)
        return problem(403,
                       "this needs the role " + toString(*route.least) + "; yours is " +
                           toString(caller->role),
                       call.path);
    const bool writes = route.method != "GET";
    if (caller->session && writes && call.header("x-csrf-token") != caller->csrf)
        return problem(403, "the header x-csrf-token is missing or not this session's", call.path);
    return route.handler({call, *caller, std::move(parts)});
}

}  // namespace concordat::api
