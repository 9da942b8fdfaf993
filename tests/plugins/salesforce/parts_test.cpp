// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "plugins/salesforce/cursor.h"
#include "plugins/salesforce/observe.h"
#include "plugins/salesforce/requests.h"
#include "plugins/salesforce/times.h"
#include "sdk/concordat/connector.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::salesforce;
using nlohmann::json;

TEST_CASE("times are written for Salesforce's queries") {
    CHECK(soqlTime(1'772'359'872'000) == "2026-03-01T10:11:12Z");
    CHECK(soqlTime(1'772'359'872'045) == "2026-03-01T10:11:12.045Z");
}

TEST_CASE("an id is compared in its 18 characters") {
    CHECK(fullId("001D000000IqhSL") == "001D000000IqhSLIAZ");
    CHECK(fullId("001D000000IqhSLIAZ") == "001D000000IqhSLIAZ");
    CHECK(fullId("001D000000IqhS").empty());
    CHECK(fullId("001D000000Iqh'L").empty());
    CHECK(isIdOf(kContact, "003D000000IqhSL"));
    CHECK(!isIdOf(kContact, "00QD000000IqhSL"));
}

TEST_CASE("no text ends a SOQL literal or an address") {
    CHECK(soqlText("o'neil\\") == "'o\\'neil\\\\'");
    CHECK(soqlText("a\nb\"") == "'a\\u000Ab\\\"'");
    CHECK(percentEncode("a+b&c=é") == "a%2Bb%26c%3D%C3%A9");
    std::vector<std::string> literals(2'000, soqlText("003D000000IqhSLIAZ"));
    std::size_t count = 0;
    for (const auto& part : inParts(literals)) {
        CHECK(percentEncode(inQuery({"Id"}, "Contact", "Id", part)).size() < 14'000);
        count += part.size();
    }
    CHECK(count == literals.size());
}

TEST_CASE("numbers are one number however they are written, and never by their end alone") {
    sdk::Observation seen;
    const auto holdsNumber = [&seen](const std::string& stored, const std::string& asked) {
        seen.identifiers = {{sdk::IdentifierKind::Phone, stored, "Phone"}};
        return holds(seen, {sdk::IdentifierKind::Phone, asked, ""});
    };
    CHECK(holdsNumber("06 12 34 56 78", "+33612345678"));
    CHECK(holdsNumber("+33 (0)6.12.34.56.78", "+33612345678"));
    CHECK(holdsNumber("0033 612345678", "+33612345678"));
    CHECK(holdsNumber("(415) 555-1234", "+14155551234"));
    CHECK(!holdsNumber("+32 612345678", "+33612345678"));
    CHECK(!holdsNumber("12345678", "+33612345678"));
    CHECK(!holdsNumber("", ""));
    CHECK(phonePattern("+33 6 12 34 56 78") == "%1%2%3%4%5%6%7%8");
    CHECK(phonePattern("12 34").empty());
}

TEST_CASE("a cursor that is not ours is refused, and an id in it cannot leave its quotes") {
    CHECK_THROWS_AS(readCursor("x", {&kContact}), sdk::CallError);
    CHECK_THROWS_AS(readCursor(R"({"v":2,"objects":{}})", {&kContact}), sdk::CallError);
    CHECK_THROWS_AS(
        readCursor(
            R"({"v":1,"objects":{"Contact":{"loaded":true,"safe":0,"wideAt":0,"covered":0,"deletedAt":0,"near":[0,"' OR Id != '"]}}})",
            {&kContact}),
        sdk::CallError);
    Cursor cursor = readCursor("", {&kContact});
    beginRounds(cursor, 1'000);
    advance(cursor["Contact"], {Key{500'000, "003D000000IqhSLIAZ"}, false, 900'000}, 1'000'000);
    CHECK(readCursor(writeCursor(cursor), {&kContact}) == cursor);
    CHECK(cursor["Contact"].safe == 600'000);
}

TEST_CASE("settings that cannot work are refused by name") {
    const auto refuse = [](json change) {
        json settings = {{"my_domain_url", "https://acme.my.salesforce.com"}, {"client_id", "x"}};
        settings.update(change);
        CHECK_THROWS_AS(readSettings(settings), sdk::CallError);
    };
    refuse({{"my_domain_url", "acme"}});
    refuse({{"api_version", "new"}});
    refuse({{"objects", {"Case"}}});
    refuse({{"objects", {"ContactPointTypeConsent"}}});
    refuse({{"external_ids", {{"a", "x'y"}}}});
    refuse({{"purposes", 5}});
}
