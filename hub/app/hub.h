// SPDX-License-Identifier: Apache-2.0
#pragma once
// A whole hub in one process: the one place where concrete classes are built and handed to each
// other.

#include <memory>
#include <string>
#include <vector>

#include "hub/app/client.h"
#include "hub/app/settings.h"
#include "hub/manifest/manifests.h"

namespace concordat::app {

struct HubOptions {
    bool lanes = true;       ///< read and write on its own; false: only on request
    bool temporary = false;  ///< for one command: any free port, no webhooks, no address file
};

/// Ready when constructed: store open, connectors described, API listening. Throws the Error that
/// says why not. [main] Stops in reverse order when destroyed.
class Hub {
 public:
    Hub(const Settings& settings, const manifest::Manifests& manifests, const HubOptions& options);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    HubAddress address() const;
    std::uint16_t webhookPort() const;
    /// The administrator's password if this start made it; else empty. Shown once.
    const std::string& firstPassword() const;
    /// Sentences for whoever starts it: isolation switched off, recovery, systems that are not open
    /// yet.
    const std::vector<std::string>& remarks() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Reads settings and manifests as `serve` does; throws ConfigError or ManifestError listing every
/// problem.
Settings loadSettings(const std::string& config, const std::map<std::string, std::string>& flags);
manifest::Manifests loadManifests(const Settings& settings);

/// Where the running hub of this configuration answers; nothing if none runs.
std::unique_ptr<Client> runningHub(const Settings& settings);

}  // namespace concordat::app
