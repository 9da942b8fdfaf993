// SPDX-License-Identifier: Apache-2.0
#include "hub/app/hub.h"

#include <filesystem>
#include <fstream>
#include <future>

#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <sys/stat.h>

#include "hub/api/api.h"
#include "hub/app/connection.h"
#include "hub/app/services.h"
#include "hub/app/systems.h"
#include "hub/consent/error.h"
#include "hub/store/sqlite_store.h"
#include "hub/store/vault.h"

namespace concordat::app {

namespace {

namespace fs = std::filesystem;

using Connected = std::map<std::string, std::unique_ptr<ConnectedSystem>>;

/// Where the running hub tells the commands of its own machine how to reach it; only its user may
/// read it.
std::string addressFile(const Settings& settings) {
    return (fs::path(settings.path("store.path")).parent_path() / "hub.address").string();
}

void writePrivate(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    const mode_t before = umask(0077);
    std::ofstream output(fresh, std::ios::binary | std::ios::trunc);
    output << text << std::flush;
    umask(before);
    if (!output)
        throw ConfigError(path + " cannot be written: check the folder's permissions and the disk");
    fs::rename(fresh, path);
}

store::StoreOptions storeOptions(const Settings& settings) {
    store::StoreOptions options;
    options.database = settings.path("store.path");
    options.journal = settings.path("store.journal");
    fs::create_directories(fs::path(options.database).parent_path());
    fs::create_directories(fs::path(options.journal).parent_path());
    return options;
}

gateway::GatewayOptions gatewayOptions(StoredTokens& tokens) {
    gateway::GatewayOptions options;
    options.tokens = &tokens;
    return options;
}

Connected connect(const Settings& settings,
                  const manifest::Manifests& manifests,
                  gateway::Gateway& gateway,
                  sync::Clock& clock) {
    // Each asks its connector in a process what it is: all at the same time.
    std::vector<std::future<std::unique_ptr<ConnectedSystem>>> coming;
    for (const manifest::Integration& integration : manifests.integrations)
        coming.push_back(std::async(std::launch::async, [&] {
            return std::make_unique<ConnectedSystem>(integration, settings, gateway, clock);
        }));
    Connected all;
    for (auto& system : coming) {
        auto connected = system.get();
        const std::string name = connected->integration().system;
        all.emplace(name, std::move(connected));
    }
    return all;
}

sync::Plan planOf(const Settings& settings,
                  const manifest::Manifests& manifests,
                  const Connected& connected) {
    sync::Plan plan;
    plan.policy = manifest::policyOf(manifests);
    plan.settings.node = settings.text("node");
    plan.settings.leaseMs = settings.milliseconds("sync.lease");
    for (const auto& [name, system] : connected) {
        plan.systems.push_back(planFor(system->integration(), system->description()));
        auto& interval = plan.systems.back().pollIntervalMs;
        interval = std::max(interval, settings.milliseconds("sync.interval"));
    }
    return plan;
}

std::vector<std::string> remarksOf(const Connected& connected, const store::Recovery& recovery) {
    std::vector<std::string> remarks;
    if (recovery.behindJournal)
        remarks.push_back(
            "the store is older than its suppression journal: a backup was restored. " +
            std::to_string(recovery.replayed) +
            " restrictions were taken back; nothing is loosened until every system was read again");
    for (const auto& [name, system] : connected)
        if (system->integration().policies.isolation == "inproc")
            remarks.push_back(name +
                              " runs inside the hub's process (isolation: inproc): a crash of its "
                              "connector takes the hub with it, and a hang can only be reported");
    return remarks;
}

/// "{port}" in webhooks.public_url is the port webhooks come to, for demos and tests.
std::string webhookAddress(const Settings& settings,
                           std::uint16_t port,
                           const std::string& system) {
    return Poco::replace(settings.text("webhooks.public_url"), std::string("{port}"),
                         std::to_string(port)) +
           "/hooks/" + system;
}

}  // namespace

struct Hub::Impl {
    Impl(const Settings& given, const manifest::Manifests& manifests, const HubOptions& options)
        : settings(given),
          temporary(options.temporary),
          vault(settings.path("store.key")),
          store(storeOptions(settings), vault),
          tokens(store),
          gateway(gatewayOptions(tokens)),
          clock(store),
          connected(connect(settings, manifests, gateway, clock)),
          plan(planOf(settings, manifests, connected)),
          remarks(remarksOf(connected, store.recovery())),
          service({store, plan, clock, random,
                   [this](const consent::Point& point) {
                       return vault.hash(point.kind, point.name, point.value);
                   },
                   vault.keyId()}),
          accounts(store, settings.milliseconds("sessions.idle")),
          systems(std::move(connected), service, plan),
          api(apiOptions(settings, temporary),
              store,
              service,
              accounts,
              servicesFor({settings, systems, gateway, tokens, options.lanes})) {
        letIn();
        // After all that can stop a start: no vendor is asked for a hub that does not run.
        if (options.lanes) systems.runLanes();
        if (temporary) return;
        writeAddress();
        if (!settings.text("webhooks.public_url").empty()) subscribe();
    }

