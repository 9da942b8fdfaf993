// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sellsy's three kinds of record, its five channels, and this connector's settings.

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::sellsy {

/// A kind of record: `object` is its name in our slots, `collection` in Sellsy's paths.
struct Kind {
    std::string_view object;
    std::string_view collection;
    std::string_view updated;  ///< its change time, as a field and as a filter
    bool organisation;
    bool phoneFilter;  ///< its search can filter on phone numbers
};

/// Source: the vendor's OpenAPI 2.264.0, read 2026-11-23: contacts say `updated`, the others
/// `updated_at`.
inline constexpr std::array<Kind, 3> kKinds = {
    Kind{"contact", "contacts", "updated", false, true},
    Kind{"individual", "individuals", "updated_at", false, false},
    Kind{"company", "companies", "updated_at", true, false}};

/// A channel: `slot` ends our slot's id, `member` is Sellsy's word in the set, `flag` the opt-out
/// flag of API v1.
struct Channel {
    std::string_view slot;
    std::string_view member;
    std::string_view flag;
    bool mapped;  ///< has a meaning of its own; "custom" has not
};

inline constexpr std::array<Channel, 5> kChannels = {
    Channel{"email", "email", "massmailingUnsubscribed", true},
    Channel{"sms", "sms", "massmailingUnsubscribedSMS", true},
    Channel{"phone", "phone", "phoningUnsubscribed", true},
    Channel{"post", "postal_mail", "massmailingUnsubscribedMail", true},
    Channel{"custom", "custom", "massmailingUnsubscribedCustom", false}};

/// The field that holds the set of subscribed channels, and its read-only mirror.
inline constexpr std::string_view kSet = "marketing_campaigns_subscriptions";
inline constexpr std::string_view kMirror = "rgpd_consent";

/// Rows on one page, and ids in one search, at most. Source: vendor's paging documentation, read
/// 2026-11-23.
inline constexpr int kPageSize = 100;

struct Settings {
    std::string baseUrl = "https://api.sellsy.com";
    std::string v1Url = "https://apifeed.sellsy.com";
    std::vector<const Kind*> kinds;
    bool v1 = false;
    std::size_t batchSize = 50;  ///< calls in one batch request; 1 = no batch requests
    std::map<std::string, std::string> externalIds;  ///< name -> field ("reference", "cf.12")
};

/// Throws sdk::CallError naming the setting.
Settings readSettings(const nlohmann::json& settings);

/// Null if there is no such kind.
const Kind* kindNamed(std::string_view object);

/// The channel of a slot id such as "contact.email" if it belongs to `kind`; else null.
const Channel* channelOf(const Kind& kind, std::string_view slot);

/// What `kinds` offer. A write of one flag (`v1`) loses no other channel's change.
std::vector<sdk::SlotDescription> slotsOf(const std::vector<const Kind*>& kinds, bool v1);

/// What the connector is: settings schema, slots, sign-in, hosts, limits.
sdk::Description describe();

}  // namespace concordat::plugins::sellsy
