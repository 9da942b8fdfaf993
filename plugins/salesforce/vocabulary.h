// SPDX-License-Identifier: Apache-2.0
#pragma once
// Salesforce's objects, the fields that hold a choice, and this connector's settings.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::salesforce {

/// An object that takes part. `prefix` begins each of its ids; empty: not known to us.
struct Kind {
    std::string_view object;
    std::string_view prefix;
};

inline constexpr std::array<Kind, 4> kKinds = {Kind{"Contact", "003"}, Kind{"Lead", "00Q"},
                                               Kind{"Individual", "0PK"},
                                               Kind{"ContactPointTypeConsent", ""}};
inline constexpr const Kind& kContact = kKinds[0];
inline constexpr const Kind& kLead = kKinds[1];
inline constexpr const Kind& kIndividual = kKinds[2];
inline constexpr const Kind& kConsent = kKinds[3];

/// An opt-out check box: true is a refusal, false says nothing. `personField` is its twin on a
/// person account.
struct Flag {
    std::string_view slot;
    std::string_view object;
    std::string_view field;
    std::string_view personField;
    std::string_view channel;
    bool marketing;  ///< stands for direct marketing; what the others stand for must be mapped
};

inline constexpr std::array<Flag, 11> kFlags = {
    Flag{"contact.email", "Contact", "HasOptedOutOfEmail", "PersonHasOptedOutOfEmail", "email",
         true},
    Flag{"contact.fax", "Contact", "HasOptedOutOfFax", "PersonHasOptedOutOfFax", "fax", true},
    Flag{"contact.phone", "Contact", "DoNotCall", "PersonDoNotCall", "phone", true},
    Flag{"lead.email", "Lead", "HasOptedOutOfEmail", "", "email", true},
    Flag{"lead.fax", "Lead", "HasOptedOutOfFax", "", "fax", true},
    Flag{"lead.phone", "Lead", "DoNotCall", "", "phone", true},
    Flag{"individual.solicit", "Individual", "HasOptedOutSolicit", "", "any", true},
    Flag{"individual.processing", "Individual", "HasOptedOutProcessing", "", "any", false},
    Flag{"individual.profiling", "Individual", "HasOptedOutProfiling", "", "none", false},
    Flag{"individual.tracking", "Individual", "HasOptedOutTracking", "", "none", false},
    Flag{"individual.geotracking", "Individual", "HasOptedOutGeoTracking", "", "none", false}};

/// A contact point type of ContactPointTypeConsent. `type` is the vendor's word.
struct PointType {
    std::string_view slot;
    std::string_view type;
    std::string_view channel;  ///< "none": we have no such channel, the integration must map it
};

inline constexpr std::array<PointType, 5> kPointTypes = {
    PointType{"consent.email", "Email", "email"}, PointType{"consent.phone", "Phone", "phone"},
    PointType{"consent.post", "MailingAddress", "post"},
    PointType{"consent.social", "Social", "none"}, PointType{"consent.web", "Web", "none"}};

struct Settings {
    std::optional<int> newestVersion;  ///< 66 for "66.0"
    std::vector<const Kind*> kinds;
    std::int64_t bulkFrom = 0;       ///< rows from which the first load is a bulk job; 0: never
    std::int64_t bulkWriteFrom = 0;  ///< refusals from which a write is one; 0: never
    std::map<std::string, std::string> externalIds;  ///< name -> field
    std::map<std::string, std::string> purposes;     ///< name of a DataUsePurpose -> purpose code
};

/// Throws sdk::CallError naming the setting.
Settings readSettings(const nlohmann::json& settings);

bool takesPart(const Settings& settings, const Kind& kind);
/// Null if there is no such object.
const Kind* kindNamed(std::string_view object);
/// Null if the object has no check box of that slot.
const Flag* flagOf(const Kind& kind, std::string_view slot);
const PointType* pointTypeOf(std::string_view slot);

/// What `kinds` offer.
std::vector<sdk::SlotDescription> slotsOf(const std::vector<const Kind*>& kinds);

/// What the connector is: settings schema, slots, sign-in, hosts, limits.
sdk::Description describe();

/// 15 or 18 letters and digits as the 18-character form; anything else: empty.
std::string fullId(std::string_view id);
/// True if `id` can be one of this object.
bool isIdOf(const Kind& kind, std::string_view id);

}  // namespace concordat::plugins::salesforce
