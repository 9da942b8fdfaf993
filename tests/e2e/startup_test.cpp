// SPDX-License-Identifier: Apache-2.0
// A hub that cannot start says why in one sentence and with the right exit code; one that is told
// to stop stops.
#include <algorithm>
#include <filesystem>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

constexpr int kUsage = 2;
constexpr int kStore = 3;

/// A hub's folder whose manifests name systems that nobody reaches.
class Hub {
 public:
    Hub() {
        run(hubProgram(folder_.path(), {"init", folder_.path()}));
        std::filesystem::remove(folder_ / "manifests/sellsy.yaml");
        std::filesystem::remove(folder_ / "hub.log");
        const std::string source = concordat::tests::sourceFolder();
        settings("");
        for (const char* name : {"company", "activity-customers", "activity-marketing",
                                 "integrations/eudonet"})
            manifest(std::filesystem::path(name).filename(),
                     textOf(source + "/manifests/demo/" + name + ".yaml"));
    }

    std::string operator/(const std::string& name) const { return folder_ / name; }
    const std::string& path() const { return folder_.path(); }

    void settings(const std::string& more) const {
        writeText(folder_ / "hub.yaml",
                  "node: e2e\nvocabularies: " + concordat::tests::sourceFolder() +
                      "/manifests/vocabularies\nplugins: " + concordat::tests::buildFolder() +
                      "/plugins\n" + more);
    }

    void manifest(const std::string& name, const std::string& text) const {
        writeText(folder_ / ("manifests/" + name + ".yaml"), text);
    }

    std::string manifest(const std::string& name) const {
        return textOf(folder_ / ("manifests/" + name + ".yaml"));
    }

    Program serving() const {
        Program program = hubProgram(folder_.path(), {"serve", "--config", folder_ / "hub.yaml"});
        program.out = folder_ / "refused.out";
        program.log = folder_ / "refused.log";
        return program;
    }

    /// Starts it, expects `code`, and gives the sentence it left.
    std::string refusal(int code) const { return refusal(code, serving()); }
    std::string refusal(int code, const Program& program) const {
        std::filesystem::remove(program.log);
        const auto ended = run(program, kPatience);
        const std::string text = textOf(program.log);
        INFO(text);
        REQUIRE(ended == code);
        REQUIRE(std::count(text.begin(), text.end(), '\n') == 1);
        REQUIRE(text.rfind("concordat: ", 0) == 0);
        REQUIRE(text.find("xception") == std::string::npos);
        return text;
    }

 private:
    Folder folder_;
};

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a broken manifest is named with file, line and column") {
    const Hub hub;
    const std::string before = hub.manifest("eudonet");
    hub.manifest("eudonet", before + "slotz: []\n");
    const std::string unknown = hub.refusal(kUsage);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    REQUIRE(says(unknown, "eudonet.yaml:" + std::to_string(line) + ":1"));
    REQUIRE(says(unknown, "slots"));
    hub.manifest("eudonet", "kind: integration\nsystem: [");
    REQUIRE(says(hub.refusal(kUsage), "eudonet.yaml:"));
    hub.manifest("eudonet", std::string("kind: \xff\xfe\n"));
    REQUIRE(says(hub.refusal(kUsage), "eudonet.yaml"));
}

TEST_CASE("a slot that the connector does not have is named, with the one that was meant") {
    const Hub hub;
    std::string text = hub.manifest("eudonet");
    text.replace(text.find("{slot: contact.email_optout"), 27, "{slot: contact.emial_optout");
    hub.manifest("eudonet", text);
    const std::string said = hub.refusal(kUsage);
    REQUIRE(says(said, "eudonet.yaml:"));
    REQUIRE(says(said, "contact.email_optout"));
}

TEST_CASE("a setting nobody knows and a value of the wrong kind stop the start") {
    const Hub hub;
    hub.settings("listen.prot: 1\n");
    REQUIRE(says(hub.refusal(kUsage), "listen.port"));
    hub.settings("listen.port: many\n");
    REQUIRE(says(hub.refusal(kUsage), "listen.port"));
}

