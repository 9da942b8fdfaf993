// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "tools/simulators/salesforce/database.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr std::int64_t kFirstDay = 1704700800000;  // 2024-01-08T08:00:00Z
constexpr std::uint64_t kBlock = 8;   // of eight people, seven are contacts, one a lead
constexpr std::uint64_t kStaff = 12;  // people per account
constexpr std::uint64_t kLinked = 5;  // every fifth contact has an Individual

/// The person behind a seeded row.
std::uint64_t personOf(const std::string& object, std::uint64_t row) {
    if (object == "Contact") return row / (kBlock - 1) * kBlock + row % (kBlock - 1);
    if (object == "Lead") return row * kBlock + kBlock - 1;
    if (object == "Account") return row * kStaff;
    if (object == "Individual") return personOf("Contact", row * kLinked);
    return personOf("Contact", row * 2 * kLinked);  // ContactPointTypeConsent: every second of them
}

std::string countryName(const std::string& code) {
    return code == "FR" ? "France" : code == "IT" ? "Italy" : "Germany";
}

std::string lowered(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

Value textOrNull(std::string text) { return text.empty() ? Value{} : Value{std::move(text)}; }

/// What a seeded row is computed from.
struct Source {
    const RowView& view;
    const Person& person;
    std::uint64_t number;  // of the person in this vendor
    bool chance(std::string_view topic, unsigned percent) const {
        return view.database().world().chance(number, topic, percent);
    }
    std::string id(std::string_view object, std::uint64_t row) const {
        return view.database().table(object).id(static_cast<RowIndex>(row));
    }
};

using Rule = Value (*)(const Source&);

Value individualOf(const Source& s) {
    if (s.view.index() % kLinked != 0) return {};
    return s.id("Individual", s.view.index() / kLinked);
}

Value consentStatus(const Source& s) {
    const auto roll = s.view.database().world().number(s.number, "status") % 100;
    return roll < 60 ? "OptIn" : roll < 85 ? "OptOut" : "NotSeen";
}

const std::map<std::string, Rule, std::less<>> kPeopleRules = {
    {"FirstName", [](const Source& s) -> Value { return s.person.first; }},
    {"LastName", [](const Source& s) -> Value { return s.person.last; }},
    {"Name", [](const Source& s) -> Value { return s.person.first + " " + s.person.last; }},
    {"Email", [](const Source& s) { return textOrNull(lowered(s.person.emailAscii)); }},
    {"Phone", [](const Source& s) { return textOrNull(s.person.landline); }},
    {"MobilePhone", [](const Source& s) { return textOrNull(s.person.mobile); }},
    {"Company", [](const Source& s) -> Value { return s.person.company; }},
    {"MailingCity", [](const Source& s) -> Value { return s.person.city; }},
    {"City", [](const Source& s) -> Value { return s.person.city; }},
    {"MailingPostalCode", [](const Source& s) -> Value { return s.person.postcode; }},
    {"PostalCode", [](const Source& s) -> Value { return s.person.postcode; }},
    {"MailingCountry", [](const Source& s) -> Value { return countryName(s.person.country); }},
    {"Country", [](const Source& s) -> Value { return countryName(s.person.country); }},
    {"HasOptedOutOfEmail", [](const Source& s) -> Value { return s.chance("email", 12); }},
    {"HasOptedOutOfFax", [](const Source& s) -> Value { return s.chance("fax", 3); }},
    {"DoNotCall", [](const Source& s) -> Value { return s.chance("call", 6); }},
    {"Status", [](const Source&) -> Value { return "Open - Not Contacted"; }},
    {"OwnerId", [](const Source& s) -> Value { return s.id("User", 1); }},
    {"AccountId", [](const Source& s) -> Value { return s.id("Account", s.number / kStaff); }},
    {"IndividualId", individualOf}};

const std::map<std::string, Rule, std::less<>> kIndividualRules = {
    {"FirstName", [](const Source& s) -> Value { return s.person.first; }},
    {"LastName", [](const Source& s) -> Value { return s.person.last; }},
    {"Name", [](const Source& s) -> Value { return s.person.first + " " + s.person.last; }},
    {"HasOptedOutSolicit", [](const Source& s) -> Value { return s.chance("solicit", 8); }},
    {"HasOptedOutProcessing", [](const Source& s) -> Value { return s.chance("processing", 2); }},
    {"HasOptedOutProfiling", [](const Source& s) -> Value { return s.chance("profiling", 4); }},
    {"OwnerId", [](const Source& s) -> Value { return s.id("User", 1); }}};

const std::map<std::string, Rule, std::less<>> kConsentRules = {
    {"Name", [](const Source& s) -> Value { return "Consent " + s.view.id().substr(9, 6); }},
    {"PartyId", [](const Source& s) -> Value { return s.id("Individual", s.view.index() * 2); }},
    {"ContactPointType", [](const Source&) -> Value { return "Email"; }},
    {"CaptureContactPointType", [](const Source&) -> Value { return "Web"; }},
    {"CaptureSource", [](const Source&) -> Value { return "Web form"; }},
    {"CaptureDate", [](const Source& s) -> Value { return Instant{s.view.row().created}; }},
    {"EffectiveFrom", [](const Source& s) -> Value { return Instant{s.view.row().created}; }},
    {"DataUsePurposeId", [](const Source& s) -> Value { return s.id("DataUsePurpose", 0); }},
    {"PrivacyConsentStatus", consentStatus},
    {"OwnerId", [](const Source& s) -> Value { return s.id("User", 1); }}};

const std::map<std::string, Rule, std::less<>> kAccountRules = {
    {"Name", [](const Source& s) -> Value { return s.person.company; }},
    {"BillingCity", [](const Source& s) -> Value { return s.person.city; }},
    {"BillingCountry", [](const Source& s) -> Value { return countryName(s.person.country); }},
    {"OwnerId", [](const Source& s) -> Value { return s.id("User", 1); }}};

const std::map<std::string, Rule, std::less<>>& rulesOf(const std::string& object) {
    if (object == "Individual") return kIndividualRules;
    if (object == "ContactPointTypeConsent") return kConsentRules;
    if (object == "Account") return kAccountRules;
    return kPeopleRules;
}

/// The rule of each field by its position, so that reading a row needs no search.
std::vector<Rule> rulesByIndex(const ObjectType& type) {
    std::vector<Rule> out;
    const auto& rules = rulesOf(type.name());
    for (const auto& field : type.fields()) {
        const auto rule = rules.find(field.name);
        const bool foreign = type.name() == "Lead" && field.name == "IndividualId";
        out.push_back(rule == rules.end() || foreign ? nullptr : rule->second);
    }
    return out;
}

Rule ruleFor(const ObjectType& type, FieldIndex field) {
    static const std::vector<std::vector<Rule>> all = [] {
        std::vector<std::vector<Rule>> out;
        for (const auto& object : schema()) out.push_back(rulesByIndex(object));
        return out;
    }();
    return all[static_cast<std::size_t>(&type - schema().data())][field];
}

}  // namespace

