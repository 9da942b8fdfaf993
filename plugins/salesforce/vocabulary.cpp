// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/vocabulary.h"

#include <algorithm>

#include "sdk/concordat/tree.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;
using sdk::CallError;

using sdk::setting;

/// Up to there pages of 2,000 are as quick, and the first rows are there at once.
constexpr std::int64_t kBulkFrom = 200'000;
/// Below, collections take fewer calls and answer at once. Source: Bulk API 2.0 guide, API v66.0.
constexpr std::int64_t kBulkWriteFrom = 2'000;

std::optional<int> readVersion(const json& settings) {
    std::string text = setting(settings, "api_version", std::string());
    if (text.empty()) return std::nullopt;
    if (text.front() == 'v') text.erase(0, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    const bool number =
        !text.empty() && text.size() <= 3 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!number) throw CallError("setting api_version must look like 66.0");
    return std::stoi(text);
}

std::vector<const Kind*> readKinds(const json& settings) {
    const auto names = setting(settings, "objects", std::vector<std::string>{"Contact", "Lead"});
    std::vector<const Kind*> kinds;
    for (const auto& kind : kKinds)
        if (std::find(names.begin(), names.end(), kind.object) != names.end())
            kinds.push_back(&kind);
    if (kinds.empty() || kinds.size() != names.size())
        throw CallError(
            "setting objects must list each of Contact, Lead, Individual, ContactPointTypeConsent "
            "at most once");
    const auto has = [&kinds](const Kind& kind) {
        return std::find(kinds.begin(), kinds.end(), &kind) != kinds.end();
    };
    if (has(kConsent) && !has(kIndividual))
        throw CallError(
            "setting objects must list Individual next to ContactPointTypeConsent, as a consent "
            "belongs to an individual");
    return kinds;
}

std::int64_t readRows(const json& settings, const char* name, std::int64_t fallback) {
    const auto rows = setting(settings, name, fallback);
    if (rows < 0)
        throw CallError("setting " + std::string(name) + " must be 0 or a number of rows");
    return rows;
}

/// Field names go into queries as they are.
void mustBeField(const std::string& field) {
    const bool good =
        !field.empty() && field.size() <= 80 && std::all_of(field.begin(), field.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_';
        });
    if (!good)
        throw CallError("setting external_ids must hold API names of fields, such as Customer__c");
}

sdk::SlotDescription slotOf(const Flag& flag) {
    sdk::SlotDescription slot;
    slot.id = flag.slot;
    slot.object = flag.object;
    slot.field = flag.field;
    slot.label = std::string(flag.object) + ": " + std::string(flag.field);
    if (flag.marketing) slot.purposes = {"PROSPECTING"};
    slot.channels = {std::string(flag.channel)};
    slot.showsPermit = sdk::Shown::None;
    slot.showsDeny = sdk::Shown::Deny;
    slot.recordTimeMoves = true;
    return slot;
}

sdk::SlotDescription slotOf(const PointType& point) {
    sdk::SlotDescription slot;
    slot.id = point.slot;
    slot.object = kIndividual.object;
    slot.field = "ContactPointTypeConsent: " + std::string(point.type);
    slot.label = "Consent for " + std::string(point.type);
    slot.channels = {std::string(point.channel)};
    slot.showsPermit = sdk::Shown::Permit;
    slot.showsDeny = sdk::Shown::Deny;
    slot.hasTime = true;
    slot.timeEditable = true;
    slot.recordTimeMoves = true;
    slot.carriesEvidence = true;
    return slot;
}

}  // namespace

Settings readSettings(const json& settings) {
    if (!settings.is_object()) throw CallError("the settings of salesforce must be an object");
    Settings read;
    const std::string domain = setting(settings, "my_domain_url", std::string());
    if (!domain.starts_with("https://") && !domain.starts_with("http://"))
        throw CallError("setting my_domain_url must be an address that starts with https://");
    read.newestVersion = readVersion(settings);
    read.kinds = readKinds(settings);
    read.externalIds = setting(settings, "external_ids", read.externalIds);
    for (const auto& [name, field] : read.externalIds) mustBeField(field);
    read.purposes = setting(settings, "purposes", read.purposes);
    read.bulkFrom = readRows(settings, "bulk_from", kBulkFrom);
    read.bulkWriteFrom = readRows(settings, "bulk_write_from", kBulkWriteFrom);
    return read;
}

bool takesPart(const Settings& settings, const Kind& kind) {
    return std::find(settings.kinds.begin(), settings.kinds.end(), &kind) != settings.kinds.end();
}

const Kind* kindNamed(std::string_view object) {
    for (const auto& kind : kKinds)
        if (kind.object == object) return &kind;
    return nullptr;
}

const Flag* flagOf(const Kind& kind, std::string_view slot) {
    for (const auto& flag : kFlags)
        if (flag.slot == slot && flag.object == kind.object) return &flag;
    return nullptr;
}

const PointType* pointTypeOf(std::string_view slot) {
    for (const auto& point : kPointTypes)
        if (point.slot == slot) return &point;
    return nullptr;
}

std::vector<sdk::SlotDescription> slotsOf(const std::vector<const Kind*>& kinds) {
    std::vector<sdk::SlotDescription> slots;
    for (const auto* kind : kinds) {
        for (const auto& flag : kFlags)
            if (flag.object == kind->object) slots.push_back(slotOf(flag));
        if (kind == &kConsent)
            for (const auto& point : kPointTypes) slots.push_back(slotOf(point));
    }
    return slots;
}

std::string fullId(std::string_view id) {
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    if (!plain || (id.size() != 15 && id.size() != 18)) return "";
    // Bit i of each group of five says whether its letter i is a capital one.
    static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    std::string full(id.substr(0, 15));
    for (std::size_t group = 0; group < 3; ++group) {
        std::size_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const char c = id[group * 5 + i];
            if (c >= 'A' && c <= 'Z') bits |= std::size_t{1} << i;
        }
        full += kLetters[bits];
    }
    return full;
}

bool isIdOf(const Kind& kind, std::string_view id) {
    return !fullId(id).empty() && id.starts_with(kind.prefix);
}

}  // namespace concordat::plugins::salesforce
