// SPDX-License-Identifier: Apache-2.0
// What a connector in its own process cannot do, and what the hub says and does when it tries.
#include <thread>

#include <fcntl.h>

#include "hub/consent/error.h"
#include "hub/host/descriptor.h"
#include "tests/host/fakes.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct Stage {
    CacheFolder cache;
    FakeSurroundings world;
    std::unique_ptr<host::Connector> connector;

    explicit Stage(const std::string& settings = "{}")
        : connector(isolatedConnector("crm",
                                      keepLibrary(HOSTILE, cache.path()),
                                      settings,
                                      {world, world},
                                      childOptions())) {}

    std::string pull(const std::string& wish, std::chrono::milliseconds deadline = 20s) {
        return connector->pull({.cursor = wish}, {.deadline = deadline}).cursor;
    }
    std::string failure(const std::string& wish, std::chrono::milliseconds deadline = 20s) {
        try {
            return "no failure: " + pull(wish, deadline);
        } catch (const PluginError& error) {
            return error.message();
        }
    }
};

}  // namespace

TEST_CASE("a connector's process can open no socket, no file, no program and no other process") {
    Stage stage;
    for (const char* wish :
         {"open a socket", "make a socket pair", "read /etc/passwd", "write a file", "exec", "fork",
          "ptrace the hub", "signal the hub", "make memory executable"}) {
        INFO(wish);
        CHECK(stage.pull(wish) == "refused: Operation not permitted");
    }
    CHECK(stage.pull("use a foreign thread") == "refused: no thread");
    CHECK(stage.pull("read the environment") == "it is empty");
}

TEST_CASE("a descriptor that the hub forgot to protect does not reach a connector") {
    const Descriptor forgotten(::open("/dev/null", O_RDONLY));
    REQUIRE(forgotten);
    Stage stage;
    CHECK(stage.pull("use a forgotten descriptor") == "refused: Bad file descriptor");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a connector's process gets no more memory than its limit") {
    Stage stage;
    CHECK(stage.pull("allocate 2 GB") == "refused: Cannot allocate memory");
}
#endif

TEST_CASE("static constructors run in a process that is locked already") {
    Stage stage;
    const auto early = stage.pull("early");
    CHECK_THAT(early, Catch::StartsWith("refused: Operation not permitted, refused: "));
    // Opening for reading is what loading itself needs; Landlock tells libraries from other files.
    if (stage.world.logged().find("no Landlock") == std::string::npos)
        CHECK_THAT(early, Catch::EndsWith(", refused: Permission denied"));
}

TEST_CASE("a crash is one sentence, and the next call after the wait finds a new process") {
    Stage stage;
    CHECK_THAT(
        stage.failure("crash"),
        Contains("system crm: pull: its connector's process is gone") &&  // A sanitizer turns the
                                                                          // signal into an exit.
            (Contains("signal 11") || Contains("exited with code 1") || Contains("signal 4")));
    CHECK_THAT(stage.failure("http"), Contains("crashed and starts again in 7 ms"));
    stage.world.time += 7;
    CHECK(stage.pull("http") == "200 7");
}

