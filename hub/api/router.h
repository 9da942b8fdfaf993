// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which handler answers which path, and who may call it.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/api/accounts.h"
#include "hub/api/http.h"

namespace concordat::api {

/// A call that was let in, with the parts of its path that the pattern names.
struct Visit {
    const Call& call;
    Caller caller;
    std::map<std::string, std::string> parts;

    const std::string& part(const std::string& name) const { return parts.at(name); }
};

/// `least`: nothing means that anybody may call. `freeOnLoopback`: nor does a caller on this
/// machine who was not sent on by a proxy. Patterns are exact but for "{name}".
struct Route {
    std::string method;
    std::string pattern;
    std::optional<Role> least;
    std::function<Reply(const Visit&)> handler;
    bool freeOnLoopback = false;
};

/// [http] All methods; the routes are fixed before the first call. HEAD is answered as GET.
class Router {
 public:
    explicit Router(Accounts& accounts);
    void add(std::vector<Route> routes);
    /// Refuses who is not signed in (401), may not (403), forged (403, sessions need x-csrf-token)
    /// or is lost (404, 405).
    Reply answer(const Call& call);
    const std::vector<Route>& routes() const { return routes_; }

 private:
    Reply admit(const Route& route, const Call& call, std::map<std::string, std::string> parts);

    Accounts& accounts_;
    std::vector<Route> routes_;
};

}  // namespace concordat::api
