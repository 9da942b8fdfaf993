// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

namespace {

json fieldNamed(const json& describe, const std::string& name) {
    for (const auto& field : describe.at("fields")) {
        if (field.at("name") == name) return field;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("describe tells the flags of the object reference") {
    Rig rig;
    const auto contact = rig.json("GET", "/sobjects/contact/describe");
    CHECK(contact.at("replicateable") == true);
    const auto flag = fieldNamed(contact, "HasOptedOutOfEmail");
    CHECK(flag.at("type") == "boolean");
    CHECK(flag.at("updateable") == true);
    CHECK(flag.at("defaultedOnCreate") == true);
    CHECK(fieldNamed(contact, "IndividualId").at("referenceTo") == json::array({"Individual"}));
    CHECK(fieldNamed(contact, "SystemModstamp").at("updateable") == false);
    const auto consent = rig.json("GET", "/sobjects/ContactPointTypeConsent/describe");
    CHECK(fieldNamed(consent, "PrivacyConsentStatus").at("picklistValues").size() == 6);
    CHECK(rig.json("GET", "/sobjects").at("sobjects").size() > 20);
}

TEST_CASE("a hidden field exists nowhere") {
    Rig rig;
    rig.admin("POST", "settings", R"({"hidden_fields":["Contact.HasOptedOutOfEmail"]})");
    CHECK(
        fieldNamed(rig.json("GET", "/sobjects/Contact/describe"), "HasOptedOutOfEmail").is_null());
    CHECK(rig.refusal("SELECT HasOptedOutOfEmail FROM Contact") == "INVALID_FIELD");
    const auto path = "/sobjects/Contact/" + rig.id("Contact");
    CHECK(errorOf(rig.ask("PATCH", path, R"({"HasOptedOutOfEmail":true})")) == "INVALID_FIELD");
    CHECK_FALSE(rig.json("GET", path).contains("HasOptedOutOfEmail"));
    rig.admin("POST", "settings",
              R"({"hidden_fields":[],"read_only_fields":["Contact.HasOptedOutOfEmail"]})");
    CHECK(errorOf(rig.ask("PATCH", path, R"({"HasOptedOutOfEmail":true})")) ==
          "INVALID_FIELD_FOR_INSERT_UPDATE");
}

TEST_CASE("a duplicate rule shows the matches, and an alert can be passed") {
    Rig rig;
    rig.contact({{"LastName", "A"}, {"Email", "same@example.com"}});
    rig.admin("POST", "settings", R"({"duplicate_rule":"alert"})");
    const std::string twin = R"({"LastName":"B","Email":"SAME@example.com"})";
    const auto refused = rig.ask("POST", "/sobjects/Contact", twin);
    CHECK(refused.status == 400);
    const auto error = json::parse(refused.body).at(0);
    CHECK(error.at("errorCode") == "DUPLICATES_DETECTED");
    CHECK(error.at("duplicateResut").at("matchResults")[0].at("matchRecords").size() == 1);
    const Headers pass = {
        {"Sforce-Duplicate-Rule-Header", "allowSave=true; runAsCurrentUser=true"}};
    CHECK(rig.ask("POST", "/sobjects/Contact", twin, pass).status == 201);
    rig.admin("POST", "settings", R"({"duplicate_rule":"block"})");
    CHECK(rig.ask("POST", "/sobjects/Contact", twin, pass).status == 400);
}

TEST_CASE("a flow changes a second field in our transaction under our origin") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "F"}});
    rig.admin("POST", "settings",
              R"({"flow":{"object":"Contact","when":"HasOptedOutOfEmail","then":"DoNotCall"}})");
    const auto since = std::to_string(rig.stage.journal.lastSeq());
    rig.ask("PATCH", "/sobjects/Contact/" + id, R"({"HasOptedOutOfEmail":true})",
            {{"Sforce-Call-Options", "client=hub"}});
    const auto writes = rig.admin("GET", "writes?since=" + since).at("writes");
    REQUIRE(writes.size() == 2);
    CHECK(writes[1].at("actor") == "flow:HasOptedOutOfEmail to DoNotCall");
    CHECK(writes[1].at("field") == "DoNotCall");
    CHECK(writes[1].at("origin") == "hub");
}

TEST_CASE("a validation rule refuses with the admin's own words") {
    Rig rig;
    rig.admin(
        "POST", "settings",
        R"({"validation":{"object":"Contact","field":"DoNotCall","message":"Nur per Formular"}})");
    const auto reply =
        rig.ask("PATCH", "/sobjects/Contact/" + rig.id("Contact"), R"({"DoNotCall":true})");
    CHECK(errorOf(reply) == "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    CHECK(json::parse(reply.body).at(0).at("message") == "Nur per Formular");
}

TEST_CASE("limits and timeouts of the vendor can be ordered") {
    Rig rig;
    rig.admin("POST", "faults",
              R"([{"kind":"429"},{"kind":"concurrent_limit"},{"kind":"query_timeout"}])");
    CHECK(errorOf(rig.ask("GET", "/limits")) == "REQUEST_LIMIT_EXCEEDED");
    CHECK(json::parse(rig.ask("GET", "/limits").body).at(0).at("message") ==
          "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
    CHECK(errorOf(rig.ask("GET", "/query?q=SELECT+Id+FROM+Contact")) == "QUERY_TIMEOUT");
}

TEST_CASE("seeded people have consents, leads and shared mailboxes") {
    Rig rig;
    const auto count = [&](const std::string& soql) {
        return rig.query(soql).at("totalSize").get<int>();
    };
    CHECK(count("SELECT COUNT() FROM Contact WHERE HasOptedOutOfEmail = true") > 10);
    CHECK(count("SELECT COUNT() FROM Lead") == 50);
    CHECK(
        count("SELECT COUNT() FROM ContactPointTypeConsent WHERE PrivacyConsentStatus = 'OptIn'") >
        5);
    CHECK(count("SELECT COUNT() FROM Contact WHERE Email = null") > 3);
}
