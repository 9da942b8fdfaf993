// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

namespace {

json record(const std::string& type, json fields) {
    fields["attributes"] = {{"type", type}};
    return fields;
}

std::string body(json records, bool allOrNone = false) {
    return json{{"allOrNone", allOrNone}, {"records", std::move(records)}}.dump();
}

}  // namespace

TEST_CASE("each record of a collection has its own outcome, in order, in a 200 reply") {
    Rig rig;
    const auto reply =
        rig.ask("PATCH", "/composite/sobjects",
                body({record("Contact", {{"id", rig.id("Contact")}, {"DoNotCall", true}}),
                      record("Contact", {{"id", rig.id("Contact", 99999)}, {"DoNotCall", true}}),
                      record("Contact", {{"id", rig.id("Contact", 1)}, {"Email", "bad"}})}));
    CHECK(reply.status == 200);
    const auto out = json::parse(reply.body);
    CHECK(out[0].at("success") == true);
    CHECK(out[0].at("id") == rig.id("Contact"));
    CHECK(out[1].at("errors")[0].contains("statusCode"));
    CHECK(out[2].at("errors")[0].at("statusCode") == "INVALID_EMAIL_ADDRESS");
    CHECK(rig.json("GET", "/sobjects/Contact/" + rig.id("Contact")).at("DoNotCall") == true);
}

TEST_CASE("all or none rolls the good records back and says so") {
    Rig rig;
    const auto made = rig.json(
        "POST", "/composite/sobjects",
        body({record("Contact", {{"LastName", "Zz"}}), record("Lead", {{"LastName", "Zz"}})},
             true));
    CHECK(made[0].at("errors")[0].at("statusCode") == "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    CHECK(made[1].at("errors")[0].at("statusCode") == "REQUIRED_FIELD_MISSING");
    CHECK(rig.query("SELECT Id FROM Contact WHERE LastName = 'Zz'").at("totalSize") == 0);
    CHECK(rig.stage.journal.lastSeq() == 0);
}

TEST_CASE("more than 200 records or ten chunks are refused as a whole") {
    Rig rig;
    json many = json::array();
    for (int i = 0; i < 201; ++i) many.push_back(record("Contact", {{"LastName", "X"}}));
    CHECK(rig.ask("POST", "/composite/sobjects", body(many)).status == 400);
    json mixed = json::array();
    for (int i = 0; i < 11; ++i) {
        mixed.push_back(record(i % 2 == 0 ? "Contact" : "Individual", {{"LastName", "X"}}));
    }
    CHECK(rig.ask("POST", "/composite/sobjects", body(mixed)).status == 400);
    mixed.erase(0);
    CHECK(rig.ask("POST", "/composite/sobjects", body(mixed)).status == 200);
    CHECK(rig.ask("POST", "/composite/sobjects", R"({"records":[{"LastName":"X"}]})").status ==
          400);
    CHECK(rig.ask("POST", "/composite/sobjects", R"({"allOrNone":"x","records":[]})").status ==
          400);
}

TEST_CASE("many are read with null where nothing is, and deleted by id") {
    Rig rig;
    const auto gone = rig.id("Contact", 1);
    const auto deleted =
        rig.json("DELETE", "/composite/sobjects?ids=" + gone + ",0030&allOrNone=false");
    CHECK(deleted[0].at("success") == true);
    CHECK(deleted[1].at("success") == false);
    const auto read =
        rig.json("POST", "/composite/sobjects/Contact",
                 json{{"ids", {rig.id("Contact"), gone}}, {"fields", {"Id", "Email"}}}.dump());
    CHECK(read[0].at("Id") == rig.id("Contact"));
    CHECK(read[1].is_null());
    CHECK(rig.ask("POST", "/composite/sobjects/Contact",
                  json{{"ids", {gone}}, {"fields", {"Nothing"}}}.dump())
              .status == 400);
    CHECK(rig.json("GET", "/composite/sobjects/Contact?ids=" + rig.id("Contact") + "&fields=Id")
              .size() == 1);
}

TEST_CASE("a collection upsert tells what it created") {
    Rig rig;
    const auto upsert = [&] {
        return rig.json(
            "PATCH", "/composite/sobjects/Contact/External_Id__c",
            body({record("Contact", {{"External_Id__c", "a.b/c"}, {"LastName", "U"}})}));
    };
    CHECK(upsert()[0].at("created") == true);
    CHECK(upsert()[0].at("created") == false);
}

TEST_CASE("lock faults fail one record, a share, or the whole chunk") {
    Rig rig;
    json four = json::array();
    for (std::uint64_t i = 0; i < 4; ++i) {
        four.push_back(record("Contact", {{"id", rig.id("Contact", i)}, {"Title", "T"}}));
    }
    const auto failures = [&](const std::string& fault) {
        rig.admin("POST", "faults", fault);
        int failed = 0;
        for (const auto& one : rig.json("PATCH", "/composite/sobjects", body(four))) {
            if (one.at("success") == true) continue;
            CHECK(one.at("errors")[0].at("statusCode") == "UNABLE_TO_LOCK_ROW");
            ++failed;
        }
        return failed;
    };
    CHECK(failures(R"({"kind":"lock_row"})") == 1);
    CHECK(failures(R"({"kind":"lock_chunk"})") == 4);
    CHECK(failures(R"({"kind":"partial_batch","share":0.5})") == 2);
}

TEST_CASE("the reply of a write can be lost after the commit") {
    Rig rig;
    rig.admin("POST", "faults", R"({"kind":"commit_then_reset"})");
    const auto reply =
        rig.ask("PATCH", "/sobjects/Contact/" + rig.id("Contact"), R"({"Title":"Dr"})");
    CHECK(reply.delivery == Delivery::reset);
    CHECK(rig.json("GET", "/sobjects/Contact/" + rig.id("Contact")).at("Title") == "Dr");
}