    ~Impl() {
        std::error_code ignored;
        if (!temporary) fs::remove(addressFile(settings), ignored);
    }

    /// An administrator and a token for this machine's commands.
    void letIn() {
        token = api::randomText();
        accounts.putToken(temporary ? "command" : "machine", token, api::Role::Admin, {"grant"});
        if (temporary || accounts.hasUsers()) return;
        const std::string given = settings.secret("admin.password");
        const std::string password = given.empty() ? api::randomText().substr(0, 20) : given;
        accounts.putUser("admin", password, api::Role::Admin);
        if (given.empty()) firstPassword = password;
    }

    void subscribe() {
        systems.subscribeWebhooks([this, port = api.webhookPort()](const std::string& system) {
            return webhookAddress(settings, port, system);
        });
    }

    void writeAddress() const {
        writePrivate(addressFile(settings), "host " + settings.text("listen.address") + "\nport " +
                                                std::to_string(api.port()) + "\nwebhook_port " +
                                                std::to_string(api.webhookPort()) + "\ntoken " +
                                                token + "\n");
    }

    Settings settings;
    bool temporary;
    store::Vault vault;
    store::SqliteStore store;
    StoredTokens tokens;
    gateway::Gateway gateway;
    HubClock clock;
    Connected connected;
    sync::Plan plan;
    std::vector<std::string> remarks;
    MachineRandom random;
    sync::Service service;
    api::Accounts accounts;
    Systems systems;
    api::Api api;
    std::string token;
    std::string firstPassword;
};

Hub::Hub(const Settings& settings, const manifest::Manifests& manifests, const HubOptions& options)
    : impl_(std::make_unique<Impl>(settings, manifests, options)) {}

Hub::~Hub() = default;

HubAddress Hub::address() const {
    const std::string host =
        impl_->temporary ? "127.0.0.1" : impl_->settings.text("listen.address");
    return {host, impl_->api.port(), impl_->token};
}

std::uint16_t Hub::webhookPort() const { return impl_->api.webhookPort(); }

const std::string& Hub::firstPassword() const { return impl_->firstPassword; }

const std::vector<std::string>& Hub::remarks() const { return impl_->remarks; }

Settings loadSettings(const std::string& config, const std::map<std::string, std::string>& flags) {
    if (!config.empty()) return Settings::load(config, flags);
    return Settings::load(fs::exists("hub.yaml") ? "hub.yaml" : "", flags);
}

manifest::Manifests loadManifests(const Settings& settings) {
    manifest::Manifests manifests =
        manifest::read(vocabularyFolder(settings), settings.path("manifests"));
    std::string all;
    for (const manifest::Problem& problem : manifests.problems)
        all += (all.empty() ? "" : "\n") + manifest::toString(problem);
    if (!all.empty()) throw ManifestError(all);
    return manifests;
}

std::unique_ptr<Client> runningHub(const Settings& settings) {
    std::ifstream input(addressFile(settings));
    if (!input) return nullptr;
    HubAddress address;
    for (std::string name, value; input >> name >> value;) {
        if (name == "host") address.host = value == "0.0.0.0" ? "127.0.0.1" : value;
        if (name == "port")
            address.port = static_cast<std::uint16_t>(Poco::NumberParser::parseUnsigned(value));
        if (name == "token") address.token = value;
    }
    auto client = std::make_unique<Client>(address);
    return client->answers() ? std::move(client) : nullptr;
}

}  // namespace concordat::app
