// SPDX-License-Identifier: Apache-2.0
#include <Poco/TemporaryFile.h>

#include "tests/simulators/salesforce/rig.h"
#include "tools/simulators/salesforce/times.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

TEST_CASE("a record is created, read, changed and deleted") {
    Rig rig;
    const auto made =
        rig.ask("POST", "/sobjects/Contact", R"({"LastName":"Rossi","FirstName":"Ada"})");
    CHECK(made.status == 201);
    const auto id = json::parse(made.body).at("id").get<std::string>();
    CHECK(headerOf(made, "Location") == "/services/data/v66.0/sobjects/Contact/" + id);
    CHECK(rig.ask("PATCH", "/sobjects/Contact/" + id, R"({"hasoptedoutofemail":true})").status ==
          204);
    const auto read = rig.json("GET", "/sobjects/Contact/" + id.substr(0, 15) +
                                          "?fields=Id,Name,HasOptedOutOfEmail,SystemModstamp");
    CHECK(read.at("Name") == "Ada Rossi");
    CHECK(read.at("HasOptedOutOfEmail") == true);
    CHECK(read.at("SystemModstamp").get<std::string>().substr(19) == ".000+0000");
    CHECK(rig.ask("DELETE", "/sobjects/Contact/" + id).status == 204);
    CHECK(rig.ask("GET", "/sobjects/Contact/" + id).status == 404);
    CHECK(errorOf(rig.ask("PATCH", "/sobjects/Contact/" + id, "{}")) == "ENTITY_IS_DELETED");
    CHECK(errorOf(rig.ask("DELETE", "/sobjects/Contact/" + id)) == "ENTITY_IS_DELETED");
}

TEST_CASE("what a field does not take is refused") {
    Rig rig;
    const auto refused = [&](const std::string& body) {
        const auto reply = rig.ask("POST", "/sobjects/Contact", body);
        CHECK(reply.status == 400);
        return errorOf(reply);
    };
    CHECK(refused("{}") == "REQUIRED_FIELD_MISSING");
    CHECK(refused(R"({"LastName":"  "})") == "REQUIRED_FIELD_MISSING");
    CHECK(refused(R"({"LastName":"X","Foo":1})") == "INVALID_FIELD");
    CHECK(refused(R"({"LastName":"X","Id":"003"})") == "INVALID_FIELD");
    CHECK(refused(R"({"LastName":"X","Email":"nobody"})") == "INVALID_EMAIL_ADDRESS");
    CHECK(refused(R"({"LastName":"X","HasOptedOutOfEmail":"true"})") == "JSON_PARSER_ERROR");
    CHECK(refused(R"({"LastName":"X","HasOptedOutOfEmail":null})") ==
          "INVALID_TYPE_ON_FIELD_IN_RECORD");
    CHECK(refused(R"({"LastName":5})") == "JSON_PARSER_ERROR");
    CHECK(refused(R"({"LastName":"X","CreatedDate":"2026-01-01T00:00:00Z"})") ==
          "INVALID_FIELD_FOR_INSERT_UPDATE");
    CHECK(refused(R"({"LastName":"X","AccountId":"003000000000001"})") == "MALFORMED_ID");
    CHECK(refused(R"({"LastName":"X","AccountId":")" + rig.id("Account", 999) + "\"}") ==
          "INVALID_CROSS_REFERENCE_KEY");
    CHECK(refused(R"({"LastName":")" + std::string(81, 'x') + "\"}") == "STRING_TOO_LONG");
    CHECK(refused("[1") == "JSON_PARSER_ERROR");
    CHECK(errorOf(rig.ask("PATCH", "/sobjects/Contact/0031", "{}")) == "MALFORMED_ID");
    CHECK(errorOf(rig.ask("PUT", "/sobjects/Contact/" + rig.id("Contact"))) ==
          "METHOD_NOT_ALLOWED");
}

