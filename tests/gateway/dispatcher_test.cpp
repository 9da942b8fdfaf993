// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/dispatcher.h"

#include "tests/gateway/stage.h"
#include "tests/support/check.h"

using namespace concordat::gateway;
using namespace concordat::gateway::test;
using namespace std::chrono_literals;

namespace {

Stage& withPlainSystem(Stage& stage) {
    stage.dispatcher.addSystem(plainAccess());
    return stage;
}

SystemAccess accessWithPool(int concurrency) {
    SystemAccess access = plainAccess();
    access.pools = {{"default", 0, 0, concurrency, "", ""}};
    return access;
}

}  // namespace

TEST_CASE("requests go out at once and replies keep their order") {
    Stage stage;
    withPlainSystem(stage);
    const Sent sent = stage.send({get("/v1/a"), get("/v1/b"), get("/v1/c")});
    REQUIRE(stage.running() == 3);
    CHECK(stage.wire.log[1].url == "https://api.example.com/v1/b");
    stage.answer(answered(404));
    stage.answer(answered(200, "b"));
    CHECK_FALSE(sent.isDone());
    stage.answer(answered(409));
    REQUIRE(sent.isDone());
    CHECK(sent.reply(0).kind == ReplyClass::NotFound);
    CHECK(sent.reply(1).kind == ReplyClass::Ok);
    CHECK(sent.reply(1).body == "b");
    CHECK(sent.reply(2).kind == ReplyClass::Conflict);
}

TEST_CASE("a request that no rule names is refused, counted, and never sent") {
    Stage stage;
    withPlainSystem(stage);
    Request cookie = get();
    cookie.headers["Cookie"] = "a=b";
    const Sent sent = stage.send({get("/v2/a"), cookie, get("/v1/a?_method=PUT")});
    REQUIRE(sent.isDone());
    CHECK(sent.reply(0).kind == ReplyClass::Permanent);
    CHECK(sent.reply(0).error ==
          "refused by the hub: no host rule allows this path on api.example.com with GET");
    CHECK(sent.reply(1).error == "refused by the hub: only the hub sets the header cookie");
    CHECK(sent.reply(2).kind == ReplyClass::Permanent);
    CHECK(stage.wire.log.empty());
    CHECK(stage.dispatcher.counts().hosts.at(0).refused == 3);
}

TEST_CASE("an unknown system or pool gives a permanent reply") {
    Stage stage;
    withPlainSystem(stage);
    CHECK(stage.send({get()}, {}, "other").reply().kind == ReplyClass::Permanent);
    Request request = get();
    request.pool = "bulk";
    CHECK(stage.send(request).reply().error == "no limit pool is named bulk");
    CHECK(stage.send(std::vector<Request>{}).isDone());
}

TEST_CASE("a lost safe request is sent again after a jittered pause") {
    Stage stage;
    withPlainSystem(stage);
    const Sent sent = stage.send(get());
    stage.answer(broken(WireEnd::Interrupted, true));
    CHECK(stage.running() == 0);
    stage.pass(124ms);
    CHECK(stage.running() == 0);
    stage.pass(1ms);
    REQUIRE(stage.running() == 1);
    stage.answer(answered(200));
    CHECK(sent.reply().kind == ReplyClass::Ok);
    CHECK(sent.reply().attempts == 2);
    CHECK_FALSE(sent.reply().maybeSent);
}

TEST_CASE("a write that may have been sent is not repeated") {
    Stage stage;
    withPlainSystem(stage);
    const Sent lost = stage.send(post());
    stage.answer(broken(WireEnd::Interrupted, true));
    REQUIRE(lost.isDone());
    CHECK(lost.reply().kind == ReplyClass::Transient);
    CHECK(lost.reply().maybeSent);
    const Sent failed = stage.send(post());
    stage.answer(answered(502));
    CHECK(failed.reply().maybeSent);
}

TEST_CASE("a write that was surely not sent, or is idempotent, is repeated") {
    Stage stage;
    withPlainSystem(stage);
    const Sent unsent = stage.send(post());
    stage.answer(broken(WireEnd::Unreachable, false));
    const Sent harmless = stage.send(post("/v1/a", true));
    stage.answer(answered(503));
    stage.pass(2s);
    REQUIRE(stage.running() == 1);  // fewer at once since the 503
    stage.answer(answered(200));
    REQUIRE(stage.running() == 1);
    stage.answer(answered(200));
    CHECK(unsent.reply().kind == ReplyClass::Ok);
    CHECK(harmless.reply().kind == ReplyClass::Ok);
}

