// SPDX-License-Identifier: Apache-2.0
// `concordat check`: settings and manifests first, then every system is asked.
#include <iostream>

#include <nlohmann/json.hpp>

#include "hub/app/commands.h"
#include "hub/app/connectors.h"
#include "hub/app/hub.h"
#include "hub/app/terminal.h"
#include "hub/consent/error.h"

namespace concordat::app {

namespace {

using Json = nlohmann::json;

const char* nameOf(sdk::ProbeState state) {
    return state == sdk::ProbeState::Pass   ? "pass"
           : state == sdk::ProbeState::Warn ? "warn"
                                            : "fail";
}

/// The probes of one system; a system that cannot be asked is one failed probe.
sdk::Check ask(const manifest::Integration& integration,
               const Settings& settings,
               gateway::Gateway& gateway) {
    try {
        MachineClock clock;
        ConnectedSystem system(integration, settings, gateway, clock);
        return system.start().connector->check({});
    } catch (const Error& error) {
        sdk::Check failed;
        failed.probes.push_back({"connector", sdk::ProbeState::Fail, error.message(), ""});
        return failed;
    }
}

Json jsonOf(const std::string& system, const sdk::Check& check) {
    Json probes = Json::array();
    for (const sdk::Probe& probe : check.probes)
        probes.push_back({{"name", probe.name},
                          {"state", nameOf(probe.state)},
                          {"message", probe.message},
                          {"fix", probe.fix}});
    return {{"system", system},
            {"tenant", {{"id", check.tenantId}, {"name", check.tenantName}}},
            {"probes", probes}};
}

void addRows(std::vector<std::vector<std::string>>& rows,
             const std::string& system,
             const sdk::Check& check) {
    for (const sdk::Probe& probe : check.probes)
        rows.push_back({system, probe.name, nameOf(probe.state),
                        probe.message + (probe.fix.empty() ? "" : " → " + probe.fix)});
    if (!check.tenantId.empty())
        rows.push_back({system, "account", "pass", check.tenantName + " (" + check.tenantId + ")"});
}

bool hasFailed(const sdk::Check& check) {
    for (const sdk::Probe& probe : check.probes)
        if (probe.state == sdk::ProbeState::Fail) return true;
    return false;
}

}  // namespace

Exit check(const CommandLine& line, const CheckOptions& options) {
    const Settings settings = loadSettings(line.config, line.flags);
    const manifest::Manifests manifests = loadManifests(settings);
    if (options.offline) {
        std::cout << (line.json ? "{\"items\":[]}" : "Settings and manifests are sound.") << '\n';
        return Exit::Ok;
    }
    gateway::Gateway gateway;
    Json items = Json::array();
    std::vector<std::vector<std::string>> rows;
    bool failed = false;
    bool asked = false;
    ProgressBar bar("Asking", !line.json);
    for (const manifest::Integration& integration : manifests.integrations) {
        if (!options.system.empty() && integration.system != options.system) continue;
        bar.show(-1, integration.system);
        const sdk::Check result = ask(integration, settings, gateway);
        failed = failed || hasFailed(result);
        asked = true;
        items.push_back(jsonOf(integration.system, result));
        addRows(rows, integration.system, result);
    }
    if (!asked && !options.system.empty())
        throw ConfigError("no system is called '" + options.system + "'");
    bar.show(1, "");
    if (line.json)
        std::cout << Json{{"items", items}}.dump(2) << '\n';
    else
        printTable({"SYSTEM", "PROBE", "STATE", "MESSAGE"}, rows);
    return failed ? Exit::Problems : Exit::Ok;
}

}  // namespace concordat::app