Value seededValue(const RowView& view, FieldIndex field, std::optional<Person>& person) {
    const auto& type = view.table().type();
    if (const auto rule = ruleFor(type, field)) {
        const auto number = personOf(type.name(), view.index());
        if (!person) person = view.database().world().person(number);
        return rule({view, *person, number});
    }
    if (type.fields()[field].kind == Kind::boolean) return false;
    return {};
}

std::uint64_t seededCount(std::string_view object, std::uint64_t people) {
    const auto contacts = people / kBlock * (kBlock - 1) + people % kBlock;
    if (object == "Contact") return contacts;
    if (object == "Lead") return people / kBlock;
    if (object == "Account") return (people + kStaff - 1) / kStaff;
    if (object == "Individual") return (contacts + kLinked - 1) / kLinked;
    if (object == "ContactPointTypeConsent") return (contacts + 2 * kLinked - 1) / (2 * kLinked);
    return 0;
}

// Three rows share each second, and a mass update gave an eighth of them the very same one.
std::int64_t seededTime(std::uint64_t n, std::uint64_t count) {
    const auto from = count / 5;
    const auto to = from + count / 8;
    const auto step = n >= from && n < to ? from : n;
    return kFirstDay + static_cast<std::int64_t>(step / 3) * 1000;
}

void Database::seedTable(std::string_view object, std::uint64_t rows) {
    Table& target = table(object);
    const int email = target.type().find("Email");
    for (std::uint64_t n = 0; n < rows; ++n) {
        Row row;
        row.seeded = true;
        row.createdBy = row.modifiedBy = 1;
        row.created = row.modified = seededTime(n, rows);
        const auto index = target.add(std::move(row));
        const RowView view(*this, target, index);
        for (const char* field : {"IndividualId", "PartyId"}) {
            if (const int at = target.type().find(field); at >= 0) {
                target.noteValue(static_cast<FieldIndex>(at), view.get(static_cast<FieldIndex>(at)),
                                 index);
            }
        }
        if (email < 0) continue;
        const auto address = view.get(static_cast<FieldIndex>(email));
        target.noteValue(static_cast<FieldIndex>(email), address, index);
    }
}

void Database::addFixed(std::string_view object,
                        std::vector<std::pair<std::string, Value>> fields) {
    Table& target = table(object);
    Row row;
    row.created = row.modified = kFirstDay;
    for (auto& [name, value] : fields) row.set.emplace_back(target.type().at(name), value);
    target.add(std::move(row));
}

void Database::seedFixed() {
    const auto user = [&](const char* name, const char* username) {
        addFixed("User",
                 {{"Name", name}, {"Username", username}, {"Email", username}, {"IsActive", true}});
    };
    user("Integration User", "integration@concordat.example");
    user("Admin User", "admin@concordat.example");
    addFixed("Organization", {{"Name", "Concordat Demo"},
                              {"InstanceName", "DEU12S"},
                              {"IsSandbox", false},
                              {"OrganizationType", "Enterprise Edition"}});
    for (const char* purpose : {"Marketing", "Newsletter", "Billing"}) {
        addFixed("DataUsePurpose", {{"Name", purpose}, {"CanDataSubjectOptOut", true}});
    }
}

void Database::seed() {
    tables_.clear();
    for (const auto& type : schema()) tables_.emplace_back(type);
    seedFixed();
    for (const char* object :
         {"Account", "Individual", "ContactPointTypeConsent", "Contact", "Lead"}) {
        seedTable(object, seededCount(object, world_.size()));
    }
}

}  // namespace concordat::simulators::salesforce
