// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/fields_in.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/times.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuseType(const Field& field, const Json& json) {
    const char* token = json.is_string()    ? "VALUE_STRING"
                        : json.is_boolean() ? "VALUE_TRUE"
                        : json.is_object()  ? "START_OBJECT"
                        : json.is_array()   ? "START_ARRAY"
                                            : "VALUE_NUMBER";
    throw ApiError(400, "JSON_PARSER_ERROR",
                   "Cannot deserialize instance of " + field.type + " from " + token + " value " +
                       (json.is_structured() ? "" : json.dump()) +
                       " or request may be missing a required field at [line:1, column:1]");
}

std::string trimmed(std::string text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == std::string::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

bool looksLikeEmail(const std::string& text) {
    const auto at = text.find('@');
    if (at == std::string::npos || at == 0 || text.find('@', at + 1) != std::string::npos) {
        return false;
    }
    const auto domain = text.substr(at + 1);
    const auto dot = domain.rfind('.');
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c > 32; });
    return ascii && dot != std::string::npos && dot > 0 && dot + 1 < domain.size() &&
           domain.find("..") == std::string::npos &&
           text.find_first_of("<>(),;:\"[]") == std::string::npos;
}

Value readEmail(const Field& field, const std::string& text) {
    if (!looksLikeEmail(text)) {
        throw ApiError(400, "INVALID_EMAIL_ADDRESS",
                       field.name + ": invalid email address: " + text, {field.name});
    }
    return lowerText(text);
}

Value readReference(const Field& field, const std::string& text) {
    const auto id = fullId(text);
    const int object = id ? findPrefix(*id) : -1;
    const auto& targets = field.refersTo;
    const bool fits = object >= 0 &&
                      std::find(targets.begin(), targets.end(),
                                schema()[static_cast<std::size_t>(object)].name()) != targets.end();
    if (!fits) {
        throw ApiError(400, "MALFORMED_ID", field.name + ": id value of incorrect type: " + text,
                       {field.name});
    }
    return *id;
}

Value readText(const Field& field, std::string text) {
    text = trimmed(std::move(text));
    if (text.empty()) return {};
    if (field.kind == Kind::reference) return readReference(field, text);
    if (field.kind == Kind::email) return readEmail(field, text);
    if (field.length > 0 && characters(text) > field.length) {
        throw ApiError(400, "STRING_TOO_LONG",
                       field.name + ": data value too large: " + text.substr(0, 80) +
                           " (max length=" + std::to_string(field.length) + ")",
                       {field.name});
    }
    const auto& choices = field.picklist;
    if (field.restricted && !choices.empty() &&
        std::find(choices.begin(), choices.end(), text) == choices.end()) {
        throw ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                       field.name + ": bad value for restricted picklist field: " + text,
                       {field.name});
    }
    return text;
}

Value readNull(const Field& field) {
    if (field.kind == Kind::boolean) {
        throw ApiError(400, "INVALID_TYPE_ON_FIELD_IN_RECORD",
                       field.name + ": value not of required type: ", {field.name});
    }
    if (field.restricted && !field.nillable) {
        throw ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                       field.name + ": bad value for restricted picklist field: null",
                       {field.name});
    }
    return {};
}

const Field& writableField(const Org& org,
                           const ObjectType& type,
                           const std::string& name,
                           bool creating) {
    const int index = type.find(name);
    if (index < 0 || !org.visible(type, type.fields()[static_cast<std::size_t>(index)])) {
        throw ApiError(400, "INVALID_FIELD",
                       "No such column '" + name + "' on sobject of type " + type.name());
    }
    const auto& field = type.fields()[static_cast<std::size_t>(index)];
    if (!(creating ? field.createable : field.updateable) || !org.writable(type, field)) {
        throw ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE",
                       "Unable to create/update fields: " + field.name +
                           ". Please check the security settings of this field and verify that it "
                           "is read/write for your profile or permission set.",
                       {field.name});
    }
    return field;
}

}  // namespace

Value readFieldValue(const Field& field, const nlohmann::json& json) {
    if (json.is_null()) return readNull(field);
    switch (field.kind) {
        case Kind::boolean:
            if (!json.is_boolean()) refuseType(field, json);
            return json.get<bool>();
        case Kind::integer:
            if (!json.is_number_integer()) refuseType(field, json);
            return json.get<double>();
        case Kind::number:
            if (!json.is_number()) refuseType(field, json);
            return json.get<double>();
        case Kind::dateTime: {
            const auto at = json.is_string() ? readTime(json.get<std::string>()) : std::nullopt;
            if (!at) refuseType(field, json);
            return Instant{floorTo(*at, 1000)};
        }
        case Kind::date:
            if (!json.is_string() || !isDate(json.get<std::string>())) refuseType(field, json);
            return json.get<std::string>();
        default:
            if (!json.is_string()) refuseType(field, json);
            return readText(field, json.get<std::string>());
    }
}

std::vector<Assignment> readFields(const Org& org,
                                   const ObjectType& type,
                                   const nlohmann::json& record,
                                   bool creating,
                                   std::string_view skip) {
    std::vector<Assignment> out;
    for (const auto& [name, value] : record.items()) {
        if (name == "attributes" || (!skip.empty() && sameText(name, skip))) continue;
        if (sameText(name, "Id")) {
            throw ApiError(400, "INVALID_FIELD",
                           "The Id field should not be specified in the sobject data.", {"Id"});
        }
        const auto& field = writableField(org, type, name, creating);
        out.push_back({type.at(field.name), readFieldValue(field, value)});
    }
    return out;
}

nlohmann::json cellToJson(const Field& field, const std::string& cell) {
    if (cell == "#N/A") return nullptr;
    if (field.kind == Kind::boolean) {
        if (sameText(cell, "true") || cell == "1") return true;
        if (sameText(cell, "false") || cell == "0") return false;
        return cell;
    }
    if (field.kind == Kind::integer || field.kind == Kind::number) {
        const auto number = Json::parse(cell, nullptr, false);
        return number.is_discarded() ? Json(cell) : number;
    }
    return cell;
}

}  // namespace concordat::simulators::salesforce
