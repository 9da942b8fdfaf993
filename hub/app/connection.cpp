// SPDX-License-Identifier: Apache-2.0
#include "hub/app/connection.h"

#include <algorithm>
#include <set>

#include <Poco/URI.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "hub/app/settings.h"
#include "hub/consent/error.h"

namespace concordat::app {

namespace {

using Json = nlohmann::json;
using manifest::Integration;

[[noreturn]] void refuse(const Integration& integration, const std::string& message) {
    throw ManifestError(integration.file + ": " + message);
}

bool isSecret(const Json& property) {
    return property.is_object() && property.value("secret", false);
}

void addDefaults(Json& settings, const Json& properties) {
    for (const auto& [name, property] : properties.items())
        if (!settings.contains(name) && property.contains("default"))
            settings[name] = property["default"];
}

std::string firstProblem(const Json& schema, const Json& settings) {
    valijson::Schema compiled;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(settings), &results))
        return "";
    valijson::ValidationResults::Error error;
    std::string deepest;
    while (results.popError(error)) {
        std::string place;
        for (const std::string& part : error.context) place += part == "<root>" ? "" : part;
        if (deepest.empty() || !place.empty())
            deepest = (place.empty() ? "" : place + ": ") + error.description;
    }
    return deepest;
}

/// "host[:port]" of a rule that may be written as a whole address.
std::string authorityOf(const std::string& host) {
    const auto scheme = host.find("://");
    if (scheme == std::string::npos) return host;
    return Poco::URI(host).getAuthority();
}

std::vector<gateway::HostRule> declaredHosts(const sdk::Description& description,
                                             const std::string& settingsJson) {
    std::vector<gateway::HostRule> rules;
    for (const sdk::HostRule& rule : description.hosts) {
        const std::string host = authorityOf(filled(rule.host, settingsJson));
        std::vector<std::string> paths;
        for (const std::string& path : rule.paths) paths.push_back(filled(path, settingsJson));
        rules.push_back({host, rule.methods, paths, rule.bodySecrets});
    }
    return rules;
}

/// The manifest's hosts narrow what the connector declares; without any, the declared ones count.
std::vector<gateway::HostRule> narrowed(std::vector<gateway::HostRule> rules,
                                        const Integration& integration) {
    const auto& wanted = integration.connection.hosts;
    if (wanted.empty()) return rules;
    for (const std::string& host : wanted)
        if (std::none_of(rules.begin(), rules.end(),
                         [&](const auto& rule) { return rule.host == host; }))
            refuse(integration,
                   "connection.hosts: the connector does not use '" + host + "': see its README");
    std::erase_if(rules, [&](const gateway::HostRule& rule) {
        return std::find(wanted.begin(), wanted.end(), rule.host) == wanted.end();
    });
    return rules;
}

gateway::AuthSettings authFor(const Integration& integration,
                              const sdk::Description& description,
                              const std::string& settingsJson) {
    const std::string& wanted = integration.connection.auth;
    if (description.auth.empty()) return {};
    const auto found =
        wanted.empty()
            ? description.auth.begin()
            : std::find_if(description.auth.begin(), description.auth.end(),
                           [&](const sdk::AuthTemplate& one) { return one.kind == wanted; });
    if (found == description.auth.end()) {
        std::string kinds;
        for (const sdk::AuthTemplate& one : description.auth) kinds += " " + one.kind;
        refuse(integration, "connection.auth '" + wanted + "' is not a way the connector " +
                                description.id + " signs in; it has:" + kinds);
    }
    return {found->kind, filled(found->parametersJson, settingsJson)};
}

gateway::SecretSource secretsOf(const Integration& integration) {
    return [secrets = integration.connection.secrets,
            file = integration.file](std::string_view name) -> std::optional<std::string> {
        const auto found = secrets.find(std::string(name));
        if (found == secrets.end()) return std::nullopt;
        try {
            return resolveSecret(found->second, file + ": the secret " + found->first);
        } catch (const ConfigError& error) {
            // The one kind of error whose words the gateway repeats.
            throw gateway::AccessError(error.message());
        }
    };
}

consent::SlotRules rulesFor(const Integration& integration,
                            const manifest::SlotMapping& mapping,
                            const sdk::SlotDescription& slot) {
    consent::SlotRules rules;
    rules.slot = slot;
    rules.scope = integration.controller;
    rules.purposes = mapping.purposes.empty() ? slot.purposes : mapping.purposes;
    rules.channels = mapping.channels.empty() ? slot.channels : mapping.channels;
    if (rules.purposes.empty() || rules.channels.empty())
        throw ManifestError(integration.file + ":" + std::to_string(mapping.line) + ":" +
                            std::to_string(mapping.column) + ": the slot '" + mapping.slot +
                            "' needs purposes and channels: the connector cannot know them");
    rules.absence = mapping.absence == "refusal"   ? consent::Absence::Refusal
                    : mapping.absence == "unknown" ? consent::Absence::Unknown
                                                   : consent::Absence::Keep;
    const manifest::Policies& policies = integration.policies;
    rules.grants = policies.grants == "never" ? consent::Grants::Never : consent::Grants::Declared;
    rules.trustedSlot = mapping.trusted;
    rules.trustedActors = {policies.trustedActors.begin(), policies.trustedActors.end()};
    rules.evidenceSources = {policies.evidenceSources.begin(), policies.evidenceSources.end()};
    rules.directDoubleOptIn = policies.directDoubleOptIn;
    return rules;
}