TEST_CASE("attempts end after the fourth") {
    Stage stage;
    withPlainSystem(stage);
    stage.wire.respond = [](const WireRequest&) { return answered(500); };
    const Sent sent = stage.send(get());
    for (int i = 0; i < 10; ++i) stage.pass(1s);
    REQUIRE(sent.isDone());
    CHECK(sent.reply().attempts == 4);
    CHECK(sent.reply().kind == ReplyClass::Transient);
    CHECK(sent.reply().status == 500);
}

TEST_CASE("Retry-After pauses the whole pool, also for writes") {
    Stage stage;
    withPlainSystem(stage);
    const Sent first = stage.send(post());
    stage.answer(answered(429, "", {{"retry-after", "7"}}));
    const Sent second = stage.send(get(), stage.within(60s, Priority::Tightening));
    stage.pass(6999ms);
    CHECK(stage.running() == 0);
    CHECK(stage.dispatcher.state("crm")->pools[0].pausedFor == 1ms);
    stage.pass(1ms);
    CHECK(stage.running() >= 1);
    stage.wire.respond = [](const WireRequest&) { return answered(200); };
    while (stage.running() > 0) stage.answer(answered(200));
    stage.pass(1s);
    CHECK(first.reply().kind == ReplyClass::Ok);
    CHECK(second.reply().kind == ReplyClass::Ok);
}

TEST_CASE("a pause beyond the deadline is answered at once as rate limited") {
    Stage stage;
    withPlainSystem(stage);
    const Sent sent = stage.send(get(), stage.within(5s));
    stage.answer(answered(429, "", {{"retry-after", "60"}}));
    REQUIRE(sent.isDone());
    CHECK(sent.reply().kind == ReplyClass::RateLimited);
    CHECK(sent.reply().retryAfter == 60s);
    const Sent next = stage.send(get(), stage.within(5s));
    REQUIRE(next.isDone());
    CHECK(next.reply().kind == ReplyClass::RateLimited);
    CHECK(next.reply().retryAfter == 60s);
    CHECK_FALSE(next.reply().maybeSent);
}

TEST_CASE("nothing starts after sendBefore, retries included") {
    Stage stage;
    stage.dispatcher.addSystem(accessWithPool(1));
    SendContext context = stage.within(30s);
    context.sendBefore = stage.steady + 1s;
    const Sent running = stage.send(get(), context);
    const Sent waiting = stage.send(get(), context);
    stage.pass(2s);
    stage.answer(broken(WireEnd::Interrupted, true));
    CHECK(stage.running() == 0);
    CHECK(stage.wire.log.size() == 1);
    CHECK(running.reply().kind == ReplyClass::Transient);
    CHECK(waiting.reply().error == "the request could not be sent in time");
    CHECK_FALSE(waiting.reply().maybeSent);
}

TEST_CASE("every reply is there by its deadline") {
    Stage stage;
    stage.dispatcher.addSystem(accessWithPool(1));
    const Sent running = stage.send(post(), stage.within(1s));
    const Sent waiting = stage.send(post(), stage.within(1s));
    stage.pass(1s);
    REQUIRE(running.isDone());
    REQUIRE(waiting.isDone());
    CHECK(running.reply().kind == ReplyClass::Transient);
    CHECK(running.reply().maybeSent);
    CHECK_FALSE(waiting.reply().maybeSent);
    CHECK(stage.wire.log.size() == 1);
}

TEST_CASE("urgent requests overtake waiting ones, and keep a place") {
    Stage stage;
    stage.dispatcher.addSystem(accessWithPool(2));
    const Sent read = stage.send(get("/v1/read"));
    const Sent sweep = stage.send(get("/v1/sweep"), stage.within(30s, Priority::Sweep));
    const Sent next = stage.send(get("/v1/next"));
    CHECK(stage.running() == 1);
    const Sent urgent = stage.send(post("/v1/urgent"), stage.within(30s, Priority::Tightening));
    REQUIRE(stage.running() == 2);
    CHECK(stage.wire.open[1].url == "https://api.example.com/v1/urgent");
    stage.answer(answered(200));
    stage.answer(answered(200));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.open[0].url == "https://api.example.com/v1/next");
}

