// SPDX-License-Identifier: Apache-2.0
// The change feed as server-sent events.
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

/// One reader of the feed.
class Feed {
 public:
    Feed(std::uint16_t port, const std::string& token, const std::string& lastId = "")
        : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
        socket_.setReceiveTimeout(Poco::Timespan(30, 0));
        const std::string request =
            "GET /v1/changes HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer " + token + "\r\n" +
            (lastId.empty() ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n";
        socket_.sendBytes(request.data(), static_cast<int>(request.size()));
    }

    /// Reads until `part` came, and gives everything so far; what it has if the hub hangs up.
    std::string until(const std::string& part) {
        char buffer[4096];
        while (all_.find(part) == std::string::npos) {
            const int got = socket_.receiveBytes(buffer, sizeof buffer);
            if (got <= 0) break;
            all_.append(buffer, static_cast<std::size_t>(got));
        }
        return all_;
    }

 private:
    Poco::Net::StreamSocket socket_;
    std::string all_;
};

bool includes(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void incident(Stage& stage, const std::string& name) {
    stage.add(store::Incident{"", "breaker", name, "", 1, 0, "text", name});
}

std::int64_t lastOf(Stage& stage) {
    std::int64_t last = 0;
    stage.store->read([&](store::Reader& reader) {
        for (const store::Change& change : reader.changesAfter(0, 10'000)) last = change.sequence;
    });
    return last;
}

}  // namespace

TEST_CASE("a reader gets what changes from now on, as named events with ids") {
    Stage stage;
    incident(stage, "before");
    Feed feed(stage.api->port(), stage.token(Role::ReadOnly));
    CHECK(includes(feed.until("retry: 2000"), "text/event-stream"));
    incident(stage, "after");
    const std::string text = feed.until("\"after\"");
    CHECK(includes(text, "event: incident\ndata: {"));
    CHECK_FALSE(includes(text, "before"));
}

TEST_CASE("a reader that comes back goes on behind the last event it saw") {
    Stage stage;
    incident(stage, "first");
    const std::int64_t seen = lastOf(stage);
    incident(stage, "second");
    incident(stage, "third");
    Feed feed(stage.api->port(), stage.token(Role::ReadOnly), std::to_string(seen));
    const std::string text = feed.until("third");
    CHECK(includes(text, "id: " + std::to_string(seen + 1) + "\n"));
    CHECK(includes(text, "second"));
    CHECK_FALSE(includes(text, "first"));
    CHECK_FALSE(includes(text, "reset"));
}

TEST_CASE("a reader of events that are gone, or never were, is told to load anew") {
    Stage stage;
    incident(stage, "first");
    Feed feed(stage.api->port(), stage.token(Role::ReadOnly), "999999");
    CHECK(
        includes(feed.until("reset"), "id: " + std::to_string(lastOf(stage)) + "\nevent: reset\n"));
}

TEST_CASE("the feed is for who is signed in, and for numbers as ids") {
    Stage stage;
    CHECK(stage.send("GET", "/v1/changes").status == 401);
    CHECK(stage
              .send("GET", "/v1/changes", "",
                    {{"Authorization", "Bearer " + stage.token(Role::ReadOnly)},
                     {"Last-Event-ID", "x"}})
              .status == 400);
}

TEST_CASE("readers beyond the bound are told to come back, and hold up nobody") {
    ApiOptions options;
    options.threads = 2;
    options.streams.most = 20;
    Stage stage(options);
    const std::string token = stage.token(Role::ReadOnly);
    std::vector<std::unique_ptr<Feed>> feeds;
    for (int i = 0; i < 20; ++i) {
        feeds.push_back(std::make_unique<Feed>(stage.api->port(), token));
        feeds.back()->until("retry: 2000");
    }
    const Answer refused =
        stage.send("GET", "/v1/changes", "", {{"Authorization", "Bearer " + token}});
    CHECK(refused.status == 503);
    CHECK(stage.get("/v1/systems").status == 200);
    CHECK(includes(stage.get("/metrics").text, "concordat_event_streams 20\n"));
    incident(stage, "to all");
    for (const auto& feed : feeds) CHECK(includes(feed->until("to all"), "event: incident"));
}

TEST_CASE("the stream ends after its time, so that a reader shows again who it is") {
    ApiOptions options;
    options.streams.lifetime = std::chrono::seconds(0);
    Stage stage(options);
    Feed feed(stage.api->port(), stage.token(Role::ReadOnly));
    CHECK(includes(feed.until("never sent"), "retry: 2000"));
}
