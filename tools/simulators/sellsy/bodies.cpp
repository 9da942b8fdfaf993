// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/bodies.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "tools/simulators/stage/paris_time.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

bool isOneOf(const json& value, std::initializer_list<std::string_view> words) {
    return value.is_string() && std::find(words.begin(), words.end(),
                                          value.get_ref<const std::string&>()) != words.end();
}

std::size_t maxLength(const std::string& field) {
    if (field == "name" || field == "email") return 250;
    if (field == "note") return 65535;
    if (field.find("_number") != std::string::npos) return 50;
    return 200;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

void checkText(const std::string& field, const json& value) {
    if (value.is_null()) return;
    if (!value.is_string()) throw badField(field, "Ce champ doit être une chaîne.");
    const auto& text = value.get_ref<const std::string&>();
    if (characters(text) > maxLength(field)) throw badField(field, "Ce champ est trop long.");
    if (field == "email" && !text.empty() && text.find('@') == std::string::npos) {
        throw badField(field, "Adresse e-mail invalide.");
    }
}

void checkChannels(const std::string& field, const json& value) {
    if (!value.is_array()) throw badField(field, "Ce champ doit être un tableau.");
    std::set<std::string> seen;
    for (const auto& one : value) {
        const bool known =
            one.is_string() && std::find(kChannels.begin(), kChannels.end(),
                                         one.get_ref<const std::string&>()) != kChannels.end();
        if (!known) throw badField(field, "Valeur inconnue.");
        if (!seen.insert(one.get<std::string>()).second) {
            throw badField(field, "Les valeurs doivent être uniques.");
        }
    }
}

void checkSync(const std::string& field, const json& value) {
    if (!value.is_object()) throw badField(field, "Ce champ doit être un objet.");
    for (const auto& [name, on] : value.items()) {
        const bool known =
            std::find(kSyncTargets.begin(), kSyncTargets.end(), name) != kSyncTargets.end();
        if (!known || !on.is_boolean()) throw badField(field + "." + name, "Valeur invalide.");
    }
}

void checkWhole(const std::string& field, const json& value) {
    if (!value.is_null() && !value.is_number_integer()) {
        throw badField(field, "Ce champ doit être un entier.");
    }
}

bool isWhole(const std::string& field) {
    return field == "business_segment" || field == "number_of_employees" ||
           (field.size() > 3 && field.compare(field.size() - 3, 3, "_id") == 0);
}

bool isObject(const std::string& field) { return field == "social" || field == "legal_france"; }

void checkField(const std::string& field, const json& value) {
    if (field == "marketing_campaigns_subscriptions") return checkChannels(field, value);
    if (field == "sync") return checkSync(field, value);
    if (field == "is_archived") {
        if (!value.is_boolean()) throw badField(field, "Ce champ doit être un booléen.");
    } else if (field == "civility") {
        if (!value.is_null() && !isOneOf(value, {"mr", "mrs", "ms"})) {
            throw badField(field, "Valeur inconnue.");
        }
    } else if (field == "type") {
        if (!isOneOf(value, {"prospect", "client", "supplier"})) {
            throw badField(field, "Valeur inconnue.");
        }
    } else if (isWhole(field)) {
        checkWhole(field, value);
    } else if (isObject(field)) {
        if (!value.is_null() && !value.is_object()) throw badField(field, "Objet attendu.");
    } else if (field == "birth_date") {
        if (!value.is_null() && !(value.is_string() && paris::parseIso(value.get<std::string>()))) {
            throw badField(field, "Date invalide.");
        }
    } else {
        checkText(field, value);
    }
}

void checkRequired(const json& body, const std::string& field) {
    const auto found = body.find(field);
    const bool there =
        found != body.end() && found->is_string() && !found->get<std::string>().empty();
    if (there) return;
    throw Problem(400,
                  "Le contenu de la requête est invalide: le champ '" + field + "' est manquant.",
                  {{field, "Ce champ est manquant"}});
}

}  // namespace

json jsonBody(const Request& request) {
    json body = json::parse(request.body, nullptr, false);
    if (!body.is_structured()) {
        throw Problem(400, "Le contenu de la requête est invalide: JSON attendu.");
    }
    return body;
}

void checkBody(Kind kind, const json& body, bool creating) {
    if (!body.is_object()) throw Problem(400, "Le contenu de la requête est invalide.");
    const std::string nameField = kind == Kind::Company ? "name" : "last_name";
    if (creating) {
        checkRequired(body, nameField);
        if (kind != Kind::Contact) checkRequired(body, "type");
    }
    for (const auto& [field, value] : body.items()) {
        if (!isWritable(kind, field)) throw badField(field, "Ce champ n'a pas été prévu.");
        if (field == nameField) checkRequired(body, nameField);
        checkField(field, value);
    }
}

}  // namespace concordat::simulators::sellsy
