// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/signature.h"

#include "hub/gateway/digest.h"
#include "tests/support/check.h"

using namespace concordat::gateway;

namespace {

const SystemTime kNow{std::chrono::seconds(1'700'000'000)};

SignatureVerdict verdictOf(const SignatureRule& rule,
                           const Headers& headers,
                           const std::string& body) {
    return checkSignature(rule, {"key"}, headers, body, kNow).verdict;
}

SignatureRule timedRule() {
    SignatureRule rule;
    rule.header = "x-signature";
    rule.timeHeader = "x-time";
    rule.tolerance = std::chrono::seconds(300);
    return rule;
}

Headers timedHeaders(const std::string& time, const std::string& body) {
    return {{"x-time", time}, {"x-signature", hex(*hmac("sha256", "key", time + "." + body))}};
}

}  // namespace

TEST_CASE("a hash of key and body is checked as Sellsy sends it") {
    SignatureRule rule;
    rule.kind = "digest";
    rule.hash = "sha1";
    rule.header = "x-webhook-signature";
    const std::string good = hex(*digest("sha1", "keynotif=1"));
    CHECK(verdictOf(rule, {{"x-webhook-signature", good}}, "notif=1") == SignatureVerdict::Valid);
    CHECK(verdictOf(rule, {{"x-webhook-signature", good}}, "notif=2") == SignatureVerdict::Wrong);
    CHECK(verdictOf(rule, {}, "notif=1") == SignatureVerdict::Missing);
}

TEST_CASE("an hmac is checked in hex and in base64, with its prefix") {
    SignatureRule rule;
    rule.header = "x-hub-signature-256";
    rule.prefix = "sha256=";
    const std::string mac = *hmac("sha256", "key", "{}");
    CHECK(verdictOf(rule, {{rule.header, "sha256=" + hex(mac)}}, "{}") == SignatureVerdict::Valid);
    CHECK(verdictOf(rule, {{rule.header, hex(mac)}}, "{}") == SignatureVerdict::Wrong);
    rule.prefix.clear();
    rule.encoding = "base64";
    CHECK(verdictOf(rule, {{rule.header, base64(mac)}}, "{}") == SignatureVerdict::Valid);
    CHECK(verdictOf(rule, {{rule.header, "###"}}, "{}") == SignatureVerdict::Wrong);
}

TEST_CASE("a signature by any of several keys is valid while a key is replaced") {
    SignatureRule rule;
    rule.header = "x-signature";
    const Headers headers{{"x-signature", hex(*hmac("sha256", "old", "{}"))}};
    CHECK(checkSignature(rule, {"new", "old"}, headers, "{}", kNow).verdict ==
          SignatureVerdict::Valid);
    CHECK(checkSignature(rule, {"new"}, headers, "{}", kNow).verdict == SignatureVerdict::Wrong);
    CHECK(checkSignature(rule, {}, headers, "{}", kNow).verdict == SignatureVerdict::Wrong);
    CHECK(checkSignature(rule, {""}, {{"x-signature", hex(*hmac("sha256", "", "{}"))}}, "{}", kNow)
              .verdict == SignatureVerdict::Wrong);
}

TEST_CASE("a signed time must be near the hub's clock") {
    const SignatureRule rule = timedRule();
    const auto good = checkSignature(rule, {"key"}, timedHeaders("1699999900", "{}"), "{}", kNow);
    CHECK(good.verdict == SignatureVerdict::Valid);
    CHECK(good.timed);
    CHECK(verdictOf(rule, timedHeaders("1700000100000", "{}"), "{}") == SignatureVerdict::Valid);
    CHECK(verdictOf(rule, timedHeaders("1699999000", "{}"), "{}") == SignatureVerdict::TooOld);
    CHECK(verdictOf(rule, timedHeaders("1700001000", "{}"), "{}") == SignatureVerdict::TooOld);
    CHECK(verdictOf(rule, timedHeaders("soon", "{}"), "{}") == SignatureVerdict::TimeMissing);
}

TEST_CASE("a time that is not under the signature does not count") {
    SignatureRule rule = timedRule();
    rule.signedText = "{body}";
    const Headers headers{{"x-time", "1700000000"},
                          {"x-signature", hex(*hmac("sha256", "key", "{}"))}};
    const auto check = checkSignature(rule, {"key"}, headers, "{}", kNow);
    CHECK(check.verdict == SignatureVerdict::Valid);
    CHECK_FALSE(check.timed);
}

TEST_CASE("tokens and basic credentials are compared") {
    SignatureRule rule;
    rule.kind = "token";
    rule.header = "x-token";
    CHECK(verdictOf(rule, {{"x-token", "key"}}, "{}") == SignatureVerdict::Valid);
    CHECK(verdictOf(rule, {{"x-token", "ke"}}, "{}") == SignatureVerdict::Wrong);
    rule.kind = "basic";
    const std::string basic = "Basic " + base64("u:p");
    CHECK(checkSignature(rule, {"u:p"}, {{"authorization", basic}}, "", kNow).verdict ==
          SignatureVerdict::Valid);
    CHECK(checkSignature(rule, {"u:q"}, {{"authorization", basic}}, "", kNow).verdict ==
          SignatureVerdict::Wrong);
    rule.kind = "none";
    CHECK(verdictOf(rule, {}, "") == SignatureVerdict::NotChecked);
}

TEST_CASE("a rule that cannot be used is refused with its reason") {
    SignatureRule rule;
    CHECK(problemWith(rule) == "the webhook signature names no header");
    rule.header = "x";
    rule.hash = "crc32";
    CHECK(problemWith(rule) == "unknown webhook signature hash crc32");
    CHECK(verdictOf(rule, {{"x", "1"}}, "") == SignatureVerdict::Wrong);
    rule.hash = "sha256";
    rule.signedText = "{time}";
    CHECK(problemWith(rule) == "the webhook signature does not cover the body");
    rule.kind = "magic";
    CHECK(problemWith(rule) == "unknown webhook signature kind magic");
}
