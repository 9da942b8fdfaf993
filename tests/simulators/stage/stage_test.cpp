// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/stage.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/StreamCopier.h>
#include <Poco/TemporaryFile.h>
#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tools/simulators/stage/entrance.h"
#include "tools/simulators/stage/server.h"

using namespace concordat::simulators;
using nlohmann::json;

namespace {

/// A vendor with one field per record: PUT /x/{id} sets it, GET /x/{id} reads it.
class Shelf : public Vendor {
 public:
    explicit Shelf(Stage& stage) : stage_(stage) {}

    Reply handle(const Request& request, Call& call) override {
        call.name = "/x/{id}";
        call.items = 1;
        const auto id = request.segments().back();
        const std::lock_guard lock(mutex_);
        if (request.method == "PUT") {
            Write write;
            write.object = "x";
            write.field = "value";
            write.id = id;
            write.before = json(values_[id]).dump();
            write.after = json(request.body).dump();
            values_[id] = request.body;
            stage_.journal.append({"api:test", "tag", "PUT /x"}, {write});
        }
        return {200, json{{"id", id}, {"value", values_[id]}}.dump()};
    }
    Reply limitReply() override { return {429, "slow down"}; }
    Reply errorReply(int status) override { return {status, "oops"}; }
    json act(const json& order) override {
        if (!order.contains("id")) throw std::invalid_argument("act needs an id");
        return order;
    }
    json records(const RecordQuery&) override { return json(values_); }
    json summary() override { return {{"x", values_.size()}}; }
    bool set(const std::string& name, const json&) override { return name == "mood"; }
    json settings() override { return {{"mood", "good"}}; }
    void expireTokens() override {}
    void reset() override {
        const std::lock_guard lock(mutex_);
        values_.clear();
    }
    void replay(const Write& write) override {
        const std::lock_guard lock(mutex_);
        values_[write.id] = json::parse(write.after);
    }

 private:
    Stage& stage_;
    std::mutex mutex_;  // guards values_
    std::map<std::string, std::string> values_;
};

struct Rig {
    explicit Rig(const std::string& state = "") : stage(options(state)), shelf(stage) {
        rebuild(stage, shelf);
    }
    static Options options(const std::string& state) {
        Options chosen;
        chosen.vendor = "shelf";
        chosen.state = state;
        return chosen;
    }
    Reply ask(const std::string& method, const std::string& target, const std::string& body = "") {
        Request request;
        request.method = method;
        const auto mark = target.find('?');
        request.path = target.substr(0, mark);
        if (mark != std::string::npos) request.query = target.substr(mark + 1);
        request.body = body;
        return entrance.answer(request);
    }
    json admin(const std::string& method, const std::string& what, const std::string& body = "") {
        return json::parse(ask(method, "/_admin/" + what, body).body);
    }

    Stage stage;
    Shelf shelf;
    Entrance entrance{stage, shelf};
};

}  // namespace

TEST_CASE("every write is in the history with its author and tag") {
    Rig rig;
    rig.ask("PUT", "/x/1", "a");
    rig.ask("PUT", "/x/2", "b");
    const auto writes = rig.admin("GET", "writes?since=1").at("writes");
    REQUIRE(writes.size() == 1);
    CHECK(writes[0].at("id") == "2");
    CHECK(writes[0].at("before") == "");
    CHECK(writes[0].at("after") == "b");
    CHECK(writes[0].at("actor") == "api:test");
    CHECK(writes[0].at("origin") == "tag");
    CHECK(rig.admin("GET", "writes?id=1").at("writes").size() == 1);
}

TEST_CASE("a fault hits the calls it names, as often as it says") {
    Rig rig;
    rig.admin("POST", "faults",
              R"({"kind":"429","method":"PUT","path":"/x/7","times":2,"after":1,"retry_after":3})");
    CHECK(rig.ask("GET", "/x/7").status == 200);
    CHECK(rig.ask("PUT", "/x/7", "a").status == 200);
    const auto limited = rig.ask("PUT", "/x/7", "a");
    CHECK(limited.status == 429);
    CHECK(limited.headers.at(0).second == "3");
    CHECK(rig.ask("PUT", "/x/8", "a").status == 200);
    CHECK(rig.ask("PUT", "/x/7", "a").status == 429);
    CHECK(rig.ask("PUT", "/x/7", "a").status == 200);
    rig.admin("DELETE", "faults");
    CHECK(rig.admin("GET", "faults").at("faults").empty());
}

TEST_CASE("a reply can be lost before or after the commit") {
    Rig rig;
    rig.admin("POST", "faults", R"([{"kind":"reset"},{"kind":"commit_then_reset"}])");
    CHECK(rig.ask("PUT", "/x/1", "a").delivery == Delivery::reset);
    CHECK(rig.stage.journal.lastSeq() == 0);
    CHECK(rig.ask("PUT", "/x/1", "a").delivery == Delivery::reset);
    CHECK(rig.stage.journal.lastSeq() == 1);
}

