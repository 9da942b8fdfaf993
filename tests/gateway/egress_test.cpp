// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/egress.h"

#include "hub/gateway/address.h"
#include "tests/support/check.h"

using namespace concordat::gateway;

namespace {

std::string urlProblem(const std::string& url) { return readUrl(url).problem; }

std::string refusal(const EgressRules& rules, const std::string& method, const std::string& url) {
    const UrlReading reading = readUrl(url);
    return reading.url ? rules.check(method, *reading.url).problem : reading.problem;
}

EgressRules rulesFor(const std::string& host, bool internal = false) {
    return EgressRules({{host, {"GET"}, {"/v1/*"}, {}}}, internal);
}

Request withHeader(const std::string& name, const std::string& value = "x") {
    Request request;
    request.headers[name] = value;
    return request;
}

}  // namespace

TEST_CASE("only hosts, methods and paths that a rule names are reached") {
    const EgressRules rules = rulesFor("API.example.com");
    CHECK(refusal(rules, "GET", "https://api.example.com/v1/people?x=1").empty());
    CHECK(refusal(rules, "GET", "https://api.example.com/v2/people") ==
          "no host rule allows this path on api.example.com with GET");
    CHECK(refusal(rules, "POST", "https://api.example.com/v1/people") ==
          "no host rule allows POST on api.example.com");
    CHECK(refusal(rules, "GET", "https://evil.example.com/v1/x") ==
          "no host rule names evil.example.com");
    CHECK(refusal(rules, "GET", "https://api.example.com.evil.com/v1/x") != "");
    CHECK(refusal(rules, "GET", "https://api.example.com:8443/v1/x") ==
          "no host rule names api.example.com:8443");
    CHECK(refusal(rules, "GET", "http://api.example.com/v1/x") ==
          "api.example.com may be reached by https only");
}

TEST_CASE("a port must be named, unless any is") {
    CHECK(refusal(rulesFor("127.0.0.1:8080", true), "GET", "http://127.0.0.1:8080/v1/").empty());
    CHECK(refusal(rulesFor("127.0.0.1:8080", true), "GET", "http://127.0.0.1:8081/v1/") != "");
    CHECK(refusal(rulesFor("localhost:*", true), "GET", "http://localhost:8081/v1/").empty());
    CHECK(refusal(rulesFor("[::1]:80", true), "GET", "http://[::1]/v1/").empty());
    CHECK_THROWS_AS(rulesFor("a.com:99999"), AccessError);
}

TEST_CASE("a wildcard covers names below a registrable one") {
    const EgressRules rules = rulesFor("*.my.salesforce.com");
    CHECK(refusal(rules, "GET", "https://acme.my.salesforce.com/v1/").empty());
    CHECK(refusal(rules, "GET", "https://acme--dev.sandbox.my.salesforce.com/v1/").empty());
    CHECK(refusal(rules, "GET", "https://my.salesforce.com/v1/") != "");
    CHECK(refusal(rules, "GET", "https://acmemy.salesforce.com/v1/") != "");
}

TEST_CASE("a wildcard over a public suffix, or over a parent of one, is refused") {
    for (const char* name :
         {"com", "co.uk", "github.io", "amazonaws.com", "code.com", "1.2.3", "localhost"}) {
        INFO(name);
        CHECK(problemWithWildcard(name) != "");
        CHECK_THROWS_AS(rulesFor(std::string("*.") + name), AccessError);
    }
    CHECK(problemWithWildcard("eudonet.com").empty());
}

TEST_CASE("a rule that names nothing is refused") {
    CHECK_THROWS_AS(EgressRules({{"a.example.com", {}, {"/"}, {}}}, false), AccessError);
    CHECK_THROWS_AS(EgressRules({{"a.example.com", {"GET"}, {}, {}}}, false), AccessError);
    CHECK_THROWS_AS(EgressRules({{"https://a.example.com", {"GET"}, {"/"}, {}}}, false),
                    AccessError);
}

TEST_CASE("addresses that are read in several ways are refused") {
    CHECK(urlProblem("https://a.example.com/v1/x").empty());
    CHECK(urlProblem("https://user:pw@a.example.com/") == "it contains a user name");
    CHECK(urlProblem("https://a.example.com\\@b.example.com/") != "");
    CHECK(urlProblem("https://a.example.com/v1/../admin") == "its path contains a dot segment");
    CHECK(urlProblem("https://a.example.com/v1/%2e%2E/admin") == "its path contains a dot segment");
    CHECK(urlProblem("https://a.example.com/v1/.%2e/admin") == "its path contains a dot segment");
    CHECK(urlProblem("https://a.example.com/v1/..;/admin") == "its path contains a dot segment");
    CHECK(urlProblem("https://a.example.com/v1/..%2fadmin") != "");
    CHECK(urlProblem("https://a.example.com/v1/%252e%252e/admin") != "");
    CHECK(urlProblem("https://a.example.com/a b") != "");
    CHECK(urlProblem("https://a.example.com/\r\nX: y") != "");
    CHECK(urlProblem("https://a.example.com./") == "its host ends with a dot");
    CHECK(urlProblem("file:///etc/passwd") != "");
    CHECK(urlProblem("ftp://a.example.com/") == "it is not https");
    CHECK(urlProblem("/v1/x") != "");
    CHECK(urlProblem("") != "");
}

TEST_CASE("numbers in other notations are read as the address they are") {
    const UrlReading odd = readUrl("https://0x7f.1/");
    REQUIRE(odd.url);
    CHECK(odd.url->host == "127.0.0.1");
}

TEST_CASE("what only the hub says is refused from a connector") {
    const CredentialPlace place{"x-api-key", ""};
    for (const char* name :
         {"Authorization", "cookie", "X-Auth", "Proxy-Authorization", "host", "X-API-KEY",
          "transfer-encoding", "x-http-method-override", "content-length"}) {
        INFO(name);
        CHECK(problemWith(withHeader(name), place) != "");
    }
    CHECK(problemWith(withHeader("accept"), place).empty());
    CHECK(problemWith(withHeader("x-note", "a\r\nCookie: b"), place) ==
          "the header x-note contains a line break");
    CHECK(problemWith(withHeader("bad name"), place) != "");
    Request request;
    request.method = "GET /";
    CHECK(problemWith(request, place) != "");
    request.method = "TRACE";
    CHECK(problemWith(request, place) == "the method TRACE is never sent");
}

TEST_CASE("the query may hold neither the key's member nor another method") {
    const CredentialPlace place{"", "api_key"};
    CHECK(problemWithQuery(*readUrl("https://a.b/x?q=1").url, place).empty());
    CHECK(problemWithQuery(*readUrl("https://a.b/x?q=1&API%5Fkey=2").url, place) != "");
    CHECK(problemWithQuery(*readUrl("https://a.b/x?_HttpMethod=DELETE").url, place) ==
          "the query changes the method");
}

TEST_CASE("private, local, mapped and metadata addresses are told apart") {
    for (const char* text : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.0.7",
                             "100.64.0.1", "::1", "fe80::1", "fd12::1", "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"}) {
        INFO(text);
        CHECK(kindOfText(text) == AddressKind::Private);
    }
    for (const char* text :
         {"169.254.169.254", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1",
          "fd00:ec2::254", "::ffff:169.254.169.254", "::127.0.0.1", "2001:db8::1", "nonsense"}) {
        INFO(text);
        CHECK(kindOfText(text) == AddressKind::Never);
    }
    for (const char* text :
         {"8.8.8.8", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "193.0.0.1"}) {
        INFO(text);
        CHECK(kindOfText(text) == AddressKind::Public);
    }
}
