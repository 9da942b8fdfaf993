// SPDX-License-Identifier: Apache-2.0
// What an administrator keeps in order: settings, backups, the store, sign-ins at vendors.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/routes.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

Reply settings(const Rooms& rooms) {
    Rooms::require(static_cast<bool>(rooms.services.settings), "show its settings");
    Json items = Json::array();
    for (const SettingView& setting : rooms.services.settings())
        items.push_back({{"name", setting.name},
                         {"value", setting.value},
                         {"origin", setting.origin},
                         {"unit", setting.unit},
                         {"help", setting.help},
                         {"secret", setting.secret}});
    return page(items);
}

Reply backup(const Rooms& rooms, const Visit& visit) {
    const Json body = bodyOf(visit.call, {"path"});
    Rooms::require(static_cast<bool>(rooms.services.backupPath), "write backups");
    const std::string path = rooms.services.backupPath(requiredText(body, "path"));
    rooms.store.backup(path, {});
    return ok({{"path", path}, {"bytes", std::filesystem::file_size(path)}});
}

Reply integrity(const Rooms& rooms, const Visit& visit) {
    bodyOf(visit.call, {});
    return ok({{"problems", rooms.store.integrityProblems()}});
}

/// The vendor sends the person's browser here, so the answer is for reading.
Reply authorized(const Rooms& rooms, const Visit& visit) {
    Rooms::require(static_cast<bool>(rooms.services.authorized), "end a sign-in at a vendor");
    const std::string code = visit.call.parameter("code");
    const std::string state = visit.call.parameter("state");
    if (code.empty() || state.empty())
        throw RequestError("the vendor sent no 'code' and 'state': begin the sign-in again");
    Reply reply;
    reply.type = "text/plain; charset=utf-8";
    reply.body = "The hub is signed in for " + rooms.services.authorized(code, state) +
                 ". You may close this page.\n";
    return reply;
}

}  // namespace

std::vector<Route> keeperRoutes(const Rooms& rooms) {
    return {
        {"GET", "/v1/settings", Role::Admin, [&rooms](const Visit&) { return settings(rooms); }},
        {"POST", "/v1/backup", Role::Admin,
         [&rooms](const Visit& visit) { return backup(rooms, visit); }},
        {"POST", "/v1/integrity", Role::Admin,
         [&rooms](const Visit& visit) { return integrity(rooms, visit); }},
        // Nobody is signed in there: `state` is a secret of whoever began.
        {"GET", "/oauth/callback", std::nullopt,
         [&rooms](const Visit& visit) { return authorized(rooms, visit); }},
    };
}

}  // namespace concordat::api