const sdk::SlotDescription& slotOf(const Integration& integration,
                                   const manifest::SlotMapping& mapping,
                                   const sdk::Description& description) {
    std::vector<std::string> ids;
    for (const sdk::SlotDescription& slot : description.slots) {
        if (slot.id == mapping.slot) return slot;
        ids.push_back(slot.id);
    }
    const auto near = manifest::nearest(mapping.slot, ids);
    throw ManifestError(integration.file + ":" + std::to_string(mapping.line) + ":" +
                        std::to_string(mapping.column) + ": the connector " + description.id +
                        " has no slot '" + mapping.slot + "'" +
                        (near ? ": did you mean '" + *near + "'?" : ""));
}

/// The connector's own limits, or those of this company's contract.
std::vector<gateway::LimitPool> poolsOf(const Integration& integration,
                                        const sdk::Description& description) {
    std::vector<gateway::LimitPool> pools;
    std::string names;
    for (const sdk::LimitPool& pool : description.limits) {
        pools.push_back({pool.name, pool.perSecond, pool.perDay, pool.concurrency,
                         pool.remainingHeader, pool.usageHeader});
        names += " " + pool.name;
    }
    for (const manifest::PoolLimit& own : integration.connection.limits) {
        const auto pool = std::find_if(pools.begin(), pools.end(),
                                       [&](const auto& one) { return one.name == own.pool; });
        if (pool == pools.end())
            refuse(integration, "connection.limits: the connector " + description.id +
                                    " counts nothing as '" + own.pool + "'; it has:" + names);
        if (own.perSecond >= 0) pool->perSecond = own.perSecond;
        if (own.perDay >= 0) pool->perDay = own.perDay;
        if (own.concurrency > 0) pool->concurrency = own.concurrency;
    }
    return pools;
}

}  // namespace

std::string filled(const std::string& text, const std::string& settingsJson) {
    const Json settings = Json::parse(settingsJson);
    std::string all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) return all + text.substr(at);
        const auto setting = settings.find(text.substr(open + 1, close - open - 1));
        if (setting == settings.end() || setting->is_structured()) {
            all += text.substr(at, open + 1 - at);
            at = open + 1;
            continue;
        }
        all += text.substr(at, open - at) +
               (setting->is_string() ? setting->get<std::string>() : setting->dump());
        at = close + 1;
    }
    return all;
}

std::string settingsFor(const Integration& integration, const sdk::Description& description) {
    const Json schema = Json::parse(description.settingsSchemaJson);
    Json settings = Json::parse(integration.connection.settingsJson);
    if (!settings.is_object()) refuse(integration, "connection.settings must be names with values");
    Json checked = settings;
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
        if (isSecret(property) && settings.contains(name))
            refuse(integration, "'" + name +
                                    "' is a secret: put a reference (env:NAME or file:/path) under "
                                    "connection.secrets instead");
        if (integration.connection.secrets.contains(name)) checked[name] = "{secret:" + name + "}";
    }
    const std::string problem = firstProblem(schema, checked);
    if (!problem.empty()) refuse(integration, "connection.settings: " + problem);
    for (const auto& [name, reference] : integration.connection.secrets)
        if (properties.contains(name) && !isSecret(properties[name]))
            settings[name] = resolveSecret(reference, integration.file + ": " + name);
    addDefaults(settings, properties);
    return settings.dump();
}

gateway::SystemAccess accessFor(const Integration& integration,
                                const sdk::Description& description,
                                const std::string& settingsJson) {
    gateway::SystemAccess access;
    access.system = integration.system;
    access.hosts = narrowed(declaredHosts(description, settingsJson), integration);
    access.internal = integration.connection.internal;
    access.auth = authFor(integration, description, settingsJson);
    access.secrets = secretsOf(integration);
    access.pools = poolsOf(integration, description);
    access.caFile = integration.connection.caFile;
    return access;
}

sync::SystemPlan planFor(const Integration& integration, const sdk::Description& description) {
    sync::SystemPlan plan;
    plan.name = integration.system;
    plan.scope = integration.controller;
    plan.region = integration.region;
    plan.connectorVersion = description.id + " " + description.version;
    for (const manifest::SlotMapping& mapping : integration.slots)
        plan.slots.push_back(
            rulesFor(integration, mapping, slotOf(integration, mapping, description)));
    plan.readBatch = std::max(description.readBatch, 1);
    plan.applyBatch = std::max(description.applyBatch, 1);
    plan.commitDelayMs = description.commitDelayMs;
    plan.conditionalWrites = description.conditionalWrites;
    plan.pollIntervalMs = integration.policies.pollIntervalMs;
    plan.caps.percent = static_cast<int>(integration.policies.capShare * 100.0 + 0.5);
    plan.caps.count = static_cast<int>(integration.policies.capCount);
    plan.notes = integration.policies.notes;
    plan.tenantPin = integration.policies.tenant;
    return plan;
}

}  // namespace concordat::app