TEST_CASE("cancelled requests end at once, whether on the wire or waiting") {
    Stage stage;
    stage.dispatcher.addSystem(accessWithPool(1));
    const Sent sent = stage.send({post("/v1/a"), post("/v1/b")});
    stage.dispatcher.cancel(sent.call);
    stage.settle();
    REQUIRE(sent.isDone());
    CHECK(sent.reply(0).kind == ReplyClass::Cancelled);
    CHECK(sent.reply(0).maybeSent);
    CHECK(sent.reply(1).kind == ReplyClass::Cancelled);
    CHECK_FALSE(sent.reply(1).maybeSent);
    const Sent after = stage.send(get());
    CHECK(stage.running() == 1);
    stage.dispatcher.removeSystem("crm");
    stage.settle();
    CHECK(after.reply().kind == ReplyClass::Cancelled);
}

TEST_CASE("a dead system is left alone except by tightening and probes") {
    Stage stage;
    withPlainSystem(stage);
    for (int i = 0; i < 5; ++i) {
        stage.send(post());
        stage.answer(broken(WireEnd::Interrupted, true));
    }
    CHECK(stage.dispatcher.state("crm")->breaker == BreakerState::Open);
    const Sent read = stage.send(get());
    REQUIRE(read.isDone());
    CHECK(read.reply().kind == ReplyClass::Transient);
    CHECK(read.reply().retryAfter > 0ms);
    CHECK_FALSE(read.reply().maybeSent);
    const Sent urgent =
        stage.send({post("/v1/u1"), post("/v1/u2")}, stage.within(60s, Priority::Tightening));
    CHECK(stage.running() == 1);
    stage.answer(answered(200));
    CHECK(stage.dispatcher.state("crm")->breaker == BreakerState::Closed);
    CHECK(stage.running() == 1);
    stage.answer(answered(200));
    CHECK(urgent.isDone());
    CHECK(stage.send(get()).isDone() == false);
}

TEST_CASE("half open, a probe may try and closes the breaker") {
    Stage stage;
    withPlainSystem(stage);
    for (int i = 0; i < 5; ++i) {
        stage.send(post());
        stage.answer(broken(WireEnd::Interrupted, true));
    }
    SendContext probe = stage.within(30s);
    probe.probe = true;
    CHECK(stage.send(get(), probe).isDone());
    stage.pass(5s);
    CHECK(stage.dispatcher.state("crm")->breaker == BreakerState::HalfOpen);
    CHECK(stage.send(get()).isDone());
    probe.deadline = stage.steady + 30s;
    const Sent trial = stage.send(get(), probe);
    CHECK_FALSE(trial.isDone());
    stage.answer(answered(404));
    CHECK(stage.dispatcher.state("crm")->breaker == BreakerState::Closed);
}

TEST_CASE("a web page where JSON was asked for is transient with a clear text") {
    Stage stage;
    withPlainSystem(stage);
    Request request = post();
    request.headers["Accept"] = "application/json";
    const Sent sent = stage.send(request);
    stage.answer(answered(200, "<html><body>Maintenance</body></html>",
                          {{"content-type", "text/html; charset=utf-8"}}));
    REQUIRE(sent.isDone());
    CHECK(sent.reply().kind == ReplyClass::Transient);
    CHECK(sent.reply().maybeSent);
    CHECK(sent.reply().error.find("web page") != std::string::npos);
}

