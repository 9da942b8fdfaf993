// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace concordat::simulators::sellsy {

/// The three record kinds that carry consent.
enum class Kind { Contact, Individual, Company };
constexpr std::array<Kind, 3> kKinds{Kind::Contact, Kind::Individual, Kind::Company};

/// "contact", "individual", "company", as `related` and the write history name them.
std::string_view nameOf(Kind kind);
/// Reads "contact" or "contacts"; nothing for another word.
std::optional<Kind> kindNamed(std::string_view name);

/// The marketing channels, in the vendor's order; a party's set of them is a bit mask.
constexpr std::array<std::string_view, 5> kChannels{"email", "sms", "phone", "postal_mail",
                                                    "custom"};
constexpr std::array<std::string_view, 3> kSyncTargets{"mailchimp", "mailjet", "simplemail"};

/// One contact, individual or company. What few records have lies in `more` as JSON text, so that
/// a million parties stay small.
struct Party {
    std::int64_t id = 0;
    std::int64_t created = 0;  ///< UTC seconds
    std::int64_t updated = 0;  ///< UTC seconds
    Kind kind = Kind::Contact;
    std::uint8_t channels = 0;  ///< bit i: subscribed to kChannels[i]
    std::uint8_t sync = 7;
    bool archived = false;
    std::string type;      ///< prospect, client, supplier; empty for contacts
    std::string civility;  ///< mr, mrs, ms or empty
    std::string lastName;  ///< the name, for companies
    std::string firstName;
    std::string email;
    std::string phone;
    std::string mobile;
    std::string more;  ///< text of a JSON object, or empty
};

/// Whether `field` is one a party of this kind has and a client may write.
bool isWritable(Kind kind, std::string_view field);
/// The value as the API shows it; null for what is not set.
nlohmann::json fieldValue(const Party& party, const std::string& field);
/// Sets a field that isWritable(), or "custom_fields" and "smart_tags", to a checked value.
void setField(Party& party, const std::string& field, const nlohmann::json& value);

/// What a client asked to see.
struct View {
    std::vector<std::string> fields;  ///< field[]; empty: all
    std::vector<std::string> embeds;  ///< embed[]: "cf.3", "smart_tags"
    bool omitNulls = false;
};

/// The party as JSON text, without `_embed`. [any]
std::string partyText(const Party& party, const View& view);
/// Whether `field` is one that partyText() can show for this kind.
bool isShown(Kind kind, std::string_view field);

}  // namespace concordat::simulators::sellsy