TEST_CASE("consent records demand their capture fields and known statuses") {
    Rig rig;
    json consent = {{"Name", "n"},
                    {"PartyId", rig.id("Individual")},
                    {"ContactPointType", "Email"},
                    {"CaptureContactPointType", "Web"},
                    {"CaptureSource", "hub"},
                    {"CaptureDate", "2026-03-01T10:11:12.345Z"},
                    {"PrivacyConsentStatus", "OptOut"},
                    {"DataUsePurposeId", rig.id("DataUsePurpose")}};
    const auto id = rig.json("POST", "/sobjects/ContactPointTypeConsent", consent.dump())
                        .at("id")
                        .get<std::string>();
    const auto found = rig.query(
                              "SELECT CaptureDate, DataUsePurpose.Name FROM "
                              "ContactPointTypeConsent WHERE PartyId = '" +
                              rig.id("Individual") + "' AND Id = '" + id + "'")
                           .at("records")[0];
    CHECK(found.at("CaptureDate") == "2026-03-01T10:11:12.000+0000");
    CHECK(found.at("DataUsePurpose").at("Name") == "Marketing");
    consent["PrivacyConsentStatus"] = "Yes";
    CHECK(errorOf(rig.ask("POST", "/sobjects/ContactPointTypeConsent", consent.dump())) ==
          "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    consent.erase("CaptureSource");
    consent["PrivacyConsentStatus"] = "OptIn";
    CHECK(errorOf(rig.ask("POST", "/sobjects/ContactPointTypeConsent", consent.dump())) ==
          "REQUIRED_FIELD_MISSING");
}

TEST_CASE("upsert by external id creates, updates, refuses several and obeys updateOnly") {
    Rig rig;
    const std::string path = "/sobjects/Contact/External_Id__c/k%2F1";
    CHECK(rig.ask("PATCH", path + "?updateOnly=true", R"({"LastName":"A"})").status == 404);
    const auto made = rig.ask("PATCH", path, R"({"LastName":"A"})");
    CHECK(made.status == 201);
    CHECK(json::parse(made.body).at("created") == true);
    const auto updated = rig.ask("PATCH", path, R"({"DoNotCall":true})");
    CHECK(updated.status == 200);
    CHECK(json::parse(updated.body).at("created") == false);
    CHECK(rig.json("GET", path).at("DoNotCall") == true);
    rig.contact({{"LastName", "B"}, {"Legacy_Id__c", "7"}});
    rig.contact({{"LastName", "C"}, {"Legacy_Id__c", "7"}});
    const auto several =
        rig.ask("PATCH", "/sobjects/Contact/Legacy_Id__c/7", R"({"DoNotCall":true})");
    CHECK(several.status == 300);
    CHECK(json::parse(several.body).size() == 2);
    CHECK(errorOf(rig.ask("POST", "/sobjects/Contact",
                          R"({"LastName":"D","External_Id__c":"k/1"})")) == "DUPLICATE_VALUE");
}

TEST_CASE("conditional requests compare whole seconds") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "X"}});
    const auto path = "/sobjects/Contact/" + id;
    const auto past = showHttpTime(rig.stage.now() - 60000);
    const auto future = showHttpTime(rig.stage.now() + 60000);
    CHECK(rig.ask("PATCH", path, R"({"DoNotCall":true})", {{"If-Unmodified-Since", past}}).status ==
          412);
    CHECK(
        rig.ask("PATCH", path, R"({"DoNotCall":true})", {{"If-Unmodified-Since", future}}).status ==
        204);
    CHECK(rig.ask("PATCH", path, "{}", {{"If-Unmodified-Since", "yesterday"}}).status == 400);
    CHECK(rig.ask("GET", path, "", {{"If-Modified-Since", future}}).status == 304);
    CHECK(rig.ask("GET", path, "", {{"If-Modified-Since", past}}).status == 200);
}

TEST_CASE("a merge deletes the loser with its master's id and keeps the master's flags") {
    Rig rig;
    const auto master = rig.contact({{"LastName", "M"}});
    const auto loser = rig.contact({{"LastName", "L"},
                                    {"HasOptedOutOfEmail", true},
                                    {"IndividualId", rig.id("Individual", 2)}});
    rig.act({{"do", "merge"}, {"id", master}, {"losers", {loser}}, {"user", "Marie"}});
    const auto lost = rig.query(
        "SELECT MasterRecordId, IsDeleted FROM Contact WHERE Id = '" + loser + "'", "queryAll");
    CHECK(lost.at("records")[0].at("MasterRecordId") == master);
    const auto kept = rig.json("GET", "/sobjects/Contact/" + master);
    CHECK(kept.at("HasOptedOutOfEmail") == false);
    CHECK(kept.at("IndividualId") == rig.id("Individual", 2));
    CHECK(errorOf(rig.ask("PATCH", "/sobjects/Contact/" + loser, "{}")) == "ENTITY_IS_DELETED");
}

