// SPDX-License-Identifier: Apache-2.0
#include "hub/app/connection.h"

#include <cstdlib>

#include <nlohmann/json.hpp>

#include "hub/consent/error.h"
#include "tests/support/check.h"

using namespace concordat;

namespace {

sdk::Description description() {
    sdk::Description about;
    about.id = "sample";
    about.version = "1";
    about.settingsSchemaJson =
        R"({"type":"object","additionalProperties":false,"required":["base_url","client_secret"],
        "properties":{"base_url":{"type":"string"},"size":{"type":"integer","default":50},"client_secret":{"type":"string","secret":true}}})";
    sdk::SlotDescription slot;
    slot.id = "contact.email";
    slot.channels = {"email"};
    about.slots = {slot};
    about.auth = {{"basic", R"({"username":"{base_url}","password":"{secret:client_secret}"})"}};
    about.hosts = {{"{base_url}", {"GET"}, {"/v2/*"}, "reads", {}}};
    return about;
}

manifest::Integration integration() {
    manifest::Integration one;
    one.file = "one.yaml";
    one.system = "crm";
    one.connector = "sample";
    one.controller = "lyon";
    one.connection.settingsJson = R"({"base_url":"https://api.example.com"})";
    one.connection.secrets = {{"client_secret", "env:CONCORDAT_TEST_SECRET"}};
    one.slots = {{"contact.email", {"PROSPECTING"}, {}, "keep", false, 3, 5}};
    return one;
}

template <class Work>
std::string refusal(const Work& work) {
    try {
        work();
    } catch (const ManifestError& error) {
        return error.message();
    }
    return "";
}

}  // namespace

TEST_CASE("settings get the schema's defaults and never a secret") {
    const auto settings = nlohmann::json::parse(app::settingsFor(integration(), description()));
    CHECK(settings == nlohmann::json{{"base_url", "https://api.example.com"}, {"size", 50}});
}

TEST_CASE("a setting that the schema does not know, and a missing one, are refused with the file") {
    auto one = integration();
    one.connection.settingsJson = R"({"base_url":"https://api.example.com","sise":1})";
    CHECK(refusal([&] {
              app::settingsFor(one, description());
          }).find("one.yaml: connection.settings: ") == 0);
    one.connection.settingsJson = "{}";
    CHECK_FALSE(refusal([&] { app::settingsFor(one, description()); }).empty());
}

TEST_CASE("a secret among the settings is refused") {
    auto one = integration();
    one.connection.settingsJson = R"({"base_url":"https://x.example","client_secret":"hunter2"})";
    const std::string message = refusal([&] { app::settingsFor(one, description()); });
    CHECK(message.find("'client_secret' is a secret") != std::string::npos);
    CHECK(message.find("hunter2") == std::string::npos);
}

TEST_CASE("hosts and sign-in are filled from the settings, secrets stay placeholders") {
    const auto access = app::accessFor(integration(), description(),
                                       app::settingsFor(integration(), description()));
    REQUIRE(access.hosts.size() == 1);
    CHECK(access.hosts[0].host == "api.example.com");
    CHECK(access.auth.parametersJson ==
          R"({"username":"https://api.example.com","password":"{secret:client_secret}"})");
    setenv("CONCORDAT_TEST_SECRET", "s3cret", 1);
    CHECK(access.secrets("client_secret") == "s3cret");
    CHECK_FALSE(access.secrets("other"));
    unsetenv("CONCORDAT_TEST_SECRET");
    // As the gateway's own error, whose words reach the system's page.
    std::string said;
    try {
        access.secrets("client_secret");
    } catch (const gateway::AccessError& error) {
        said = error.message();
    }
    CHECK(said.find("the environment has no CONCORDAT_TEST_SECRET") != std::string::npos);
}

TEST_CASE("the manifest can narrow the hosts, and not widen them") {
    auto one = integration();
    one.connection.hosts = {"evil.example"};
    CHECK(refusal([&] {
              app::accessFor(one, description(), R"({"base_url":"https://api.example.com"})");
          }).find("does not use 'evil.example'") != std::string::npos);
}

TEST_CASE("the manifest sets the limits of its own contract, of pools that there are") {
    auto about = description();
    about.limits = {{"api", 20, 0, 4, "x-left", ""}, {"v1", 5, 0, 2, "", ""}};
    auto one = integration();
    one.connection.limits = {{"api", 50, -1, 16}};
    const std::string settings = R"({"base_url":"https://api.example.com"})";
    const auto pools = app::accessFor(one, about, settings).pools;
    REQUIRE(pools.size() == 2);
    CHECK(pools[0].perSecond == 50);
    CHECK(pools[0].concurrency == 16);
    CHECK(pools[0].remainingHeader == "x-left");
    CHECK(pools[1].perSecond == 5);
    one.connection.limits = {{"apis", 50, -1, -1}};
    CHECK(refusal([&] { app::accessFor(one, about, settings); }) ==
          "one.yaml: connection.limits: the connector sample counts nothing as 'apis'; it has: api "
          "v1");
}

TEST_CASE(
    "a slot that the connector does not have is refused where it stands, with the nearest one") {
    auto one = integration();
    one.slots[0].slot = "contact.emial";
    CHECK(refusal([&] { app::planFor(one, description()); }) ==
          "one.yaml:3:5: the connector sample has no slot 'contact.emial': did you mean "
          "'contact.email'?");
}

TEST_CASE("the plan takes the slot's own channels where the manifest names none") {
    const auto plan = app::planFor(integration(), description());
    REQUIRE(plan.slots.size() == 1);
    CHECK(plan.slots[0].channels == std::vector<std::string>{"email"});
    CHECK(plan.slots[0].scope == "lyon");
}
