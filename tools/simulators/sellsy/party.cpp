// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/party.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

constexpr int kOwner = 602301;

constexpr unsigned bit(Kind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr unsigned kContact = bit(Kind::Contact), kIndividual = bit(Kind::Individual),
                   kCompany = bit(Kind::Company), kPeople = kContact | kIndividual,
                   kThirds = kIndividual | kCompany, kAll = kPeople | kCompany;

struct Known {
    std::string_view name;
    unsigned kinds;
    bool readOnly = false;
    bool inMore = false;  ///< kept in Party::more
};

constexpr std::array<Known, 38> kFields{{
    {"id", kAll, true},
    {"type", kThirds},
    {"civility", kPeople},
    {"first_name", kPeople},
    {"last_name", kPeople},
    {"name", kCompany},
    {"email", kAll},
    {"website", kAll, false, true},
    {"phone_number", kAll},
    {"mobile_number", kAll},
    {"fax_number", kAll, false, true},
    {"position", kContact, false, true},
    {"legal_france", kCompany, false, true},
    {"capital", kCompany, false, true},
    {"business_segment", kCompany, false, true},
    {"number_of_employees", kCompany, false, true},
    {"reference", kThirds, false, true},
    {"auxiliary_code", kThirds, false, true},
    {"rate_category_id", kThirds, false, true},
    {"main_contact_id", kThirds, false, true},
    {"dunning_contact_id", kThirds, false, true},
    {"invoicing_contact_id", kThirds, false, true},
    {"accounting_code_id", kThirds, false, true},
    {"accounting_purchase_code_id", kThirds, false, true},
    {"avatar", kContact, true, true},
    {"note", kAll, false, true},
    {"birth_date", kPeople, false, true},
    {"invoicing_address_id", kAll, false, true},
    {"delivery_address_id", kAll, false, true},
    {"is_archived", kAll},
    {"created", kAll, true},
    {"updated", kContact, true},
    {"updated_at", kThirds, true},
    {"social", kAll, false, true},
    {"sync", kPeople},
    {"owner", kAll, true},
    {"marketing_campaigns_subscriptions", kAll},
    {"rgpd_consent", kAll, true},
}};

const Known* known(std::string_view name) {
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [&](const Known& one) { return one.name == name; });
    return found == kFields.end() ? nullptr : &*found;
}

json more(const Party& party) {
    return party.more.empty() ? json::object() : json::parse(party.more);
}

json textOrNull(const std::string& text) { return text.empty() ? json() : json(text); }

json flags(unsigned mask, const std::string_view* names, std::size_t count) {
    json out = json::object();
    for (std::size_t i = 0; i < count; ++i) out[std::string(names[i])] = ((mask >> i) & 1U) != 0;
    return out;
}

json channelList(unsigned mask) {
    json out = json::array();
    for (std::size_t i = 0; i < kChannels.size(); ++i) {
        if ((mask >> i) & 1U) out.push_back(kChannels[i]);
    }
    return out;
}

std::uint8_t channelMask(const json& list) {
    unsigned mask = 0;
    for (std::size_t i = 0; i < kChannels.size(); ++i) {
        if (std::find(list.begin(), list.end(), kChannels[i]) != list.end()) mask |= 1U << i;
    }
    return static_cast<std::uint8_t>(mask);
}

std::uint8_t mergedSync(unsigned mask, const json& value) {
    for (std::size_t i = 0; i < kSyncTargets.size(); ++i) {
        const auto found = value.find(std::string(kSyncTargets[i]));
        if (found == value.end()) continue;
        mask = found->get<bool>() ? mask | (1U << i) : mask & ~(1U << i);
    }
    return static_cast<std::uint8_t>(mask);
}

/// The member that holds a plain text field; null for other fields.
template <typename AnyParty>
auto textMember(AnyParty& party, std::string_view field) -> decltype(&party.email) {
    if (field == "last_name" || field == "name") return &party.lastName;
    if (field == "first_name") return &party.firstName;
    if (field == "email") return &party.email;
    if (field == "phone_number") return &party.phone;
    if (field == "mobile_number") return &party.mobile;
    if (field == "civility") return &party.civility;
    if (field == "type") return &party.type;
    return nullptr;
}

