// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the API is handed: options, facts and functions over the rooms it may not include.

#include <map>
#include <string>

#include "hub/api/api.h"
#include "hub/app/settings.h"
#include "hub/app/systems.h"

namespace concordat::app {

api::ApiOptions apiOptions(const Settings& settings, bool temporary);

/// Borrowed by the functions inside; all outlive the API.
struct ServiceParts {
    const Settings& settings;
    Systems& systems;
    gateway::Gateway& gateway;
    StoredTokens& tokens;
    bool lanes = true;
};

api::Services servicesFor(const ServiceParts& parts);

/// Posts an alert's JSON to alerts.webhook through the gateway; empty if none is set.
std::function<bool(const std::string& body)> alertPoster(const Settings& settings,
                                                         gateway::Gateway& gateway);

/// The webhooks of every system that has a signing secret and a connector that describes them.
std::map<std::string, api::Hook> hooksFor(const Systems& systems);

}  // namespace concordat::app
