// SPDX-License-Identifier: Apache-2.0
#pragma once
// From integrations to running connectors: the library kept and described, the gateway opened,
// instances made on demand.

#include <memory>
#include <string>
#include <vector>

#include "hub/app/settings.h"
#include "hub/app/surroundings.h"
#include "hub/host/connector.h"
#include "hub/host/library.h"
#include "hub/manifest/integration.h"

namespace concordat::app {

/// A running connector and its own way out.
struct Instance {
    std::unique_ptr<GatewayHttp> way;
    std::unique_ptr<host::Connector> connector;
};

/// One system, ready to be called. Lives as long as its connectors.
class ConnectedSystem {
 public:
    /// Checks and describes the connector, checks settings against its schema and opens the gateway
    /// for it. `gateway` and `clock`, the hub's, must outlive it. Throws PluginError or
    /// ManifestError with one sentence.
    ConnectedSystem(const manifest::Integration& integration,
                    const Settings& settings,
                    gateway::Gateway& gateway,
                    sync::Clock& clock);

    const manifest::Integration& integration() const { return integration_; }
    const sdk::Description& description() const { return description_; }
    /// A new instance with a way out of its own; its process starts with its first call. [any]
    Instance start();
    /// How far the vendor's clock is ahead of the hub's. [any]
    std::int64_t skewMs() const { return skew_.ms(); }

 private:
    manifest::Integration integration_;
    gateway::Gateway& gateway_;
    sync::Clock& clock_;
    ConnectorSurroundings surroundings_;
    ClockSkew skew_;
    host::Library library_;
    sdk::Description description_;
    std::string settingsJson_;
    std::uint64_t memoryBytes_;
};

/// The program that a connector's process runs. Throws ConfigError if it is not there.
std::string connectorProgram();

/// The folder of connectors in force, and that of vocabularies: the setting, or where the program
/// was installed.
std::string pluginFolder(const Settings& settings);
std::string vocabularyFolder(const Settings& settings);

}  // namespace concordat::app