/// How a value of `more` looks when it was never set.
json defaultOf(std::string_view field) {
    if (field == "note") return "";
    if (field == "social") {
        return {{"twitter", nullptr},
                {"facebook", nullptr},
                {"linkedin", nullptr},
                {"viadeo", nullptr}};
    }
    return nullptr;
}

json specialValue(const Party& party, std::string_view field) {
    if (field == "id") return party.id;
    if (field == "is_archived") return party.archived;
    if (field == "created") return paris::isoWithOffset(party.created);
    if (field == "updated" || field == "updated_at") return paris::isoWithOffset(party.updated);
    if (field == "owner") return {{"id", kOwner}, {"type", "staff"}};
    if (field == "sync") return flags(party.sync, kSyncTargets.data(), kSyncTargets.size());
    if (field == "rgpd_consent") return flags(party.channels, kChannels.data(), kChannels.size());
    return channelList(party.channels);
}

json shownValue(const Party& party, const json& rare, const Known& field) {
    if (const auto* text = textMember(party, field.name)) {
        return textOrNull(*text);
    }
    if (!field.inMore) return specialValue(party, field.name);
    const std::string name(field.name);
    json value = rare.value(name, defaultOf(field.name));
    const bool labelled = name == "business_segment" || name == "number_of_employees";
    if (labelled && value.is_number_integer()) {
        const std::string label = "#" + std::to_string(value.get<int>());
        return {{"id", value}, {"label", label}};
    }
    return value;
}

bool wanted(const View& view, std::string_view field) {
    return view.fields.empty() ||
           std::find(view.fields.begin(), view.fields.end(), field) != view.fields.end();
}

}  // namespace

std::string_view nameOf(Kind kind) {
    constexpr std::array<std::string_view, 3> kNames{"contact", "individual", "company"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kindNamed(std::string_view name) {
    if (name == "contact" || name == "contacts") return Kind::Contact;
    if (name == "individual" || name == "individuals") return Kind::Individual;
    if (name == "company" || name == "companies") return Kind::Company;
    return std::nullopt;
}

bool isShown(Kind kind, std::string_view field) {
    const Known* one = known(field);
    return one && (one->kinds & bit(kind)) != 0;
}

bool isWritable(Kind kind, std::string_view field) {
    return field == "owner_id" || (isShown(kind, field) && !known(field)->readOnly);
}

json fieldValue(const Party& party, const std::string& field) {
    if (field == "custom_fields" || field == "smart_tags" || field == "owner_id") {
        return more(party).value(field, json());
    }
    const json rare = more(party);
    const Known& one = *known(field);
    return one.inMore ? rare.value(field, json()) : shownValue(party, rare, one);
}

void setField(Party& party, const std::string& field, const json& value) {
    if (std::string* text = textMember(party, field)) {
        *text = value.is_null() ? std::string() : value.get<std::string>();
    } else if (field == "is_archived") {
        party.archived = value.get<bool>();
    } else if (field == "sync") {
        party.sync = mergedSync(party.sync, value);
    } else if (field == "marketing_campaigns_subscriptions") {
        party.channels = channelMask(value);
    } else {
        json rare = more(party);
        if (value.is_null()) {
            rare.erase(field);
        } else {
            rare[field] = value;
        }
        party.more = rare.empty() ? std::string() : rare.dump();
    }
}

std::string partyText(const Party& party, const View& view) {
    const json rare = more(party);
    std::string out = "{";
    for (const Known& field : kFields) {
        if ((field.kinds & bit(party.kind)) == 0) continue;
        if (!wanted(view, field.name)) continue;
        const json value = shownValue(party, rare, field);
        if (view.omitNulls && value.is_null()) continue;
        if (out.size() > 1) out += ',';
        out.append("\"").append(field.name).append("\":");
        out += value.dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return out + "}";
}

}  // namespace concordat::simulators::sellsy
