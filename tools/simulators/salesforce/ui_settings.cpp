// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/ui.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

const Field& fieldNamed(const std::string& object, const std::string& field) {
    const int at = findObject(object);
    const int index = at < 0 ? -1 : schema()[static_cast<std::size_t>(at)].find(field);
    if (index < 0) throw std::invalid_argument("there is no field " + object + "." + field);
    return schema()[static_cast<std::size_t>(at)].fields()[static_cast<std::size_t>(index)];
}

std::set<std::string> readFieldSet(const Json& value) {
    std::set<std::string> out;
    for (const auto& text : value) {
        const auto name = text.get<std::string>();
        const auto dot = name.find('.');
        fieldNamed(name.substr(0, dot), dot == std::string::npos ? "" : name.substr(dot + 1));
        out.insert(name);
    }
    return out;
}

std::optional<OrgRules::Flow> readFlow(const Json& value) {
    if (value.is_null()) return std::nullopt;
    OrgRules::Flow flow{value.at("object"), value.at("when"), value.at("then"),
                        value.value("invert", false)};
    fieldNamed(flow.object, flow.when);
    fieldNamed(flow.object, flow.then);
    return flow;
}

std::optional<OrgRules::Validation> readValidation(const Json& value) {
    if (value.is_null()) return std::nullopt;
    OrgRules::Validation rule{value.at("object"), value.at("field"),
                              value.value("message", "This field must not be changed here.")};
    fieldNamed(rule.object, rule.field);
    return rule;
}

std::string readDuplicateRule(const Json& value) {
    const auto rule = value.get<std::string>();
    if (rule != "off" && rule != "alert" && rule != "block") {
        throw std::invalid_argument("duplicate_rule must be off, alert or block");
    }
    return rule;
}

}  // namespace

bool Ui::set(const std::string& name, const Json& value) {
    const std::unique_lock lock(org_.mutex);
    auto& rules = org_.rules;
    if (name == "hidden_fields") return rules.hidden = readFieldSet(value), true;
    if (name == "read_only_fields") return rules.read_only = readFieldSet(value), true;
    if (name == "duplicate_rule") return rules.duplicate_rule = readDuplicateRule(value), true;
    if (name == "flow") return rules.flow = readFlow(value), true;
    if (name == "validation") return rules.validation = readValidation(value), true;
    if (name == "login_host") return org_.login_host = value.get<bool>(), true;
    if (name == "bulk_batches") return org_.bulk_batches = value.get<std::int64_t>(), true;
    if (name == "bulk_polls") return org_.bulk_polls = value.get<int>(), true;
    if (name == "short_pages") return org_.short_pages = value.get<int>(), true;
    if (name == "locator_lifetime_s") return org_.locator_lifetime_s = value.get<int>(), true;
    if (name == "api_usage") return org_.usage = value.get<std::int64_t>(), true;
    return false;
}

Json Ui::settings() {
    const std::shared_lock lock(org_.mutex);
    const auto& rules = org_.rules;
    Json out = {{"hidden_fields", rules.hidden},
                {"read_only_fields", rules.read_only},
                {"duplicate_rule", rules.duplicate_rule},
                {"flow", nullptr},
                {"validation", nullptr},
                {"login_host", org_.login_host.load()},
                {"bulk_batches", org_.bulk_batches.load()},
                {"bulk_polls", org_.bulk_polls.load()},
                {"short_pages", org_.short_pages.load()},
                {"locator_lifetime_s", org_.locator_lifetime_s.load()},
                {"api_usage", org_.usage.load()},
                {"notes_clients", true}};
    if (const auto& flow = rules.flow) {
        out["flow"] = {{"object", flow->object},
                       {"when", flow->when},
                       {"then", flow->then},
                       {"invert", flow->invert}};
    }
    if (const auto& rule = rules.validation) {
        out["validation"] = {
            {"object", rule->object}, {"field", rule->field}, {"message", rule->message}};
    }
    return out;
}

}  // namespace concordat::simulators::salesforce
