// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the three CRMs call a choice: how a person in their pages refuses or agrees, and what their
// records show.

#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tests/e2e/simulator.h"

namespace concordat::e2e {

/// Where a person's record is in one CRM.
struct Place {
    std::string object;
    std::string id;
};

/// Somebody whom all three CRMs know by one e-mail address, each with one record.
struct Person {
    std::string email;  ///< as normalised
    std::map<std::string, Place> at;
};

/// The objects of a vendor that hold people.
const std::vector<std::string>& objectsOf(const std::string& vendor);
/// "Contact" and "0035…" of a raw record.
Place placeOf(const std::string& vendor, const std::string& object, const nlohmann::json& record);
/// Its e-mail address in lower case; "" if it has none.
std::string emailOf(const std::string& vendor, const nlohmann::json& record);
/// True if the record refuses the channel: email or phone.
bool refuses(const std::string& vendor, const nlohmann::json& record, const std::string& channel);
/// The fields that a person sets to refuse (or to agree) in the vendor's pages.
nlohmann::json choice(const std::string& vendor,
                      const nlohmann::json& record,
                      const std::string& channel,
                      bool refuse);
/// The field of the write history that holds the channel.
std::string fieldOf(const std::string& vendor, const std::string& channel);
/// Whether a written value ("true", ["sms"], "1") refuses the channel.
bool valueRefuses(const std::string& vendor,
                  const nlohmann::json& value,
                  const std::string& channel);

/// Types the choice into the vendor's pages.
void type(const Simulator& crm, const Place& place, const std::string& channel, bool refuse);
/// What the vendor's record shows now.
bool refusesNow(const Simulator& crm, const Place& place, const std::string& channel);

}  // namespace concordat::e2e
