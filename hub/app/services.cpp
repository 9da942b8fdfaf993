// SPDX-License-Identifier: Apache-2.0
#include "hub/app/services.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include <Poco/URI.h>

#include "hub/consent/error.h"

namespace concordat::app {

namespace {

std::vector<api::SettingView> settingsOf(const Settings& settings) {
    std::vector<api::SettingView> all;
    for (const SettingRow& row : settingRows()) {
        const Setting& setting = settings.all().at(row.name);
        all.push_back({row.name, setting.value, setting.origin, row.unit, row.help,
                       row.type == SettingType::Secret});
    }
    return all;
}

/// Sign-ins under way at vendors: what the vendor sends back must be what the hub began.
class Authorizations {
 public:
    Authorizations(gateway::Gateway& gateway, std::string redirect)
        : gateway_(gateway), redirect_(std::move(redirect)) {}

    std::string begin(const std::string& system) {
        const gateway::AuthorizationStart start = gateway_.authorizationAddress(system, redirect_);
        const std::lock_guard lock(mutex_);
        // Whoever begins again has given up what was begun before.
        std::erase_if(begun_, [&](const auto& entry) { return entry.second.first == system; });
        begun_[start.state] = {system, start.verifier};
        return start.address;
    }

    bool isUnderWay(const std::string& system) {
        const std::lock_guard lock(mutex_);
        return std::any_of(begun_.begin(), begun_.end(),
                           [&](const auto& entry) { return entry.second.first == system; });
    }

    std::string end(const std::string& code, const std::string& state) {
        std::pair<std::string, std::string> begun;
        {
            const std::lock_guard lock(mutex_);
            const auto found = begun_.find(state);
            if (found == begun_.end())
                throw RequestError(
                    "this sign-in was not begun here, or was used before: start again with "
                    "concordat connect");
            begun = found->second;
            begun_.erase(found);
        }
        const gateway::Reply reply =
            gateway_.exchangeCode(begun.first, code, begun.second, redirect_);
        if (reply.kind != gateway::ReplyClass::Ok)
            throw RequestError("the vendor did not accept the sign-in: " + reply.error, 502);
        return begun.first;
    }

