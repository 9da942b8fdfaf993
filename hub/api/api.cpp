// SPDX-License-Identifier: Apache-2.0
#include "hub/api/api.h"

#include "hub/api/account_routes.h"
#include "hub/api/assets.h"
#include "hub/api/server.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr int kConnections = 1'024;
constexpr std::chrono::seconds kTurnPatience{20};

ServerOptions apiServer(const ApiOptions& options) {
    ServerOptions server;
    server.name = "api";
    server.address = options.address;
    server.port = options.port;
    server.connections = kConnections;
    server.workers = options.threads;
    server.headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"}};
    if (options.secureCookies) server.headers["Strict-Transport-Security"] = "max-age=31536000";
    return server;
}

ServerOptions webhookServer(const ApiOptions& options) {
    ServerOptions server;
    server.name = "webhooks";
    server.address = options.webhookAddress;
    server.port = options.webhookPort;
    server.connections = options.webhookConnections;
    server.headers = {{"X-Content-Type-Options", "nosniff"}};
    return server;
}

std::string regionOf(const sync::Plan& plan) {
    return plan.systems.empty() ? "FR" : plan.systems.front().region;
}

}  // namespace

bool Closing::wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return begun_; });
}

void Closing::begin() {
    const std::lock_guard lock(mutex_);
    begun_ = true;
    changed_.notify_all();
}

struct Api::Impl {
    Impl(const ApiOptions& options,
         store::Store& store,
         sync::Service& sync,
         Accounts& accounts,
         Services given)
        : services(std::move(given)),
          rooms{store,
                sync,
                services,
                closing,
                regionOf(sync.core().plan),
                sync.core().plan.settings.node,
                CONCORDAT_VERSION},
          hooks(store,
                services.hooks,
                [&sync](const std::string& system) { sync.webhookArrived(system); }),
          streams(store, options.streams),
          alerts(store, options.alerts, services.postAlert),
          router(accounts) {
        for (auto&& routes : {accountRoutes(accounts, options.secureCookies), systemRoutes(rooms),
                              rehearsalRoutes(rooms), subjectRoutes(rooms), choiceRoutes(rooms),
                              inboxRoutes(rooms), recordRoutes(rooms), keeperRoutes(rooms),
                              watchRoutes(rooms, gauges(), streams), pageRoutes()})
            router.add(routes);
        server = std::make_unique<Server>(apiServer(options),
                                          [this](const Call& call) { return router.answer(call); });
        if (!options.webhooks) return;
        webhookServer_ = std::make_unique<Server>(
            webhookServer(options),
            [this](Call&& call, const Ticket& ticket) { hooks.receive(std::move(call), ticket); });
    }

    ~Impl() { closing.begin(); }

    Gauges gauges() {
        return {[this]() -> const WebhookCounts& { return hooks.counts(); },
                [this] {
                    std::vector<std::pair<std::string, int>> open;
                    if (server) open.emplace_back("api", server->connections());
                    if (webhookServer_)
                        open.emplace_back("webhooks", webhookServer_->connections());
                    return open;
                },
                [this] { return streams.readers(); }};
    }

    Services services;
    Closing closing;
    Rooms rooms;
    Webhooks hooks;
    EventStreams streams;
    Alerts alerts;
    Router router;
    std::unique_ptr<Server> server;
    std::unique_ptr<Server> webhookServer_;
};

Api::Api(const ApiOptions& options,
         store::Store& store,
         sync::Service& sync,
         Accounts& accounts,
         Services services)
    : impl_(std::make_unique<Impl>(options, store, sync, accounts, std::move(services))) {}

Api::~Api() = default;

std::uint16_t Api::port() const { return impl_->server->port(); }

std::uint16_t Api::webhookPort() const {
    return impl_->webhookServer_ ? impl_->webhookServer_->port() : 0;
}

const std::vector<Route>& Api::routes() const { return impl_->router.routes(); }

std::string openapi() { return std::string(openapiText()); }

}  // namespace concordat::api
