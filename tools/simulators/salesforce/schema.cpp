// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/schema.h"

#include <map>
#include <stdexcept>

#include "tools/simulators/salesforce/schema_text.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {
namespace {

const std::map<std::string, Kind, std::less<>> kKinds = {{"id", Kind::id},
                                                         {"string", Kind::string},
                                                         {"boolean", Kind::boolean},
                                                         {"email", Kind::email},
                                                         {"phone", Kind::phone},
                                                         {"picklist", Kind::picklist},
                                                         {"reference", Kind::reference},
                                                         {"dateTime", Kind::dateTime},
                                                         {"date", Kind::date},
                                                         {"int", Kind::integer},
                                                         {"double", Kind::number},
                                                         {"address", Kind::address},
                                                         {"textarea", Kind::textarea},
                                                         {"url", Kind::url},
                                                         {"time", Kind::time}};

const std::map<std::string, std::vector<std::string>, std::less<>> kPicklists = {
    {"PrivacyConsentStatus",
     {"NotSeen", "Seen", "OptIn", "OptOut", "OptInPending", "OptOutPending"}},
    {"ContactPointType", {"Email", "MailingAddress", "Phone", "Social", "Web"}},
    {"CaptureContactPointType", {"Email", "MailingAddress", "Phone", "Social", "Web"}},
    {"EngagementChannelType",
     {"Email", "MailingAddress", "Phone", "Social", "Web", "SMS", "Billboard"}},
    {"Action",
     {"CrossDevice", "DataCollection", "Reidentification", "Segment", "ShareData", "Target"}},
    {"LeadSource", {"Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"}},
    {"Salutation", {"Mr.", "Ms.", "Mrs.", "Dr.", "Prof."}},
    {"ConsentCapturedSourceType", {"Email", "InPerson", "Phone", "Web"}}};

const std::map<std::string, std::vector<std::string>, std::less<>> kStatuses = {
    {"Lead",
     {"Open - Not Contacted", "Working - Contacted", "Closed - Converted",
      "Closed - Not Converted"}},
    {"AuthorizationFormConsent", {"Rejected", "Seen", "Signed"}},
    {"PrivacyRequest",
     {"Approved", "Cancelled", "Completed", "Created", "In Progress", "Rejected"}},
    {"PrivacyRTBFRequest", {"Cancelled", "Complete", "Error", "Pending", "Scheduled"}}};

const std::map<std::string, std::size_t, std::less<>> kLengths = {
    {"Email", 80},       {"LastName", 80},  {"FirstName", 40},  {"Phone", 40},
    {"MobilePhone", 40}, {"HomePhone", 40}, {"OtherPhone", 40}, {"Fax", 40},
    {"Salutation", 40},  {"Name", 255},     {"Company", 255},   {"Description", 32000}};

std::vector<std::string> splitBy(std::string_view text, char mark) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(mark), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string_view withoutBlanks(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::size_t lengthOf(const Field& field) {
    if (field.kind == Kind::id || field.kind == Kind::reference) return 18;
    if (field.kind == Kind::textarea) return 32000;
    if (field.kind == Kind::boolean || field.kind == Kind::dateTime || field.kind == Kind::date ||
        field.kind == Kind::integer || field.kind == Kind::number || field.kind == Kind::address) {
        return 0;
    }
    const auto known = kLengths.find(field.name);
    return known == kLengths.end() ? 255 : known->second;
}

void readFlags(Field& field, std::string_view flags) {
    const auto has = [&](char flag) { return flags.find(flag) != std::string_view::npos; };
    field.createable = has('C');
    field.updateable = has('U');
    field.nillable = has('N');
    field.defaulted = has('D');
    field.restricted = has('R');
    field.idLookup = has('I');
    field.autoNumber = has('A');
    field.externalId = has('X');
    field.unique = has('Q');
}

Field readField(std::string_view text) {
    Field field;
    const auto colon = text.find(':');
    const auto open = text.find('[');
    const auto type = text.substr(colon + 1, std::min(open, text.find("->")) - colon - 1);
    field.name = text.substr(0, colon);
    const bool starred = field.name.back() == '*';
    if (starred) field.name.pop_back();
    field.type = type;
    field.kind = kKinds.at(field.type);
    if (open != std::string_view::npos) {
        readFlags(field, text.substr(open + 1, text.find(']') - open - 1));
    }
    if (const auto arrow = text.find("->"); arrow != std::string_view::npos) {
        field.refersTo = splitBy(text.substr(arrow + 2), '/');
    }
    field.required = field.createable && !field.defaulted && field.kind != Kind::boolean &&
                     (starred || !field.nillable);
    field.length = lengthOf(field);
    field.indexed = field.externalId || field.name == "Email" || field.name == "IndividualId" ||
                    field.name == "PartyId";
    return field;
}

constexpr std::string_view kSystemFields =
    "Id:id[D]; IsDeleted:boolean[D]; CreatedById:reference[D]->User; CreatedDate:dateTime[D]; "
    "LastModifiedById:reference[D]->User; LastModifiedDate:dateTime[D]; SystemModstamp:dateTime[D]";

}  // namespace

ObjectType::ObjectType(std::string name, std::string prefix, std::string_view fields)
    : name_(std::move(name)), prefix_(std::move(prefix)) {
    for (const auto part : {kSystemFields, fields}) {
        for (const auto& text : splitBy(part, ';')) {
            if (!withoutBlanks(text).empty()) add(readField(withoutBlanks(text)));
        }
    }
}

void ObjectType::add(Field field) {
    if (find(field.name) >= 0) return;
    const auto picklist = kPicklists.find(field.name);
    if (field.kind == Kind::picklist && picklist != kPicklists.end()) {
        field.picklist = picklist->second;
    }
    if (field.name == "Status" && kStatuses.count(name_) > 0) field.picklist = kStatuses.at(name_);
    if (field.kind == Kind::reference && field.name.size() > 2) {
        field.relationship = field.name.substr(0, field.name.size() - 2);
        byRelationship_[lowerText(field.relationship)] = static_cast<int>(fields_.size());
    }
    byName_[lowerText(field.name)] = static_cast<int>(fields_.size());
    fields_.push_back(std::move(field));
}

int ObjectType::find(std::string_view name) const {
    const auto at = byName_.find(lowerText(name));
    return at == byName_.end() ? -1 : at->second;
}

int ObjectType::findRelationship(std::string_view name) const {
    const auto at = byRelationship_.find(lowerText(name));
    return at == byRelationship_.end() ? -1 : at->second;
}

FieldIndex ObjectType::at(std::string_view name) const {
    const int index = find(name);
    if (index < 0) throw std::out_of_range(name_ + " has no field " + std::string(name));
    return static_cast<FieldIndex>(index);
}

const std::vector<ObjectType>& schema() {
    static const std::vector<ObjectType> objects = [] {
        std::vector<ObjectType> out;
        for (const auto& text : kObjectTexts) {
            out.emplace_back(std::string(text.name), std::string(text.prefix), text.fields);
        }
        return out;
    }();
    return objects;
}

int findObject(std::string_view name) {
    for (std::size_t i = 0; i < schema().size(); ++i) {
        if (sameText(schema()[i].name(), name)) return static_cast<int>(i);
    }
    return -1;
}

int findPrefix(std::string_view id) {
    for (std::size_t i = 0; i < schema().size(); ++i) {
        if (id.substr(0, 3) == schema()[i].prefix()) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace concordat::simulators::salesforce
