// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "sdk/conformance/checks.h"

namespace concordat::sdk::conformance {
namespace {

/// A value of another type than the schema's property wants.
nlohmann::json wrongFor(const nlohmann::json& property) {
    const auto type = property.value("type", "");
    if (type == "string") return 7;
    if (type == "boolean") return "perhaps";
    return type == "object" || type == "array" ? nlohmann::json("none") : nlohmann::json::object();
}

bool isPlain(const std::string& id) {
    const auto isGood = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    };
    return !id.empty() && std::all_of(id.begin(), id.end(), isGood);
}

}  // namespace

void describesItself(const Scenario& scenario) {
    const auto description = describe(scenario);
    require(isPlain(description.id), "the id is not lower case letters, digits, '_', '.', '-'");
    require(!description.name.empty() && !description.version.empty(), "name or version is empty");
    const auto schema = nlohmann::json::parse(description.settingsSchemaJson);
    require(schema.is_object(), "the settings schema is not a JSON object");
    require(!description.identifiers.empty(),
            "it names no identifiers, so no person can be matched");
}

void describesItsSlots(const Scenario& scenario) {
    const auto description = describe(scenario);
    require(!description.slots.empty(), "it has no slots, so it can hold no choice");
    std::set<std::string> seen;
    for (const auto& slot : description.slots) {
        require(isPlain(slot.id), "the slot id '" + slot.id + "' is not plain lower case");
        require(seen.insert(slot.id).second, "the slot id '" + slot.id + "' is there twice");
        require(!slot.object.empty() && !slot.field.empty() && !slot.channels.empty(),
                "the slot '" + slot.id + "' lacks object, field or channels");
        require(slot.showsPermit != slot.showsDeny,
                "the slot '" + slot.id + "' shows the same for permit and deny");
    }
}

void namesItsHosts(const Scenario& scenario) {
    const auto description = describe(scenario);
    require(!description.hosts.empty(), "it names no hosts, so the gateway lets nothing through");
    for (const auto& rule : description.hosts) {
        require(rule.host != "*" && rule.host.find("://") == std::string::npos,
                "the host '" + rule.host + "' is not one exact name");
        require(!rule.methods.empty() && !rule.paths.empty() && !rule.why.empty(),
                "the rule of host '" + rule.host + "' lacks methods, paths or a reason");
    }
    require(!description.auth.empty(),
            "it names no way to sign in; use kind \"none\" if there is none");
}

void namesTheWrongSetting(const Scenario& scenario) {
    const auto schema = nlohmann::json::parse(describe(scenario).settingsSchemaJson);
    const auto properties = schema.find("properties");
    if (properties == schema.end()) return;
    for (const auto& [name, property] : properties->items()) {
        if (!property.is_object() || !property.contains("type")) continue;
        auto settings = nlohmann::json::parse(scenario.settingsJson);
        settings[name] = wrongFor(property);
        try {
            // What it does not read itself, such as a secret, it cannot complain about.
            Caller(scenario, settings.dump()).tryAsk<Check>(method::kCheck, Nothing{});
        } catch (const Problem& problem) {
            require(std::string(problem.what()).find(name) != std::string::npos,
                    "with a wrong '" + name +
                        "' the error does not name that setting: " + problem.what());
        }
    }
}

}  // namespace concordat::sdk::conformance
