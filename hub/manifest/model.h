// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything the map is made of, as plain values.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/organisation.h"
#include "hub/manifest/system.h"
#include "hub/manifest/vendor.h"
#include "hub/manifest/vocabularies.h"

namespace concordat::manifest {

/// Units are named kind/id: organisation/NAME, activity/ID, party/ID, integration/ID, connector/ID,
/// inventory/SYSTEM.
struct Model {
    std::vector<std::string> files;  ///< by Position::file; 0 is ""
    Company organisation;
    std::vector<Activity> activities;
    std::vector<Party> parties;  ///< shipped and own, each id once
    std::vector<Engagement>
        engagements;  ///< those of party manifests; others stand in systems and connectors
    std::vector<System> systems;  ///< connected or not; without the hub's own
    std::optional<System> hub;
    std::vector<ConnectorManifest> connectors;
    std::vector<Inventory> inventories;

    const Party* party(const std::string& id) const;
    const System* system(const std::string& id) const;
    const Activity* activity(const std::string& id) const;
    const ConnectorManifest* connector(const std::string& id) const;
    const Controller* controller(const std::string& id) const;
    /// The controllers of a controller or scope; none if there is no such.
    std::vector<std::string> controllersOf(const std::string& scope) const;
    /// "file:line:column", or the file alone.
    std::string where(const Position& at) const;
};

/// Whose law an exporter established in `country` is subject to, if the manifest does not say.
ExporterLaw lawOf(const std::string& country, const Vocabularies& vocabularies);

/// RFC 8785 JSON of one unit without what D11 only records; lists are sorted. `unit` as in Model.
/// Empty if there is no such unit.
std::string canonical(const Model& model, const std::string& unit);
/// SHA-256 of the canonical form of every unit that a signature covers, by unit, in hex.
std::map<std::string, std::string> unitHashes(const Model& model);
/// SHA-256 over the sorted units and their hashes, in hex.
std::string mapHash(const Model& model);

}  // namespace concordat::manifest
