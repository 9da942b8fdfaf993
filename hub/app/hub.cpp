// SPDX-License-Identifier: Apache-2.0
#include "hub/app/hub.h"

#include <filesystem>
#include <fstream>

#include <Poco/Logger.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <sys/stat.h>

#include "hub/api/api.h"
#include "hub/app/services.h"
#include "hub/app/systems.h"
#include "hub/consent/error.h"
#include "hub/app/connection.h"
#include "hub/store/sqlite_store.h"
#include "hub/store/vault.h"

namespace concordat::app {

namespace {

namespace fs = std::filesystem;

using Connected = std::map<std::string, std::unique_ptr<ConnectedSystem>>;

/// Where the running hub tells the commands of its own machine how to reach it; only its user may read it.
std::string addressFile(const Settings& settings) {
    return (fs::path(settings.path("store.path")).parent_path() / "hub.address").string();
}

void writePrivate(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    const mode_t before = umask(0077);
    std::ofstream output(fresh, std::ios::binary | std::ios::trunc);
    output << text << std::flush;
    umask(before);
    if (!output) throw ConfigError(path + " cannot be written: check the folder's permissions and the disk");
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

Connected connect(const Settings& settings, const manifest::Manifests& manifests, gateway::Gateway& gateway) {
    Connected all;
    for (const manifest::Integration& integration : manifests.integrations)
        all.emplace(integration.system, std::make_unique<ConnectedSystem>(integration, settings, gateway));
    return all;
}

sync::Plan planOf(const Settings& settings, const manifest::Manifests& manifests, const Connected& connected) {
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
        remarks.push_back("the store is older than its suppression journal: a backup was restored. " + std::to_string(recovery.replayed) +
                          " restrictions were taken back; nothing is loosened until every system was read again");
    for (const auto& [name, system] : connected)
        if (system->integration().policies.isolation == "inproc")
            remarks.push_back(name + " runs inside the hub's process (isolation: inproc): a crash of its connector takes the hub with it, and a hang can only be reported");
    return remarks;
}

}  // namespace

struct Hub::Impl {
    Impl(const Settings& given, const manifest::Manifests& manifests, const HubOptions& options)
        : settings(given),
          vault(settings.path("store.key")),
          store(storeOptions(settings), vault),
          tokens(store),
          gateway(gatewayOptions(tokens)),
          connected(connect(settings, manifests, gateway)),
          plan(planOf(settings, manifests, connected)),
          remarks(remarksOf(connected, store.recovery())),
          service({store, plan, clock, random, [this](const consent::Point& point) { return vault.hash(point.kind, point.name, point.value); }, vault.keyId()}),
          accounts(store, settings.milliseconds("sessions.idle")),
          systems(std::move(connected), service, plan, options.lanes),
          api(apiOptions(settings, options.temporary), apiParts(*this, manifests)) {
        service.onWake([this](const std::string& system) { systems.wake(system); });
    }

    Settings settings;
    store::Vault vault;
    store::SqliteStore store;
    StoredTokens tokens;
    gateway::Gateway gateway;
    Connected connected;
    sync::Plan plan;
    std::vector<std::string> remarks;
    MachineClock clock;
    MachineRandom random;
    sync::Service service;
    api::Accounts accounts;
    Systems systems;
    api::Api api;
    std::string token;
    std::string firstPassword;
};
