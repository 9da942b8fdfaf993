// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/crm.h"

#include <algorithm>
#include <stdexcept>

#include <Poco/String.h>
#include <nlohmann/json.hpp>

namespace concordat::e2e {

using Json = nlohmann::json;

namespace {

const std::string kSellsySet = "marketing_campaigns_subscriptions";

bool has(const Json& set, const std::string& member) {
    return std::find(set.begin(), set.end(), member) != set.end();
}

}  // namespace

const std::vector<std::string>& objectsOf(const std::string& vendor) {
    static const std::map<std::string, std::vector<std::string>> all{
        {"salesforce", {"Contact", "Lead"}},
        {"sellsy", {"contact", "individual"}},
        {"eudonet", {"200"}}};
    return all.at(vendor);
}

Place placeOf(const std::string& vendor, const std::string& object, const Json& record) {
    const char* key = vendor == "salesforce" ? "Id" : vendor == "sellsy" ? "id" : "FileId";
    const Json& id = record.at(key);
    return {object, id.is_string() ? id.get<std::string>() : id.dump()};
}

std::string emailOf(const std::string& vendor, const Json& record) {
    const char* key = vendor == "salesforce" ? "Email" : vendor == "sellsy" ? "email" : "221";
    const auto found = record.find(key);
    return found == record.end() || !found->is_string() ? ""
                                                        : Poco::toLower(found->get<std::string>());
}

std::string fieldOf(const std::string& vendor, const std::string& channel) {
    const bool email = channel == "email";
    if (vendor == "salesforce") return email ? "HasOptedOutOfEmail" : "DoNotCall";
    if (vendor == "sellsy") return kSellsySet;
    return email ? "231" : "233";
}

bool valueRefuses(const std::string& vendor, const Json& value, const std::string& channel) {
    if (vendor == "salesforce") return value == true;
    if (vendor == "sellsy") return !has(value, channel);
    return value == "1";
}

bool refuses(const std::string& vendor, const Json& record, const std::string& channel) {
    return valueRefuses(vendor, record.at(fieldOf(vendor, channel)), channel);
}

Json choice(const std::string& vendor,
            const Json& record,
            const std::string& channel,
            bool refuse) {
    const std::string field = fieldOf(vendor, channel);
    if (vendor == "salesforce") return {{field, refuse}};
    if (vendor == "eudonet") return {{field, refuse ? "1" : "0"}};
    Json set = Json::array();
    for (const Json& member : record.at(kSellsySet))
        if (member != channel) set.push_back(member);
    if (!refuse) set.push_back(channel);
    return {{field, set}};
}

void type(const Simulator& crm, const Place& place, const std::string& channel, bool refuse) {
    const Json record = crm.record(place.object, place.id);
    crm.act({{"do", "update"},
             {"object", place.object},
             {"id", place.id},
             {"set", choice(crm.vendor(), record, channel, refuse)},
             {"user", crm.vendor() == "salesforce" ? "Admin User" : "Anne"}});
}

bool refusesNow(const Simulator& crm, const Place& place, const std::string& channel) {
    const Json record = crm.record(place.object, place.id);
    if (record.is_null())
        throw std::runtime_error(crm.vendor() + " has no record " + place.object + " " + place.id);
    return refuses(crm.vendor(), record, channel);
}

}  // namespace concordat::e2e
