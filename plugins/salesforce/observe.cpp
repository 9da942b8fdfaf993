// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/observe.h"

#include <algorithm>

#include "plugins/salesforce/times.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;

/// The value is shown to people: "HasOptedOutOfEmail = true".
std::optional<sdk::SlotReading> readingOf(const json& raw, const Flag& flag) {
    const json& value = member(raw, flag.field);
    if (!value.is_boolean()) return std::nullopt;
    sdk::SlotReading reading;
    reading.slot = flag.slot;
    // An empty box says that nobody refused, not that anybody agreed.
    reading.shown = value.get<bool>() ? sdk::Shown::Deny : sdk::Shown::None;
    reading.raw = std::string(flag.field) + " = " + (value.get<bool>() ? "true" : "false");
    return reading;
}

void addIdentifiers(sdk::Observation& seen, const json& raw, const Settings& settings) {
    const auto add = [&](sdk::IdentifierKind kind, std::string_view field, std::string name) {
        std::string value = textOf(member(raw, field));
        if (!value.empty()) seen.identifiers.push_back({kind, std::move(value), std::move(name)});
    };
    add(sdk::IdentifierKind::Email, "Email", "Email");
    for (const char* field : {"MobilePhone", "Phone"})
        add(sdk::IdentifierKind::Phone, field, field);
    for (const auto& [name, field] : settings.externalIds)
        add(sdk::IdentifierKind::External, field, name);
}

/// Where a merged record or a converted lead lives on.
std::optional<sdk::RecordRef> successorOf(const json& raw, const Kind& kind) {
    const std::string master = fullId(textOf(member(raw, "MasterRecordId")));
    if (!master.empty()) return sdk::RecordRef{std::string(kind.object), master};
    const std::string contact = fullId(textOf(member(raw, "ConvertedContactId")));
    if (isSet(raw, "IsConverted") && !contact.empty())
        return sdk::RecordRef{std::string(kContact.object), contact};
    return std::nullopt;
}

}  // namespace

std::optional<sdk::VendorTime> timeOf(const json& row, std::string_view field) {
    const json& text = member(row, field);
    if (!text.is_string()) return std::nullopt;
    const auto at = sdk::parseIsoTime(text.get_ref<const std::string&>());
    if (!at) return std::nullopt;
    sdk::VendorTime time;
    time.at = *at;
    time.precision = sdk::Precision::Second;
    return time;
}

bool isSet(const json& row, std::string_view field) {
    const json& value = member(row, field);
    return value.is_boolean() && value.get<bool>();
}

std::optional<Row> rowOf(const json& raw,
                         const Settings& settings,
                         const Kind& kind,
                         sdk::EpochMs askedAt) {
    Row row;
    row.raw = raw;
    row.seen.record = {std::string(kind.object), fullId(textOf(member(raw, "Id")))};
    if (row.seen.record.id.empty()) return std::nullopt;
    row.seen.askedAt = askedAt;
    row.seen.modifiedAt = timeOf(raw, "SystemModstamp");
    row.seen.createdAt = timeOf(raw, "CreatedDate");
    if (row.seen.modifiedAt) row.seen.version = row.seen.modifiedAt->at;
    row.seen.actor = textOf(member(raw, "LastModifiedById"));
    row.seen.deleted = isSet(raw, "IsDeleted");
    row.seen.mergedInto = successorOf(raw, kind);
    addIdentifiers(row.seen, raw, settings);
    for (const auto& flag : kFlags)
        if (flag.object == kind.object)
            if (auto reading = readingOf(raw, flag)) row.seen.slots.push_back(std::move(*reading));
    return row;
}

}  // namespace concordat::plugins::salesforce