TEST_CASE("a secret that is not there is named, and the other systems work without it") {
    CompanyOptions options;
    options.open = false;
    options.environment = {{"DEMO_EUDONET_USER", ""}};
    const Company company(options);
    REQUIRE(eventually([&] {
        for (const Json& system : company.items("/v1/systems"))
            if (system.at("system") == "eudonet")
                return says(system.at("problem"), "DEMO_EUDONET_USER");
        return false;
    }));
    REQUIRE(eventually([&] {
        for (const Json& system : company.items("/v1/systems"))
            if (system.at("system") == "salesforce") return system.at("state") == "rehearsing";
        return false;
    }));
}

TEST_CASE("a key file that others may read, and one that is missing, stop the start") {
    const Hub hub;
    REQUIRE(::chmod((hub / "keys/hub.key").c_str(), 0644) == 0);
    const std::string open = hub.refusal(kStore);
    REQUIRE(says(open, "hub.key"));
    REQUIRE(says(open, "chmod"));
    std::filesystem::remove(hub / "keys/hub.key");
    REQUIRE(says(hub.refusal(kStore), "hub.key"));
}

TEST_CASE("a second hub on the same store is refused") {
    Company company;
    Program second = hubProgram(company.home(), {"serve", "--config", company.configuration()});
    second.log = company.home() + "/second.log";
    second.out = company.home() + "/second.out";
    REQUIRE(run(second, kPatience) == kStore);
    const std::string said = textOf(second.log);
    REQUIRE(std::count(said.begin(), said.end(), '\n') == 1);
    REQUIRE(company.api().get("/health").ok());
    // The first one's address file must survive the second one's end.
    REQUIRE(run(hubProgram(company.home(), {"systems", "--config", company.configuration()})) == 0);
}

TEST_CASE("a port that is taken is named") {
    const Hub hub;
    const Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
    Program program = hub.serving();
    program.environment["CONCORDAT_LISTEN_PORT"] = std::to_string(taken.address().port());
    REQUIRE(says(hub.refusal(kUsage, program), std::to_string(taken.address().port())));
}

TEST_CASE("a store that is no store is named and left as it was") {
    const Hub hub;
    const std::string nonsense(8'192, 'x');
    writeText(hub / "data/hub.db", nonsense);
    REQUIRE(says(hub.refusal(kStore), "hub.db"));
    REQUIRE(textOf(hub / "data/hub.db") == nonsense);
}

TEST_CASE("a connector that is not there, and one that is no library, are named") {
    const Hub hub;
    std::string text = hub.manifest("eudonet");
    text.replace(text.find("connector: eudonet"), 18, "connector: eudonut");
    hub.manifest("eudonet", text);
    const Program program = hub.serving();
    std::filesystem::remove(program.log);
    const auto ended = run(program, kPatience);
    REQUIRE(ended.has_value());
    REQUIRE(*ended != 0);
    REQUIRE(says(textOf(program.log), "eudonut"));
}

TEST_CASE("SIGTERM ends a working hub while its vendors hang, and nothing is lost") {
    Company company;
    const std::vector<Person> people = company.people(5);
    for (const std::string& system : kSystems)
        company.at(system).disturb({{"kind", "latency"}, {"times", 0}, {"ms", 1'000'000}});
    for (const Person& person : people) company.refuse("sellsy", person);
    REQUIRE(company.stopHub() == 0);
    REQUIRE_FALSE(std::filesystem::exists(company.home() + "/data/hub.address"));
    for (const std::string& system : kSystems) company.at(system).calm();
    company.startHub();
    for (const Person& person : people)
        REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
}

TEST_CASE("a hub starts although no vendor answers, and says so") {
    Company company;
    REQUIRE(company.stopHub() == 0);
    for (const std::string& system : kSystems) company.at(system).kill();
    company.startHub();
    REQUIRE(eventually([&] {
        const Json page = company.ask("/v1/systems");
        const Json& items = page.at("items");
        return std::all_of(items.begin(), items.end(), [](const Json& system) {
            return !system.at("problem").get<std::string>().empty();
        });
    }));
    for (const std::string& system : kSystems) company.at(system).start();
    const Person person = company.person();
    company.refuse("salesforce", person);
    REQUIRE(eventually([&] { return company.refusedEverywhere(person); }));
}
