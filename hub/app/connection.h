// SPDX-License-Identifier: Apache-2.0
#pragma once
// From an integration manifest and a connector's description to what gateway, connector and sync
// need.

#include <string>
#include <vector>

#include "hub/gateway/access.h"
#include "hub/manifest/integration.h"
#include "hub/sync/plan.h"
#include "sdk/concordat/messages.h"

namespace concordat::app {

/// Checks `connection.settings` and the names of its secrets against the connector's schema and
/// adds its defaults. Throws ManifestError that names the file and the member.
std::string settingsFor(const manifest::Integration& integration,
                        const sdk::Description& description);

/// What the gateway may do for this system. `settingsJson` is what settingsFor() gave. Throws
/// ManifestError.
gateway::SystemAccess accessFor(const manifest::Integration& integration,
                                const sdk::Description& description,
                                const std::string& settingsJson);

/// What sync does with it. Throws ManifestError if a slot is unknown or two ways of writing one key
/// meet.
sync::SystemPlan planFor(const manifest::Integration& integration,
                         const sdk::Description& description);

/// "{name}" of a template filled from the settings; placeholders with ':' ("{secret:…}",
/// "{token:…}") stay.
std::string filled(const std::string& text, const std::string& settingsJson);

}  // namespace concordat::app
