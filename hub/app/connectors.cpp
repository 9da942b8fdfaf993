// SPDX-License-Identifier: Apache-2.0
#include "hub/app/connectors.h"

#include <filesystem>

#include "hub/app/connection.h"
#include "hub/consent/error.h"
#include "hub/host/inprocess.h"
#include "hub/host/isolated.h"

namespace concordat::app {

namespace {

namespace fs = std::filesystem;

/// A folder beside the program: as installed (bin/../share, lib) or as built (build/bin,
/// build/plugins).
std::string beside(const std::vector<std::string>& places) {
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
    for (const std::string& place : places)
        if (fs::is_directory(program / place)) return (program / place).lexically_normal().string();
    return "";
}

std::string libraryFile(const manifest::Integration& integration, const Settings& settings) {
    const std::string folder = pluginFolder(settings);
    const fs::path file = fs::path(folder) / (integration.connector + ".so");
    std::error_code error;
    if (fs::exists(file, error)) return file.string();
    std::string known;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".so") known += " " + entry.path().stem().string();
    throw ManifestError(integration.file + ": there is no connector '" + integration.connector +
                        "' in " + folder + "; there are:" + known);
}

}  // namespace

std::string connectorProgram() {
    const fs::path program =
        fs::read_symlink("/proc/self/exe").parent_path() / "concordat-connector";
    if (!fs::exists(program))
        throw ConfigError(program.string() +
                          " is missing: it is a part of concordat and stands beside it");
    return program.string();
}

std::string pluginFolder(const Settings& settings) {
    const std::string folder = settings.path("plugins").empty()
                                   ? beside({"../lib/concordat/plugins", "../plugins"})
                                   : settings.path("plugins");
    if (folder.empty()) throw ConfigError("no folder of connectors: set 'plugins' in hub.yaml");
    return folder;
}

std::string vocabularyFolder(const Settings& settings) {
    const std::string folder = settings.path("vocabularies").empty()
                                   ? beside({"../share/concordat/manifests/vocabularies",
                                             "../../../manifests/vocabularies"})
                                   : settings.path("vocabularies");
    if (folder.empty())
        throw ConfigError("no folder of vocabularies: set 'vocabularies' in hub.yaml");
    return folder;
}

ConnectedSystem::ConnectedSystem(const manifest::Integration& integration,
                                 const Settings& settings,
                                 gateway::Gateway& gateway,
                                 sync::Clock& clock)
    : integration_(integration),
      gateway_(gateway),
      clock_(clock),
      surroundings_(integration.system, clock),
      library_(host::keepLibrary(
          libraryFile(integration, settings),
          (fs::path(settings.path("store.path")).parent_path() / "connectors").string())),
      memoryBytes_(static_cast<std::uint64_t>(settings.number("connectors.memory")) << 20U) {
    description_ = host::describeIsolated(library_, {connectorProgram(), memoryBytes_});
    if (description_.id != integration.connector)
        throw PluginError(library_.origin + " says it is the connector '" + description_.id +
                          "', not '" + integration.connector + "': check the file");
    settingsJson_ = settingsFor(integration_, description_);
    try {
        gateway_.addSystem(accessFor(integration_, description_, settingsJson_));
    } catch (const gateway::AccessError& error) {
        throw ManifestError(integration_.file + ": connection: " + error.message());
    }
}

Instance ConnectedSystem::start() {
    Instance instance{std::make_unique<GatewayHttp>(gateway_, skew_, clock_, integration_.system),
                      nullptr};
    const host::Services services{*instance.way, surroundings_};
    if (integration_.policies.isolation == "inproc")
        instance.connector =
            host::inProcessConnector(integration_.system, library_, settingsJson_, services);
    else
        instance.connector = host::isolatedConnector(integration_.system, library_, settingsJson_,
                                                     services, {connectorProgram(), memoryBytes_});
    return instance;
}

}  // namespace concordat::app
