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

std::string lowered(std::string_view text) {
    std::string low;
    for (const char c : text) low += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return low;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string(text);
}

/// Digits of a number; `national` if it does not say its country.
struct Number {
    std::string digits;
    bool national = true;
};

Number numberOf(std::string text) {
    Number number;
    // "+33 (0)6 …": the zero is for callers from inside.
    if (const auto at = text.find("(0)"); at != std::string::npos) text.erase(at, 3);
    const std::string plain = trimmed(text);
    for (const char c : plain)
        if (c >= '0' && c <= '9') number.digits += c;
    number.national = !plain.starts_with("+") && !number.digits.starts_with("00");
    if (number.digits.starts_with("00")) number.digits.erase(0, 2);
    return number;
}

/// Two writings of one number. "06…" and "+336…" are one if all but the country code is equal; the
/// hub, which knows the country, looks again.
bool sameNumber(const std::string& one, const std::string& two) {
    Number a = numberOf(one), b = numberOf(two);
    if (a.digits == b.digits) return !a.digits.empty();
    if (a.national == b.national) return false;
    if (!a.national) std::swap(a, b);
    if (a.digits.starts_with("0")) a.digits.erase(0, 1);
    return a.digits.size() >= 9 && b.digits.size() > a.digits.size() &&
           b.digits.size() - a.digits.size() <= 3 && b.digits.ends_with(a.digits);
}

}  // namespace

std::optional<sdk::VendorTime> timeOf(const json& row, std::string_view field) {
    const json& text = member(row, field);
    if (!text.is_string()) return std::nullopt;
    const auto at = parseTime(text.get_ref<const std::string&>());
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

bool holds(const sdk::Observation& seen, const sdk::Identifier& identifier) {
    const auto same = [&identifier](const sdk::Identifier& other) {
        if (other.kind != identifier.kind) return false;
        if (other.kind == sdk::IdentifierKind::Phone)
            return sameNumber(other.value, identifier.value);
        if (other.kind == sdk::IdentifierKind::Email)
            return lowered(trimmed(other.value)) == lowered(trimmed(identifier.value));
        return other.name == identifier.name && other.value == identifier.value;
    };
    return std::any_of(seen.identifiers.begin(), seen.identifiers.end(), same);
}

}  // namespace concordat::plugins::salesforce