TEST_CASE("a converted lead becomes a contact and can no longer be changed") {
    Rig rig;
    const auto lead = rig.id("Lead");
    const auto contact = rig.act({{"do", "convert"}, {"object", "Lead"}, {"id", lead}});
    const auto row =
        rig.query("SELECT IsConverted, ConvertedContactId FROM Lead WHERE Id = '" + lead + "'")
            .at("records")[0];
    CHECK(row.at("IsConverted") == true);
    CHECK(row.at("ConvertedContactId") == contact.at("Id"));
    CHECK(errorOf(rig.ask("PATCH", "/sobjects/Lead/" + lead, R"({"HasOptedOutOfEmail":true})")) ==
          "CANNOT_UPDATE_CONVERTED_LEAD");
}

TEST_CASE("an undeleted record is back with its values") {
    Rig rig;
    const auto id = rig.id("Contact", 5);
    const auto before = rig.json("GET", "/sobjects/Contact/" + id + "?fields=Email,LastName");
    rig.act({{"do", "delete"}, {"id", id}});
    CHECK(rig.ask("GET", "/sobjects/Contact/" + id).status == 404);
    rig.act({{"do", "undelete"}, {"id", id}});
    CHECK(rig.json("GET", "/sobjects/Contact/" + id + "?fields=Email,LastName") == before);
}

TEST_CASE("the history names the client, its origin tag and the person in the UI") {
    Rig rig;
    const auto id = rig.contact({{"LastName", "X"}});
    const auto since = std::to_string(rig.stage.journal.lastSeq());
    rig.ask("PATCH", "/sobjects/Contact/" + id, R"({"DoNotCall":true})",
            {{"Sforce-Call-Options", "client=hub/1, defaultNamespace=x"}});
    rig.act(
        {{"do", "update"}, {"id", id}, {"set", {{"DoNotCall", false}}}, {"user", "Marie Curie"}});
    const auto writes = rig.admin("GET", "writes?since=" + since).at("writes");
    REQUIRE(writes.size() == 2);
    CHECK(writes[0].at("actor") == "api:demo-client");
    CHECK(writes[0].at("origin") == "hub/1");
    CHECK(writes[0].at("before") == false);
    CHECK(writes[0].at("after") == true);
    CHECK(writes[1].at("actor") == "user:Marie Curie");
    const auto by = rig.query("SELECT LastModifiedBy.Name FROM Contact WHERE Id = '" + id + "'")
                        .at("records")[0];
    CHECK(by.at("LastModifiedBy").at("Name") == "Marie Curie");
}

TEST_CASE("a change that changes nothing still moves the stamp") {
    Rig rig;
    const auto id = rig.id("Contact", 8);
    const auto stamp = [&] {
        return rig.json("GET", "/sobjects/Contact/" + id + "?fields=SystemModstamp")
            .at("SystemModstamp");
    };
    const auto before = stamp();
    rig.ask("PATCH", "/sobjects/Contact/" + id, "{}");
    CHECK(stamp() != before);
}

TEST_CASE("a restart brings back every field, stamp and author") {
    Poco::TemporaryFile file;
    const std::string soql =
        "SELECT FIELDS(STANDARD) FROM Contact WHERE LastName = 'Kept' OR LastName = 'Changed'";
    json before;
    {
        Rig rig(file.path());
        const auto id = rig.contact({{"LastName", "Kept"}, {"Email", "Kept@example.com"}});
        rig.contact({{"LastName", "Lost"}});
        rig.act({{"do", "update"},
                 {"id", rig.id("Contact", 4)},
                 {"set", {{"LastName", "Changed"}}},
                 {"user", "Marie"}});
        rig.ask("PATCH", "/sobjects/Contact/" + id, "{}");
        rig.act({{"do", "delete"},
                 {"id", rig.query("SELECT Id FROM Contact WHERE LastName = 'Lost'")
                            .at("records")[0]
                            .at("Id")}});
        before = rig.query(soql);
        CHECK(before.at("totalSize") == 2);
    }
    Rig again(file.path());
    CHECK(again.query(soql) == before);
    CHECK(again.query("SELECT Id FROM Contact WHERE Email = 'kept@example.com'").at("totalSize") ==
          1);
    CHECK(again.query("SELECT Id FROM Contact WHERE LastName = 'Lost'").at("totalSize") == 0);
}

TEST_CASE("a restored backup has the old values and the old stamps") {
    Rig rig;
    const auto id = rig.id("Contact", 2);
    const auto before = rig.json("GET", "/sobjects/Contact/" + id);
    rig.admin("POST", "snapshot");
    rig.ask("PATCH", "/sobjects/Contact/" + id, R"({"Title":"Dr"})");
    rig.admin("POST", "restore");
    CHECK(rig.json("GET", "/sobjects/Contact/" + id) == before);
}