TEST_CASE("wrong types keep the shape of the reply") {
    Rig rig;
    rig.admin("POST", "faults", R"({"kind":"wrong_types"})");
    const auto body = json::parse(rig.ask("PUT", "/x/1", "abc").body);
    CHECK(body.at("value") == 3);
}

TEST_CASE("admin mistakes get one sentence") {
    Rig rig;
    CHECK(rig.ask("POST", "/_admin/faults", R"({"kind":"gremlin"})").status == 400);
    CHECK(rig.ask("POST", "/_admin/faults", "{").status == 400);
    CHECK(rig.ask("POST", "/_admin/settings", R"({"speed":1})").status == 400);
    CHECK(rig.ask("POST", "/_admin/settings", R"({"latency_ms":"x"})").status == 400);
    CHECK(rig.ask("POST", "/_admin/act", "{}").status == 400);
    CHECK(rig.ask("GET", "/_admin/nothing").status == 404);
}

TEST_CASE("settings are read back as they were set") {
    Rig rig;
    const auto set = rig.admin("POST", "settings", R"({"clock_skew_s":-90,"mood":"bad"})");
    CHECK(set.at("clock_skew_s") == -90);
    CHECK(set.at("mood") == "good");
    CHECK(rig.stage.now() < realNow() - 80000);
}

TEST_CASE("calls are counted by template") {
    Rig rig;
    rig.ask("PUT", "/x/1", "abc");
    rig.ask("GET", "/x/1");
    const auto calls = rig.admin("GET", "calls");
    CHECK(calls.at("total") == 2);
    CHECK(calls.at("by_call").at("PUT /x/{id}").at("bytes_in") == 3);
    rig.admin("DELETE", "calls");
    CHECK(rig.admin("GET", "calls").at("total") == 0);
}

TEST_CASE("a restored backup undoes the writes after it but not their history") {
    Rig rig;
    rig.ask("PUT", "/x/1", "old");
    rig.admin("POST", "snapshot");
    rig.ask("PUT", "/x/1", "new");
    rig.admin("POST", "restore");
    CHECK(json::parse(rig.ask("GET", "/x/1").body).at("value") == "old");
    CHECK(rig.admin("GET", "writes").at("writes").size() == 2);
}

TEST_CASE("with a state file a restart keeps every acknowledged write, restores included") {
    Poco::TemporaryFile file;
    {
        Rig rig(file.path());
        rig.ask("PUT", "/x/1", "a");
        rig.admin("POST", "snapshot");
        rig.ask("PUT", "/x/1", "b");
        rig.admin("POST", "restore");
        rig.ask("PUT", "/x/2", "é'\"");
    }
    Rig again(file.path());
    CHECK(json::parse(again.ask("GET", "/x/1").body).at("value") == "a");
    CHECK(json::parse(again.ask("GET", "/x/2").body).at("value") == "é'\"");
    CHECK(again.stage.journal.lastSeq() == 3);
}

TEST_CASE("the server keeps connections alive, cuts and resets replies when told") {
    Rig rig;
    HttpServer server(0, 4, [&](const Request& request) { return rig.entrance.answer(request); });
    Poco::Net::HTTPClientSession session("127.0.0.1", server.port());
    session.setKeepAlive(true);
    const auto ask = [&](const std::string& body) {
        Poco::Net::HTTPRequest request("PUT", "/x/1?y=1", "HTTP/1.1");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::string out;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), out);
        return out;
    };
    CHECK(json::parse(ask("a")).at("value") == "a");
    CHECK(json::parse(ask("b")).at("value") == "b");
    rig.admin("POST", "faults", R"([{"kind":"truncated_json"},{"kind":"reset"}])");
    CHECK(json::parse(ask("c"), nullptr, false).is_discarded());
    session.reset();
    CHECK_THROWS_AS(ask("d"), Poco::Exception);
    session.reset();
    CHECK(json::parse(ask("e")).at("value") == "e");
}

TEST_CASE("backups can be restored while clients write") {
    Rig rig;
    rig.ask("PUT", "/x/1", "kept");
    rig.admin("POST", "snapshot");
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 300; ++i) rig.ask("PUT", "/x/2", std::to_string(i));
        done = true;
    });
    while (!done) rig.admin("POST", "restore");
    writer.join();
    rig.admin("POST", "restore");
    CHECK(json::parse(rig.ask("GET", "/x/1").body).at("value") == "kept");
    CHECK(json::parse(rig.ask("GET", "/x/2").body).at("value") == "");
    CHECK(rig.stage.journal.lastSeq() == 301);
}