 private:
    gateway::Gateway& gateway_;
    std::string redirect_;
    std::mutex mutex_;  // guards begun_
    std::map<std::string, std::pair<std::string, std::string>> begun_;
};

std::string publicAddress(const Settings& settings) {
    const std::string given = settings.text("listen.public_url");
    if (!given.empty()) return given;
    return "http://" + settings.text("listen.address") + ":" + settings.text("listen.port");
}

/// One of the kinds in hub/gateway/auth.md.
std::string signInKindOf(const ConnectedSystem& system) {
    const std::string& wanted = system.integration().connection.auth;
    if (!wanted.empty()) return wanted;
    return system.description().auth.empty() ? "none" : system.description().auth.front().kind;
}

/// A new file in a folder that exists: a backup never overwrites.
std::string backupPath(const std::string& path) {
    const std::filesystem::path file(path);
    if (!file.is_absolute()) throw RequestError("'path' must be absolute, such as /backup/hub.db");
    if (!std::filesystem::is_directory(file.parent_path()))
        throw RequestError("the folder of 'path' does not exist: make it first");
    if (std::filesystem::exists(file))
        throw RequestError("'path' is there already: a backup never overwrites");
    return file.string();
}

}  // namespace

api::ApiOptions apiOptions(const Settings& settings, bool temporary) {
    api::ApiOptions options;
    options.address = temporary ? "127.0.0.1" : settings.text("listen.address");
    options.port = temporary ? 0 : static_cast<std::uint16_t>(settings.number("listen.port"));
    options.threads = static_cast<int>(settings.number("listen.threads"));
    options.webhooks = !temporary;
    options.webhookAddress = settings.text("webhooks.address");
    options.webhookPort = static_cast<std::uint16_t>(settings.number("webhooks.port"));
    options.webhookConnections = static_cast<int>(settings.number("webhooks.connections"));
    options.secureCookies = settings.text("listen.public_url").rfind("https://", 0) == 0;
    if (temporary) return options;
    options.alerts = {
        !settings.text("alerts.webhook").empty(), settings.text("alerts.mail.server"),
        settings.text("alerts.mail.from"),        settings.text("alerts.mail.to"),
        settings.text("alerts.mail.user"),        settings.secret("alerts.mail.password")};
    return options;
}

api::Services servicesFor(const ServiceParts& parts) {
    api::Services services;
    services.lanesRun = parts.lanes;
    for (const std::string& name : parts.systems.names()) {
        const manifest::Integration& integration = parts.systems.connected(name).integration();
        services.systems.push_back({name, integration.title, integration.connector});
    }
    services.check = [parts](const std::string& system) { return parts.systems.check(system); };
    services.syncOnce = [parts](const std::string& system) {
        const Round round = parts.systems.round(system);
        return api::SyncRound{round.pulled, round.events, round.written, round.verified};
    };
    services.laneHealth = [parts](const std::string& system) {
        return parts.systems.health(system);
    };
    services.gatewayState = [parts](const std::string& system) {
        return parts.gateway.state(system);
    };
    services.gatewayCounts = [parts] { return parts.gateway.counts(); };
    services.settings = [parts] { return settingsOf(parts.settings); };
    // Shared by the two functions below, which are copied with the services.
    const auto authorizations = std::make_shared<Authorizations>(
        parts.gateway, publicAddress(parts.settings) + "/oauth/callback");
    services.authorize = [authorizations](const std::string& system) {
        return authorizations->begin(system);
    };
    services.authorized = [authorizations](const std::string& code, const std::string& state) {
        return authorizations->end(code, state);
    };
    services.authorization = [parts, authorizations](const std::string& system) {
        if (signInKindOf(parts.systems.connected(system)) != "oauth2_authorization_code")
            return "none";
        if (authorizations->isUnderWay(system)) return "pending";
        return parts.tokens.load(system) ? "present" : "missing";
    };
    services.backupPath = backupPath;
    services.read = [parts](const std::string& system, const std::vector<sdk::RecordRef>& records) {
        return parts.systems.read(system, records);
    };
    services.postAlert = alertPoster(parts.settings, parts.gateway);
    services.hooks = hooksFor(parts.systems);
    return services;
}

std::map<std::string, api::Hook> hooksFor(const Systems& systems) {
    std::map<std::string, api::Hook> hooks;
    for (const std::string& name : systems.names()) {
        const ConnectedSystem& system = systems.connected(name);
        const auto& described = system.description().webhook;
        const manifest::Connection& connection = system.integration().connection;
        if (!described || connection.webhookSecret.empty()) continue;
        api::Hook hook;
        hook.signature = {described->kind,
                          described->hash,
                          described->header,
                          described->encoding,
                          described->prefix,
                          described->timeHeader,
                          std::chrono::seconds(described->toleranceSeconds),
                          described->signedText};
        const std::string problem = gateway::problemWith(hook.signature);
        if (!problem.empty())
            throw PluginError("the connector of " + name +
                              " describes its webhooks wrongly: " + problem);
        hook.keys = [reference = connection.secrets.at(connection.webhookSecret), name] {
            return std::vector<std::string>{
                resolveSecret(reference, "the webhook secret of " + name)};
        };
        hook.answersGet = described->answersGet;
        hook.status = described->answerStatus;
        hook.type = described->answerType;
        hook.body = described->answerBody;
        hook.dedupePath = described->dedupePath;
        hooks.emplace(name, std::move(hook));
    }
    return hooks;
}

std::function<bool(const std::string&)> alertPoster(const Settings& settings,
                                                    gateway::Gateway& gateway) {
    static constexpr const char* kAlerts = "alerts";
    const std::string address = settings.text("alerts.webhook");
    if (address.empty()) return nullptr;
    const Poco::URI uri(address);
    gateway::SystemAccess access;
    access.system = kAlerts;
    access.hosts = {
        {uri.getAuthority(), {"POST"}, {uri.getPath().empty() ? "/" : uri.getPath()}, {}}};
    access.internal = uri.getScheme() == "http";
    gateway.addSystem(std::move(access));
    return [&gateway, address](const std::string& body) {
        gateway::Request request;
        request.method = "POST";
        request.url = address;
        request.headers["content-type"] = "application/json";
        request.body = body;
        return gateway.send(kAlerts, {request}, {}).front().kind == gateway::ReplyClass::Ok;
    };
}

}  // namespace concordat::app
