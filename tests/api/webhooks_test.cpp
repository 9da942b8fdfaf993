// SPDX-License-Identifier: Apache-2.0
#include <Poco/DigestEngine.h>
#include <Poco/HMACEngine.h>
#include <Poco/SHA2Engine.h>

#include "hub/api/server.h"
#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

/// SHA-256 as Poco's HMAC wants it: with a constructor of no arguments and its block size.
struct Sha256 : Poco::SHA2Engine {
    enum { BLOCK_SIZE = 64, DIGEST_SIZE = 32 };
    Sha256() : Poco::SHA2Engine(Poco::SHA2Engine::SHA_256) {}
};

std::string signatureOf(const std::string& body, const std::string& key = "key") {
    Poco::HMACEngine<Sha256> engine(key);
    engine.update(body);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

Answer deliver(Stage& stage, const std::string& body, const std::string& signature) {
    Headers headers;
    if (!signature.empty()) headers["X-Signature"] = signature;
    return call(stage.api->webhookPort(), "POST", "/hooks/sellsy", body, headers);
}

std::vector<store::Webhook> stored(Stage& stage) {
    std::vector<store::Webhook> all;
    stage.store->read([&](store::Reader& reader) { all = reader.webhooks("sellsy", 100); });
    return all;
}

}  // namespace

TEST_CASE("a signed webhook is stored as it came before it is answered, and wakes its lane") {
    Stage stage;
    std::string woken;
    stage.service->onWake([&](const std::string& system) { woken = system; });
    const std::string body = "{\"id\":1, \"bytes\":\"\xff\"}";
    const Answer answer = deliver(stage, body, signatureOf(body));
    CHECK(answer.status == 200);
    CHECK(answer.text == "ok");
    CHECK(woken == "sellsy");
    const auto webhooks = stored(stage);
    REQUIRE(webhooks.size() == 1);
    CHECK(webhooks.front().body == body);
    CHECK(Json::parse(webhooks.front().document).at("method") == "POST");
}

TEST_CASE("a wrong or missing signature is refused and stores nothing") {
    Stage stage;
    const std::string body = R"({"id":1})";
    CHECK(deliver(stage, body, signatureOf(body, "other")).status == 401);
    CHECK(deliver(stage, body, signatureOf("{}")).status == 401);
    CHECK(deliver(stage, body, "").status == 401);
    CHECK(deliver(stage, body, "").type == "application/problem+json");
    CHECK(stored(stage).empty());
    CHECK(stage.get("/metrics").text.find("concordat_webhooks_total{result=\"refused\"} 4\n") !=
          std::string::npos);
}

TEST_CASE("a delivery that comes twice counts once, and is answered alike") {
    Stage stage;
    const std::string body = R"({"id":7,"event":"updated"})";
    CHECK(deliver(stage, body, signatureOf(body)).status == 200);
    CHECK(deliver(stage, body, signatureOf(body)).status == 200);
    CHECK(stored(stage).size() == 1);
    const std::string other = R"({"event":"updated"})";
    deliver(stage, other, signatureOf(other));
    deliver(stage, other, signatureOf(other));
    CHECK(stored(stage).size() == 3);
    CHECK(stage.get("/metrics").text.find("concordat_webhooks_total{result=\"repeated\"} 1\n") !=
          std::string::npos);
}

TEST_CASE("the vendor's ping is answered; other methods are not possible") {
    Stage stage;
    const auto port = stage.api->webhookPort();
    CHECK(call(port, "GET", "/hooks/sellsy").text == "ok");
    CHECK(call(port, "HEAD", "/hooks/sellsy").status == 200);
    const Answer refused = call(port, "DELETE", "/hooks/sellsy");
    CHECK(refused.status == 405);
    CHECK(refused.headers.at("allow") == "GET, HEAD, POST");
}

TEST_CASE("systems that take no webhooks, and other addresses, are 404") {
    Stage stage;
    const auto port = stage.api->webhookPort();
    CHECK(call(port, "POST", "/hooks/other", "{}").status == 404);
    CHECK(call(port, "POST", "/hooks/", "{}").status == 404);
    CHECK(call(port, "GET", "/v1/systems").status == 404);
    CHECK(call(port, "POST", "/hooks/%zz", "{}").status == 400);
}

TEST_CASE("hostile webhooks are refused or kept, and the hub goes on") {
    Stage stage;
    CHECK(deliver(stage, std::string(10'000'000, 'x'), "").status == 413);
    const std::string deep = std::string(400'000, '[');
    CHECK(deliver(stage, deep, signatureOf(deep)).status == 200);
    const std::string body = "\xff\xfe";
    CHECK(deliver(stage, body, signatureOf(body)).status == 200);
    CHECK(stored(stage).size() == 2);
}

TEST_CASE("what cannot be stored is not accepted: the vendor keeps it and comes back") {
    Stage stage;
    store::StoreOptions full = stage.scratch.options();
    full.database = stage.scratch.path("full.db");
    full.journal = stage.scratch.path("full.journal");
    full.maximumBytes = 600'000;
    const auto store = stage.scratch.open(full);
    int woken = 0;
    Webhooks webhooks(*store, stage.services.hooks, [&](const std::string&) { ++woken; });
    const Server server(ServerOptions{}, [&](Call&& taken, const Ticket& ticket) {
        webhooks.receive(std::move(taken), ticket);
    });
    Answer last;
    int accepted = 0;
    for (int i = 0; i < 50; ++i) {
        const std::string body = Json{{"id", i}, {"text", std::string(100'000, 'x')}}.dump();
        last = call(server.port(), "POST", "/hooks/sellsy", body,
                    {{"X-Signature", signatureOf(body)}});
        if (last.status != 200) break;
        ++accepted;
    }
    CHECK(last.status == 503);
    CHECK(last.type == "application/problem+json");
    CHECK(woken == accepted);
}