TEST_CASE("redirects are checked like requests and carry no credential to another host") {
    Stage stage;
    SystemAccess access = plainAccess();
    access.auth = {"bearer", "{}"};
    access.hosts.push_back({"files.example.com", {"GET"}, {"/d/*"}, {}});
    stage.dispatcher.addSystem(access);
    const Sent sent = stage.send(get());
    CHECK(stage.wire.log[0].headers.at("authorization") == "Bearer S-token");
    stage.answer(answered(302, "", {{"location", "/v1/b"}}));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.log[1].headers.contains("authorization"));
    stage.answer(answered(302, "", {{"location", "https://files.example.com/d/1"}}));
    REQUIRE(stage.running() == 1);
    CHECK(stage.wire.log[2].url == "https://files.example.com/d/1");
    CHECK_FALSE(stage.wire.log[2].headers.contains("authorization"));
    stage.answer(answered(302, "", {{"location", "https://evil.example.org/"}}));
    REQUIRE(sent.isDone());
    CHECK(sent.reply().kind == ReplyClass::Permanent);
    CHECK(sent.reply().error.find("no host rule names evil.example.org") != std::string::npos);
    const Sent write = stage.send(post());
    stage.answer(answered(307, "", {{"location", "/v1/b"}}));
    CHECK(write.reply().kind == ReplyClass::Permanent);
}

TEST_CASE("a redirect loop ends") {
    Stage stage;
    withPlainSystem(stage);
    stage.wire.respond = [](const WireRequest&) {
        return answered(302, "", {{"location", "/v1/a"}});
    };
    const Sent sent = stage.send(get());
    REQUIRE(sent.isDone());
    CHECK(sent.reply().attempts == 6);
}

TEST_CASE("quota headers are readable as state") {
    Stage stage;
    SystemAccess access = plainAccess();
    access.pools = {{"rest", 0, 0, 4, "x-remain", ""}};
    stage.dispatcher.addSystem(access);
    stage.send(get());
    stage.answer(answered(200, "{}", {{"x-remain", "41"}}));
    const auto state = stage.dispatcher.state("crm");
    REQUIRE(state);
    CHECK(state->pools[0].name == "rest");
    CHECK(state->pools[0].remaining == 41);
    CHECK_FALSE(stage.dispatcher.state("other"));
}

TEST_CASE("attempts are counted by system, host and day, with their latency") {
    Stage stage;
    withPlainSystem(stage);
    stage.send(post());
    stage.steady += 300ms;
    stage.answer(answered(200));
    stage.pass(24h);
    stage.send(post());
    stage.answer(answered(400));
    const Counts counts = stage.dispatcher.counts();
    REQUIRE(counts.hosts.size() == 2);
    CHECK(counts.hosts[0].host == "api.example.com");
    CHECK(counts.hosts[0].requests == 1);
    CHECK(counts.hosts[0].failures == 0);
    CHECK(counts.hosts[0].bytesOut == 2);
    CHECK(counts.hosts[1].failures == 1);
    CHECK(counts.hosts[0].day < counts.hosts[1].day);
    REQUIRE(counts.latencies.size() == 1);
    CHECK(counts.latencies[0].histogram.counts[6] == 1);  // up to 0.5 s
    CHECK(counts.latencies[0].histogram.counts[0] == 1);
}

TEST_CASE("a secret goes into a body only where the host rule names it") {
    Stage stage;
    SystemAccess access = plainAccess();
    access.secrets = [](std::string_view) { return std::optional<std::string>("a\"b&c"); };
    access.hosts = {{"api.example.com", {"POST"}, {"/v1/webhooks"}, {"hook_key"}},
                    {"api.example.com", {"POST"}, {"/v1/notes"}, {}}};
    stage.dispatcher.addSystem(access);
    Request hook = post("/v1/webhooks");
    hook.headers["Content-Type"] = "application/json";
    hook.body = R"({"sign_key":"{secret:hook_key}","x":"{secret:other}"})";
    Request note = hook;
    note.url = "https://api.example.com/v1/notes";
    Request form = hook;
    form.headers["Content-Type"] = "application/x-www-form-urlencoded";
    form.body = "k={secret:hook_key}";
    stage.send({hook, note, form});
    REQUIRE(stage.wire.log.size() == 3);
    CHECK(stage.wire.log[0].body == R"({"sign_key":"a\"b&c","x":"{secret:other}"})");
    CHECK(stage.wire.log[1].body == hook.body);
    CHECK(stage.wire.log[2].body == "k=a%22b%26c");
}

TEST_CASE("replacing a system lets its requests under way end") {
    Stage stage;
    withPlainSystem(stage);
    const Sent sent = stage.send(get());
    stage.dispatcher.addSystem(plainAccess());
    stage.answer(answered(200));
    CHECK(sent.reply().kind == ReplyClass::Ok);
    stage.dispatcher.cancelAll();
}
