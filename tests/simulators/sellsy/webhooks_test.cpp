// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>
#include <vector>

#include <openssl/evp.h>

#include "tests/simulators/sellsy/account_setup.h"
#include "tests/support/check.h"
#include "tools/simulators/stage/server.h"

using namespace concordat::simulators;
using namespace concordat::simulators::sellsy;
using nlohmann::json;

namespace {

/// A receiver on a free port that keeps what came.
class Receiver {
 public:
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_.port()) + "/hook";
    }

    std::vector<Request> await(std::size_t count) {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return requests_.size() >= count; });
        return requests_;
    }

 private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<Request> requests_;
    HttpServer server_{0, 4, [this](const Request& request) {
                           const std::lock_guard lock(mutex_);
                           requests_.push_back(request);
                           came_.notify_all();
                           return Reply{200, "", "text/plain", {}};
                       }};
};

json subscription(const Receiver& receiver, bool asJson) {
    return {{"name", "consent sync"},
            {"type", "http"},
            {"endpoint", receiver.url()},
            {"is_enabled", true},
            {"object_in_payload", asJson},
            {"json_content_type", asJson},
            {"sign_key", "s3cret"},
            {"configuration",
             {{{"id", "people.created"}, {"is_enabled", true}},
              {{"id", "people.updated"}, {"is_enabled", true}},
              {{"id", "people.archived"}, {"is_enabled", false}}}}};
}

std::string sha1Hex(const std::string& text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += "0123456789abcdef"[digest[i] / 16];
        out += "0123456789abcdef"[digest[i] % 16];
    }
    return out;
}

}  // namespace

TEST_CASE("webhooks are managed and checked", "[sellsy]") {
    Bench bench;
    Receiver receiver;
    CHECK(bench.call("GET", "/v2/webhooks/events").size() == 3);
    const json made = bench.call("POST", "/v2/webhooks", subscription(receiver, true));
    CHECK(made["nb_failures"] == 0);
    const std::string path = "/v2/webhooks/" + made["id"].dump();
    CHECK(bench.call("GET", path)["name"] == "consent sync");
    CHECK(bench.call("PUT", path, {{"is_enabled", false}})["is_enabled"] == false);
    CHECK(bench.call("POST", "/v2/webhooks/search", {{"filters", {}}})["data"].size() == 1);
    CHECK(bench.status("PUT", path, {{"isEnabled", true}}) == 400);
    json bad = subscription(receiver, true);
    bad["configuration"][0]["id"] = "people.exploded";
    CHECK(bench.status("POST", "/v2/webhooks", bad) == 400);
    CHECK(bench.status("DELETE", path) == 204);
    CHECK(bench.call("GET", "/v2/webhooks")["data"].empty());
}

TEST_CASE("a JSON webhook is signed over the raw body and carries the object", "[sellsy]") {
    Bench bench;
    Receiver receiver;
    bench.call("POST", "/v2/webhooks", subscription(receiver, true));
    const std::string id = bench.addContact("Told");
    const Request request = receiver.await(1).front();
    CHECK(request.method == "POST");
    CHECK(request.header("User-Agent").substr(0, 6) == "Sellsy");
    CHECK(request.header("X-Webhook-Signature") == sha1Hex("s3cret" + request.body));
    const json body = json::parse(request.body);
    CHECK(body["eventType"] == "people");
    CHECK(body["event"] == "created");
    CHECK(body["relatedid"] == id);
    CHECK(body["corpid"] == kCorpId);
    CHECK(body["relatedobject"]["last_name"] == "Told");
}

TEST_CASE("a form webhook has its JSON in notif, and only what is subscribed comes", "[sellsy]") {
    Bench bench;
    Receiver receiver;
    const std::string id = bench.addContact("Quiet");
    bench.call("POST", "/v2/webhooks", subscription(receiver, false));
    bench.call("POST", "/_admin/act", {{"do", "archive"}, {"id", id}});
    bench.call("PUT", "/v2/contacts/" + id, {{"first_name", "L'été & 1+1"}});
    const auto requests = receiver.await(2);
    CHECK(requests[0].header("Content-Type") == "application/x-www-form-urlencoded");
    for (const Request& request : requests) {
        const auto form = readForm(request.body);
        REQUIRE(form.size() == 1);
        CHECK(form[0].first == "notif");
        CHECK(json::parse(form[0].second)["event"] == "updated");
    }
}

TEST_CASE("deliveries can be doubled, lost and overtaken", "[sellsy]") {
    Bench bench;
    Receiver receiver;
    bench.call("POST", "/v2/webhooks", subscription(receiver, true));
    bench.set({{"webhook_twice", 1.0}});
    bench.addContact("Twice");
    CHECK(receiver.await(2)[0].body == receiver.await(2)[1].body);
    bench.set({{"webhook_twice", 0}, {"webhook_drop", 1.0}});
    bench.addContact("Lost");
    bench.set({{"webhook_drop", 0}, {"webhook_reorder_ms", 200}});
    const std::string late = bench.addContact("Late");
    const std::string early = bench.addContact("Early");
    const auto all = receiver.await(4);
    CHECK(json::parse(all[2].body)["relatedid"] == early);
    CHECK(json::parse(all[3].body)["relatedid"] == late);
}

TEST_CASE("an endpoint that does not answer is counted and not tried again", "[sellsy]") {
    Bench bench;
    std::string url;
    { url = Receiver().url(); }
    Receiver receiver;
    json dead = subscription(receiver, true);
    dead["endpoint"] = url;
    bench.call("POST", "/v2/webhooks", dead);
    bench.call("POST", "/v2/webhooks", subscription(receiver, true));
    bench.addContact("One");
    receiver.await(1);
    CHECK(bench.call("GET", "/v2/webhooks/1")["nb_failures"] == 1);
}
