// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/shape.h"

#include <algorithm>

#include "plugins/salesforce/replies.h"

namespace concordat::plugins::salesforce {
namespace {

constexpr const char* kPersonFields[] = {
    "Email",           "Phone",       "MobilePhone",       "IndividualId",
    "IsPersonAccount", "IsConverted", "ConvertedContactId"};
constexpr const char* kConsentFields[] = {
    "Name",        "PartyId",         "ContactPointType",         "PrivacyConsentStatus",
    "CaptureDate", "CaptureSource",   "DoubleConsentCaptureDate", "EffectiveFrom",
    "EffectiveTo", "DataUsePurposeId"};

bool isTrue(const nlohmann::json& value) { return value.is_boolean() && value.get<bool>(); }

}  // namespace

Shape shapeOf(const nlohmann::json& body, sdk::EpochMs readAt) {
    Shape shape;
    shape.readAt = readAt;
    shape.createable = isTrue(member(body, "createable"));
    shape.replicateable = isTrue(member(body, "replicateable"));
    const auto& fields = member(body, "fields");
    if (!fields.is_array()) return shape;
    for (const auto& row : fields) {
        const std::string name = textOf(member(row, "name"));
        if (name.empty()) continue;
        auto& field = shape.fields[name];
        field.label = textOf(member(row, "label"));
        field.type = textOf(member(row, "type"));
        field.updateable = isTrue(member(row, "updateable"));
        const auto& values = member(row, "picklistValues");
        if (values.is_array())
            for (const auto& value : values) field.values.push_back(textOf(member(value, "value")));
    }
    return shape;
}

std::vector<std::string> fieldsOf(const Kind& kind, const Shape& shape, const Settings& settings) {
    std::vector<std::string> fields = {"Id", "SystemModstamp"};
    const auto add = [&fields, &shape](std::string_view name) {
        if (shape.has(name) && std::find(fields.begin(), fields.end(), name) == fields.end())
            fields.emplace_back(name);
    };
    for (const char* name : {"IsDeleted", "MasterRecordId", "CreatedDate", "LastModifiedById"})
        add(name);
    if (&kind == &kConsent) {
        for (const char* name : kConsentFields) add(name);
        if (shape.has("DataUsePurposeId")) fields.emplace_back("DataUsePurpose.Name");
        return fields;
    }
    for (const char* name : kPersonFields) add(name);
    if (shape.has("IsPersonAccount")) add("AccountId");
    for (const auto& flag : kFlags)
        if (flag.object == kind.object) add(flag.field);
    for (const auto& [name, field] : settings.externalIds) add(field);
    return fields;
}

}  // namespace concordat::plugins::salesforce
