// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/times.h"
#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins;
using namespace concordat::plugins::testing;
using sdk::Shown;

namespace {

const sdk::SlotReading& readingIn(const sdk::Observation& seen, const std::string& slot) {
    static const sdk::SlotReading kMissing{"", Shown::Absent, std::nullopt, std::nullopt,
                                           "missing"};
    for (const auto& reading : seen.slots)
        if (reading.slot == slot) return reading;
    return kMissing;
}

struct ConsentBench : Bench {
    ConsentBench()
        : Bench({"Contact", "Individual", "ContactPointTypeConsent"},
                {{"purposes", {{"Newsletter", "NEWS"}}}}) {
        const json fields = {{"PartyId", ""},
                             {"ContactPointType", ""},
                             {"PrivacyConsentStatus", ""},
                             {"CaptureDate", nullptr},
                             {"CaptureSource", nullptr},
                             {"DoubleConsentCaptureDate", nullptr},
                             {"EffectiveFrom", nullptr},
                             {"EffectiveTo", nullptr},
                             {"DataUsePurposeId", nullptr},
                             {"Name", ""}};
        org.extraFields["ContactPointTypeConsent"] = fields;
        org.add("Contact", 1, kOld)["IndividualId"] = idOf("Individual", 1);
        org.add("Individual", 1, kOld);
        org.objects["DataUsePurpose"][idOf("DataUsePurpose", 7)] = {
            {"Id", idOf("DataUsePurpose", 7)},
            {"Name", "Newsletter"},
            {"IsDeleted", false},
            {"SystemModstamp", Org::stamp(kOld)}};
    }
    json& consent(int number, const std::string& status, const char* purpose, sdk::EpochMs at) {
        auto& row = org.add("ContactPointTypeConsent", number, at);
        row["PartyId"] = idOf("Individual", 1), row["ContactPointType"] = "Email";
        row["PrivacyConsentStatus"] = status, row["CaptureDate"] = Org::stamp(kOld - 60'000);
        row["CaptureSource"] = "web form", row["DataUsePurposeId"] = nullptr;
        if (purpose) {
            row["DataUsePurposeId"] = idOf("DataUsePurpose", 7);
            row["DataUsePurpose"] = {{"Name", purpose}};
        }
        return row;
    }
    sdk::Observation individual() {
        return connector->read({{"Individual", idOf("Individual", 1)}}).observations.at(0);
    }
};

sdk::Evidence proof() {
    sdk::Evidence evidence;
    evidence.capturedAt = sdk::VendorTime{.at = kOld - 5'000};
    evidence.confirmedAt = sdk::VendorTime{.at = kOld - 4'000};
    evidence.source = "hub portal";
    return evidence;
}

}  // namespace

TEST_CASE("an individual shows its consents with their proof, and whose it is") {
    ConsentBench bench;
    bench.consent(1, "OptIn", "Newsletter", kOld + 9'000);
    const auto seen = bench.individual();
    const auto& reading = readingIn(seen, "consent.email");
    CHECK(reading.shown == Shown::Permit);
    REQUIRE(reading.evidence);
    CHECK(reading.evidence->capturedAt->at == kOld - 60'000);
    CHECK(reading.evidence->source == "web form");
    CHECK(reading.evidence->purposes == std::vector<std::string>{"NEWS"});
    CHECK(readingIn(seen, "consent.phone").shown == Shown::Absent);
    CHECK(seen.version == kOld + 9'000);
    CHECK(seen.person == sdk::RecordRef{"Contact", idOf("Contact", 1)});
}

TEST_CASE("a consent for a purpose that is not mapped grants nothing, its refusal counts") {
    ConsentBench bench;
    bench.consent(1, "OptIn", "Billing", kOld);
    CHECK(readingIn(bench.individual(), "consent.email").shown == Shown::None);
    bench.consent(2, "OptIn", "Newsletter", kOld);
    CHECK(readingIn(bench.individual(), "consent.email").shown == Shown::Permit);
    bench.consent(3, "OptOut", "Billing", kOld);
    CHECK(readingIn(bench.individual(), "consent.email").shown == Shown::Deny);
    bench.consent(3, "OptOutPending", "Billing", kOld);
    CHECK(readingIn(bench.individual(), "consent.email").shown == Shown::Permit);
}

TEST_CASE("a changed consent brings its individual") {
    ConsentBench bench;
    std::string cursor;
    bench.pullAll(cursor);
    bench.pass(5'000);
    bench.consent(1, "OptOut", "Newsletter", bench.org.clock);
    CHECK(bench.pullAll(cursor) == std::vector{idOf("Individual", 1)});
}

TEST_CASE("a refusal changes the consents there are, makes the one there is not, and no second") {
    ConsentBench bench;
    auto item = itemFor("Individual", 1, "consent.email", false);
    item.creationKey = "crm/Individual/1/4";
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    auto& rows = bench.org.objects["ContactPointTypeConsent"];
    REQUIRE(rows.size() == 1);
    CHECK(rows.begin()->second["PrivacyConsentStatus"] == json("OptOut"));
    CHECK(rows.begin()->second["DataUsePurposeId"] == json(idOf("DataUsePurpose", 7)));
    CHECK(rows.begin()->second["Name"].get<std::string>().find("crm/Individual/1/4") == 0);
    rows.begin()->second["DataUsePurpose"] = {{"Name", "Newsletter"}};
    CHECK(kindsOf(bench.connector->apply({item})) == "u");
    rows.begin()->second["PrivacyConsentStatus"] = "OptIn";
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    CHECK(rows.size() == 1);
    CHECK(readingIn(bench.individual(), "consent.email").shown == Shown::Deny);
}

TEST_CASE("a permit is written with its proof, for the purposes that the proof covers") {
    ConsentBench bench;
    auto item = itemFor("Individual", 1, "consent.email", true);
    CHECK(kindsOf(bench.connector->apply({item})) == "r");
    item.creationKey = "crm/Individual/1/5";
    item.writes[0].evidence = proof();
    item.writes[0].evidence->purposes = {"OTHER"};
    CHECK(kindsOf(bench.connector->apply({item})) == "r");
    item.writes[0].evidence->purposes = {"NEWS@2"};
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    auto& rows = bench.org.objects["ContactPointTypeConsent"];
    REQUIRE(rows.size() == 1);
    auto& row = rows.begin()->second;
    CHECK(row["PrivacyConsentStatus"] == json("OptIn"));
    CHECK(row["CaptureSource"] == json("hub portal"));
    CHECK(row["CaptureDate"] == json(salesforce::soqlTime(kOld - 5'000)));
    CHECK(row["DoubleConsentCaptureDate"] == json(salesforce::soqlTime(kOld - 4'000)));
    CHECK(row["DataUsePurposeId"] == json(idOf("DataUsePurpose", 7)));
    row["DataUsePurpose"] = {{"Name", "Newsletter"}};
    row["CaptureDate"] = Org::stamp(kOld - 5'000);
    CHECK(kindsOf(bench.connector->apply({item})) == "u");
    const auto seen = bench.individual();
    const auto& reading = readingIn(seen, "consent.email");
    CHECK(reading.shown == Shown::Permit);
    REQUIRE(reading.evidence);
    CHECK(reading.evidence->capturedAt->at == kOld - 5'000);
    CHECK(reading.evidence->source == "hub portal");
}

TEST_CASE("a permit lifts the refusal of its own purpose, and no other") {
    ConsentBench bench;
    auto item = itemFor("Individual", 1, "consent.email", true);
    item.writes[0].evidence = proof();
    auto& own = bench.consent(1, "OptOut", "Newsletter", kOld);
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    CHECK(own["PrivacyConsentStatus"] == json("OptIn"));
    bench.consent(2, "OptOut", "Billing", kOld);
    const auto refused = bench.connector->apply({item});
    CHECK(kindsOf(refused) == "r");
    CHECK_THAT(refused.outcomes[0].message, Catch::Contains("it is lifted in Salesforce"));
    item.writes[0].evidence->purposes = {"PROFILING"};
    CHECK(kindsOf(bench.connector->apply({item})) == "r");
}

TEST_CASE("a permit of an individual whose consents moved on is a conflict") {
    ConsentBench bench;
    auto& row = bench.consent(1, "OptOut", "Newsletter", kOld + 9'000);
    auto item = itemFor("Individual", 1, "consent.email", true);
    item.writes[0].evidence = proof();
    item.expectedVersion = kOld;
    CHECK(kindsOf(bench.connector->apply({item})) == "n");
    CHECK(row["PrivacyConsentStatus"] == json("OptOut"));
    item.expectedVersion = bench.individual().version;
    CHECK(kindsOf(bench.connector->apply({item})) == "a");
    CHECK(row["PrivacyConsentStatus"] == json("OptIn"));
}
