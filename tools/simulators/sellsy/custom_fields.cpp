// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/custom_fields.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/stage/paris_time.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

json definition(int id, const char* type, const char* code, const char* name, json items) {
    return {{"id", id},
            {"code", code},
            {"name", name},
            {"type", type},
            {"parameters", {{"items", std::move(items)}}},
            {"mandatory", false},
            {"rank", id},
            {"related_objects", {"people", "third"}},
            {"customfield_group", nullptr},
            {"show_on_pdf", false}};
}

bool fits(const json& definition, const json& value) {
    const std::string type = definition["type"].get<std::string>();
    if (value.is_null()) return true;
    if (type == "boolean") return value.is_boolean();
    if (type == "simple-text") return value.is_string();
    if (type == "date") {
        return value.is_string() && value.get<std::string>().size() == 10 &&
               paris::parseIso(value.get<std::string>());
    }
    const json& items = definition["parameters"]["items"];
    return std::any_of(items.begin(), items.end(),
                       [&](const json& item) { return item["id"] == value; });
}

const json* find(std::int64_t id) {
    for (const json& one : customFieldDefinitions()) {
        if (one["id"] == id) return &one;
    }
    return nullptr;
}

}  // namespace

const json& customFieldDefinitions() {
    static const json definitions = json::array(
        {definition(1, "date", "date-consentement", "Date du consentement", json::array()),
         definition(2, "simple-text", "source-consentement", "Source du consentement",
                    json::array()),
         definition(3, "radio", "newsletter", "Newsletter",
                    json::array({{{"id", 31}, {"label", "Oui"}, {"checked", false}, {"rank", 1}},
                                 {{"id", 32}, {"label", "Non"}, {"checked", false}, {"rank", 2}}})),
         definition(4, "boolean", "opposition", "Opposition à la prospection", json::array())});
    return definitions;
}

void checkCustomValue(std::int64_t id, const json& value) {
    const json* one = find(id);
    if (!one) throw badField("id", "Champ personnalisé inconnu.");
    if (!fits(*one, value)) throw badField("value", "Valeur invalide pour ce champ.");
}

json embeddedCustomField(const Party& party, std::int64_t id) {
    const json* one = find(id);
    if (!one) return nullptr;
    json out = *one;
    const json values = fieldValue(party, "custom_fields");
    const std::string key = std::to_string(id);
    out["value"] = values.is_object() ? values.value(key, json()) : json();
    return out;
}

}  // namespace concordat::simulators::sellsy
