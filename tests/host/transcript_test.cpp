// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/error.h"
#include "tests/host/fakes.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;

namespace {

/// One conversation with most kinds of messages.
void talk(host::Connector& connector) {
    connector.description();
    connector.check({});
    connector.pull({.cursor = "http"}, {});
    connector.read({{"Contact", "1"}, {"Contact", "é\"'\n"}}, {});
    connector.apply({{.writes = {{.slot = "email", .permit = true, .evidence = sdk::Evidence{}}}}},
                    {});
    CHECK_THROWS_AS(connector.discover({}), NotImplementedError);
    CHECK_THROWS_AS(connector.pull({.cursor = "throw"}, {}), PluginError);
}

}  // namespace

TEST_CASE("a connector gives the same transcript in its own process and in the hub's") {
    CacheFolder cache;
    const auto library = keepLibrary(HOSTILE, cache.path());
    FakeSurroundings world;
    Transcript apart;
    Transcript within;
    talk(*isolatedConnector("crm", library, "{}", {world, world, nullptr, &apart}, childOptions()));
    talk(*inProcessConnector("crm", library, "{}", {world, world, nullptr, &within}));
    CHECK(apart.text == within.text);
    CHECK_THAT(apart.text, Catch::Contains("connector http 0"));
    REQUIRE(world.sent.size() == 2);
    CHECK(world.sent[0].body == std::string("\xff\0raw", 5));
}

TEST_CASE("in-process, a host call from a foreign thread is refused") {
    CacheFolder cache;
    FakeSurroundings world;
    const auto connector =
        inProcessConnector("crm", keepLibrary(HOSTILE, cache.path()), "{}", {world, world});
    CHECK(connector->pull({.cursor = "use a foreign thread"}, {}).cursor ==
          "refused: host calls are for the thread and the time of a call");
    CHECK_THAT(world.logged(), Catch::Contains("a hang can only be reported"));
}

TEST_CASE("in-process, a connector that refuses its settings is one sentence") {
    CacheFolder cache;
    FakeSurroundings world;
    try {
        inProcessConnector("crm", keepLibrary(HOSTILE, cache.path()), R"({"fail":true})",
                           {world, world});
        FAIL("it was made");
    } catch (const PluginError& error) {
        CHECK(error.message() ==
              "system crm: its connector does not start: the setting 'fail' is true");
    }
}
