// SPDX-License-Identifier: Apache-2.0
// The webhook port as strangers find it.
#include <memory>

#include <Poco/DigestEngine.h>
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/SHA1Engine.h>
#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

std::string signatureOf(const std::string& body) {
    Poco::SHA1Engine engine;
    engine.update("demo-sign-key" + body);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

Answer send(const Company& company, const std::string& body, const std::string& signature) {
    std::map<std::string, std::string> headers{{"Content-Type", "application/json"}};
    if (!signature.empty()) headers["X-Webhook-Signature"] = signature;
    return Talk(company.webhookPort()).send("POST", "/hooks/sellsy", body, headers);
}

Answer sendSigned(const Company& company, const std::string& body) {
    return send(company, body, signatureOf(body));
}

std::string noticeOf(const std::string& id) {
    return Json{{"eventType", "people"},           {"event", "updated"},
                {"relatedtype", "people"},         {"relatedid", id},
                {"relatedobject", Json::object()}, {"timestamp", "1795463289"}}
        .dump();
}

/// A connection that begins a webhook and never ends it.
std::unique_ptr<Poco::Net::StreamSocket> halfAWebhook(const Company& company) {
    auto socket = std::make_unique<Poco::Net::StreamSocket>(
        Poco::Net::SocketAddress("127.0.0.1", company.webhookPort()));
    const std::string begin =
        "POST /hooks/sellsy HTTP/1.1\r\nHost: hub\r\nContent-Length: 400\r\n\r\n{";
    socket->sendBytes(begin.data(), static_cast<int>(begin.size()));
    return socket;
}

void requireThatItWorks(Company& company) {
    const Person person = company.person();
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
}

CompanyOptions byWebhookOnly() {
    CompanyOptions options;
    options.manifests = {{"poll_interval: 1s", "poll_interval: 1h"}};
    return options;
}

}  // namespace

TEST_CASE("a webhook that is not signed as agreed is refused and reads nothing") {
    Company company(byWebhookOnly());
    const std::string body = noticeOf("1");
    const std::string wrong = signatureOf(body + " ");
    for (const Answer& answer : {send(company, body, ""), send(company, body, wrong),
                                 send(company, body, "é"), send(company, body, "0")}) {
        REQUIRE(answer.status == 401);
        REQUIRE(answer.json().value("detail", "").find(signatureOf(body)) == std::string::npos);
        REQUIRE(answer.body.find("demo-sign-key") == std::string::npos);
    }
    REQUIRE(Talk(company.webhookPort()).send("POST", "/hooks/nobody", body).status == 404);
    REQUIRE(Talk(company.webhookPort()).send("POST", "/v1/systems/sellsy/pause", body).status ==
            404);
    REQUIRE(Talk(company.webhookPort()).send("DELETE", "/hooks/sellsy", "").status == 405);
    requireThatItWorks(company);
}

TEST_CASE("a body of ten megabytes is refused before it is kept") {
    Company company(byWebhookOnly());
    const Answer answer = sendSigned(company, std::string(10'000'000, 'x'));
    // The hub may close while the rest is still on its way.
    REQUIRE((answer.status == 413 || answer.status == 0));
    requireThatItWorks(company);
}

TEST_CASE("signed nonsense is accepted, decided or put into quarantine, and harms nobody") {
    Company company(byWebhookOnly());
    const std::vector<std::string> bodies{
        std::string(100'000, '['),
        std::string(50'000, '[') + std::string(50'000, ']'),
        "{\"relatedid\":\"\xff\xfe\xc0\x80\"}",
        std::string("{\"relatedid\":\"1\0\"}", 17),
        "",
        "null",
        "[1,2,3]",
        "{\"relatedtype\":{},\"relatedid\":[]}",
        "notif=%7B%7D",
        "notif=%zz%",
        noticeOf("99999999"),
        noticeOf("1' OR '1'='1"),
        noticeOf(std::string(10'000, '9')),
    };
    for (const std::string& body : bodies) {
        INFO(body.substr(0, 60));
        const int status = sendSigned(company, body).status;
        REQUIRE((status == 200 || status == 400));
    }
    requireThatItWorks(company);
    REQUIRE(eventually([&] { return !company.ask("/v1/quarantine").at("items").empty(); }));
    REQUIRE(company.hub().runs());
}

TEST_CASE("a webhook that comes twice is one change") {
    Company company(byWebhookOnly());
    const Person person = company.person();
    company.at("sellsy").set({{"webhook_twice", 1.0}});
    company.refuse("sellsy", person);
    REQUIRE(eventually([&] { return company.verified(person, "deny"); }));
    REQUIRE(company.settle());
    std::size_t events = 0;
    const Json history = company.ask("/v1/subjects/" + company.subject(person) + "/history");
    for (const Json& item : history.at("items"))
        if (item.at("kind") == "event" && item.at("event").at("decision") == "withdrawn") ++events;
    REQUIRE(events == 1);
}

TEST_CASE("senders that never finish keep nobody else from being heard") {
    Company company(byWebhookOnly());
    std::vector<std::unique_ptr<Poco::Net::StreamSocket>> slow;
    while (slow.size() < 200) slow.push_back(halfAWebhook(company));
    requireThatItWorks(company);
    REQUIRE(company.api().get("/health").ok());
}