TEST_CASE("after five crashes in ten minutes a connector is tried once a minute") {
    Stage stage;
    for (int i = 0; i < 5; ++i) {
        stage.failure("crash");
        stage.world.time += 1000;
    }
    CHECK_THAT(stage.failure("http"), Contains("crashed and starts again in 59000 ms"));
    const auto reply = stage.connector->apply({{}, {}}, {});
    CHECK(reply.outcomes.at(1).kind == sdk::OutcomeKind::Retry);
    CHECK(reply.outcomes.at(1).retryAfterMs == 59'000);
    stage.world.time += 59'000;
    CHECK(stage.pull("http") == "200 7");
}

TEST_CASE("items in flight when the process crashes are unknown") {
    Stage stage;
    const auto reply = stage.connector->apply({{.creationKey = "crash"}, {}, {}}, {});
    REQUIRE(reply.outcomes.size() == 3);
    for (const auto& outcome : reply.outcomes) CHECK(outcome.kind == sdk::OutcomeKind::Unknown);
}

TEST_CASE("an apply that throws or counts wrong leaves every item unknown") {
    Stage stage;
    for (const char* wish : {"throw", "too few", "too many"}) {
        const auto reply = stage.connector->apply({{.creationKey = wish}, {}}, {});
        INFO(wish);
        REQUIRE(reply.outcomes.size() == 2);
        CHECK(reply.outcomes[0].kind == sdk::OutcomeKind::Unknown);
    }
    CHECK(stage.connector->apply({{}}, {}).outcomes.at(0).kind == sdk::OutcomeKind::Applied);
}

TEST_CASE("a find that answers another number of identifiers is refused") {
    Stage stage;
    CHECK_THROWS_AS(stage.connector->find({{}, {}}, {}), PluginError);
}

TEST_CASE("a hanging connector is killed after its deadline") {
    Stage stage;
    CHECK_THAT(
        stage.failure("hang", 50ms),
        Contains("did not return within 250 ms after its call was ended") && Contains("Killed"));
}

TEST_CASE("cancel ends a call that waits for HTTP, and the process stays") {
    Stage stage;
    stage.world.onSend = [&](const CallContext& context) {
        if (stage.world.sent.size() == 3) stage.connector->cancel();
        CHECK(context.cancel.stop_requested() == (stage.world.sent.size() >= 3));
    };
    CHECK_THAT(stage.failure("http for ever"), Contains("the hub ended the call"));
    stage.world.onSend = [](const CallContext&) {};
    CHECK(stage.pull("http") == "200 7");
}

TEST_CASE("a connector that goes on after its call was ended is killed") {
    Stage stage;
    stage.world.onSend = [&](const CallContext&) { stage.connector->cancel(); };
    CHECK_THAT(stage.failure("ignore the end"), Contains("did not return within 250 ms"));
}

TEST_CASE("cancel from another thread ends a hanging call") {
    Stage stage;
    stage.pull("http");
    std::atomic<bool> isOver = false;
    const std::jthread other([&] {
        while (!isOver) {
            stage.connector->cancel();
            std::this_thread::yield();
        }
    });
    CHECK_THAT(stage.failure("hang", 20s), Contains("did not return within 250 ms"));
    isOver = true;
}

TEST_CASE("exceptions become one sentence and do not end the process") {
    Stage stage;
    CHECK(stage.failure("throw") == "system crm: pull: thrown on purpose");
    CHECK_THAT(stage.failure("throw an int"), Contains("no std::exception"));
    CHECK(stage.pull("http") == "200 7");
}

TEST_CASE("a method the connector lacks is NotImplementedError") {
    Stage stage;
    CHECK_THROWS_AS(stage.connector->discover({}), NotImplementedError);
}

TEST_CASE("what a connector prints becomes shortened log lines") {
    Stage stage;
    CHECK(stage.pull("print") == "done");
    CHECK(stage.pull("http") == "200 7");
    stage.failure("crash");
    const auto logged = stage.world.logged();
    CHECK_THAT(logged, Contains("information: a line on stdout\n") &&
                           Contains("information: and one on stderr\n"));
    CHECK(logged.size() < 10'000);
}

TEST_CASE("hostile frames end the process, not the hub") {
    Stage stage;
    CHECK_THAT(stage.failure("write into the socket"),
               Contains("its connector's process sent a frame"));
    stage.world.time += 60'000;
    CHECK_THAT(stage.failure("announce a large frame"),
               Contains("sent a frame of 4294967295 bytes"));
}

TEST_CASE("a connector that refuses its settings says why") {
    Stage stage(R"({"fail":true})");
    CHECK_THAT(stage.failure("http"),
               Contains("does not start (create): the setting 'fail' is true"));
}

TEST_CASE("a connector that crashes while it is made is not reached, so nothing was applied") {
    Stage stage(R"({"crash":true})");
    CHECK(stage.connector->apply({{}}, {}).outcomes.at(0).kind == sdk::OutcomeKind::Retry);
}

TEST_CASE("a description is asked in a locked process, without settings") {
    CacheFolder cache;
    CHECK(describeIsolated(keepLibrary(HELLO, cache.path()), childOptions()).id == "hello");
    Stage stage;
    CHECK(stage.connector->description().id == "hostile");
}
