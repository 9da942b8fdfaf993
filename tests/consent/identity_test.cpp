// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/identity.h"

#include "tests/support/check.h"

using namespace concordat::consent;
using concordat::sdk::IdentifierKind;

namespace {

std::string email(const std::string& text) {
    const auto point = normalise({IdentifierKind::Email, text, ""}, "FR");
    return point ? point->value : "nothing";
}

std::string phone(const std::string& text, const std::string& region) {
    const auto point = normalise({IdentifierKind::Phone, text, ""}, region);
    return point ? point->value : "nothing";
}

}  // namespace

TEST_CASE("an e-mail address is trimmed and lower case") {
    CHECK(email("  Ana.Durand@Example.FR\t") == "ana.durand@example.fr");
    CHECK(email("\xC2\xA0"
                "ana@example.fr\xC2\xA0") == "ana@example.fr");
    CHECK(email("ana@example.fr.") == "ana@example.fr");
    CHECK(email("o'neill+news@example.fr") == "o'neill+news@example.fr");
}

TEST_CASE("an international host has one writing") {
    CHECK(email("Ana@Bücher.example") == "ana@xn--bcher-kva.example");
    CHECK(email("ana@xn--bcher-kva.example") == "ana@xn--bcher-kva.example");
    CHECK(email("ana@straße.example") == "ana@xn--strae-oqa.example");
    CHECK(email("ANA@例え.example") == "ana@xn--r8jz45g.example");
}

TEST_CASE("a local part in other letters is lower case and composed") {
    CHECK(email("HÉLÈNE@example.fr") == "hélène@example.fr");
    CHECK(email("he\xCC\x81le\xCC\x80ne@example.fr") == "hélène@example.fr");
}

TEST_CASE("an address that is too long once its host is written in ASCII is nothing") {
    std::string host;
    for (int label = 0; label < 17; ++label) host += "xx\xC3\xBCyy.";
    CHECK(normalise({IdentifierKind::Email, std::string(40, 'a') + "@" + host + "example", ""},
                    "FR") == std::nullopt);
}

TEST_CASE("what cannot be an address is nothing") {
    for (const char* text :
         {"", " ", "ana", "@example.fr", "ana@", "ana@localhost", "a b@example.fr",
          "ana@exa mple.fr", "ana@-example.fr", "ana@example..fr", "ana@@example.fr",
          "Ana <ana@example.fr>", "a@b.fr;c@d.fr", "ana@[127.0.0.1]", "ana@exämple_.fr",
          "\xFF@example.fr"})
        CHECK(email(text) == "nothing");
    CHECK(email(std::string(250, 'a') + "@example.fr") == "nothing");
}

TEST_CASE("a phone number is E.164, read in the region it is written in") {
    CHECK(phone("06 12 34 56 78", "FR") == "+33612345678");
    CHECK(phone("+33 (0)6 12 34 56 78", "IT") == "+33612345678");
    CHECK(phone("0033 6 12 34 56 78", "FR") == "+33612345678");
    CHECK(phone("02 1234 5678", "IT") == "+390212345678");
    CHECK(phone("+49 30 123456", "") == "+4930123456");
    CHECK(phone("06 12 34 56 78", "") == "nothing");
    CHECK(phone("call me", "FR") == "nothing");
    CHECK(phone("12", "FR") == "nothing");
}

TEST_CASE("a number whose normal form would be read in another way is none") {
    CHECK(phone("0 000000000", "DE") == "nothing");
    CHECK(phone("06 12345678", "IT") == "+390612345678");
    CHECK(phone("+390612345678", "DE") == "+390612345678");
    CHECK(phone("00521-15555-5-30123", "FR") == "nothing");
    CHECK(phone("00550-www032000000", "DE") == "nothing");
    CHECK(phone("+52 1 55 1234 5678", "MX") == phone("55 1234 5678", "MX"));
}

TEST_CASE("an external id keeps its letters and its namespace") {
    const auto point = normalise({IdentifierKind::External, " AB-12 ", "sap_customer"}, "");
    REQUIRE(point.has_value());
    CHECK(point->value == "AB-12");
    CHECK(point->name == "sap_customer");
    CHECK_FALSE(normalise({IdentifierKind::External, "  ", "sap_customer"}, "").has_value());
}

TEST_CASE("a mailbox of a function is no person, in four languages") {
    for (const char* text : {"info@a.fr", "no-reply@a.fr", "service.client@a.fr", "contact2@a.fr",
                             "info+crm@a.fr", "ufficio-acquisti@a.it", "kontakt@a.de",
                             "sales@a.com", "comptabilité@a.fr", "Büro@a.de"}) {
        const auto point = normalise({IdentifierKind::Email, text, ""}, "FR");
        REQUIRE(point.has_value());
        INFO(text);
        CHECK(point->role);
    }
    CHECK_FALSE(isRoleMailbox("ana.durand@a.fr"));
    CHECK_FALSE(isRoleMailbox("infante@a.fr"));
    CHECK_FALSE(isRoleMailbox("42@a.fr"));
}

TEST_CASE("the hash of a point says which channels it serves") {
    CHECK(pointServes("e:1", "email"));
    CHECK_FALSE(pointServes("e:1", "sms"));
    CHECK(pointServes("p:1", "sms"));
    CHECK(pointServes("p:1", "phone"));
    CHECK_FALSE(pointServes("p:1", "email"));
    CHECK_FALSE(pointServes("x:1", "email"));
    CHECK(pointServes("1234", "email"));
    CHECK(pointPrefix(IdentifierKind::Phone) == "p:");
}
