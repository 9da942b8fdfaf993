// SPDX-License-Identifier: Apache-2.0
// `concordat test`: the conformance kit against a connector and a simulator or sandbox, through the
// hub's own gateway.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/TemporaryFile.h>
#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include "hub/app/apart.h"
#include "hub/app/commands.h"
#include "hub/app/connection.h"
#include "hub/app/connectors.h"
#include "hub/app/hub.h"
#include "hub/app/terminal.h"
#include "hub/consent/error.h"
#include "hub/host/library.h"
#include "hub/host/table.h"
#include "sdk/conformance/caller.h"
#include "sdk/conformance/cassette.h"
#include "sdk/conformance/examples.h"
#include "sdk/conformance/simulator.h"

namespace concordat::app {

namespace {

using Json = nlohmann::json;
namespace kit = sdk::conformance;

/// "name=value" of a flag that may be repeated.
std::pair<std::string, std::string> pairOf(const std::string& flag, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw ConfigError(flag + " " + text + ": write it as name=value");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

/// "OBJECT/ID" of a flag; empty: not given.
sdk::RecordRef recordOf(const std::string& flag, const std::string& text) {
    if (text.empty()) return {};
    const auto slash = text.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
        throw ConfigError(flag + " " + text + ": write it as OBJECT/ID");
    return {text.substr(0, slash), text.substr(slash + 1)};
}

/// The settings of --setting as JSON: a text where the schema wants one, else what it reads as.
/// Every address that is not given is the simulator's.
std::string settingsOf(const TestOptions& options, const sdk::Description& description) {
    const Json schema = Json::parse(description.settingsSchemaJson);
    const Json properties = schema.value("properties", Json::object());
    Json settings = Json::object();
    for (const auto& text : options.settings) {
        const auto [name, value] = pairOf("--setting", text);
        const Json tree = Json::parse(value, nullptr, false);
        const Json property = properties.value(name, Json::object());
        const bool isText = property.value("type", "") == "string" || tree.is_discarded();
        settings[name] = isText ? Json(value) : tree;
    }
    for (const auto& [name, property] : properties.items())
        if (!options.simulator.empty() && property.value("format", "") == "uri" &&
            !settings.contains(name))
            settings[name] = options.simulator;
    return settings.dump();
}

/// What was said on the command line, as the manifest of one system.
manifest::Integration integrationOf(const TestOptions& options,
                                    const sdk::Description& description) {
    manifest::Integration integration;
    integration.file = "the command line";
    integration.system = "test";
    integration.connector = description.id;
    integration.connection.settingsJson = settingsOf(options, description);
    integration.connection.auth = options.auth;
    integration.connection.internal = !options.simulator.empty();
    for (const auto& text : options.secrets)
        integration.connection.secrets.insert(pairOf("--secret", text));
    return integration;
}

/// A simulator's admin endpoint.
kit::Admin adminOf(const std::string& simulator) {
    const Poco::URI address(simulator);
    if (address.getScheme() != "http" || address.getHost().empty())
        throw ConfigError("--simulator " + simulator +
                          ": give the address it prints, such as http://127.0.0.1:8101");
    return [address](const std::string& method, const std::string& what, const std::string& body) {
        std::string text;
        Poco::Net::HTTPResponse response;
        try {
            Poco::Net::HTTPClientSession session(address.getHost(), address.getPort());
            Poco::Net::HTTPRequest request(method, "/_admin/" + what,
                                           Poco::Net::HTTPMessage::HTTP_1_1);
            request.setContentType("application/json");
            request.setContentLength(static_cast<std::streamsize>(body.size()));
            session.sendRequest(request) << body;
            Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        } catch (const Poco::Exception& error) {
            throw std::runtime_error("no simulator answers at " + address.toString() + " (" +
                                     error.displayText() + "); start it first");
        }
        if (response.getStatus() >= 300)
            throw std::runtime_error("the simulator at " + address.toString() +
                                     " does not understand " + method + " " + what +
                                     ": see tools/simulators/README.md");
        return text;
    };
}

/// What is examined, and what must live as long.
struct Examined {
    host::Library library;
    sdk::Description description;
    std::unique_ptr<gateway::Gateway> gateway;
    std::unique_ptr<ClockSkew> skew;
    std::unique_ptr<MachineClock> clock;
    std::unique_ptr<GatewayHttp> way;
    std::unique_ptr<kit::Cassette> cassette;
    kit::Scenario scenario;
};

/// The connector's file and the system it is to reach.
std::pair<std::string, std::optional<manifest::Integration>> targetOf(const CommandLine& line,
                                                                      const TestOptions& options) {
    if (options.connector.ends_with(".so")) return {options.connector, std::nullopt};
    const Settings settings = loadSettings(line.config, line.flags);
    for (auto& integration : loadManifests(settings).integrations)
        if (integration.system == options.connector)
            return {
                (std::filesystem::path(pluginFolder(settings)) / (integration.connector + ".so"))
                    .string(),
                integration};
    throw ConfigError("'" + options.connector +
                      "' is neither a connector's file (.so) nor a system of the configuration");
}

/// The simulator's part of the checks; `cassette`, if any, records it.
kit::Stage stageFor(const TestOptions& options, kit::Cassette* cassette) {
    std::function<sdk::EpochMs()> now = [] { return MachineClock().now(); };
    if (cassette) now = [cassette] { return cassette->now(); };
    if (options.simulator.empty()) return {.now = now};
    const auto admin = adminOf(options.simulator);
    try {
        return kit::stageOf(cassette ? cassette->admin(admin) : admin, now);
    } catch (const std::runtime_error& error) {
        throw Error(error.what(), 503);
    }
}

bool isPlayed(const TestOptions& options) {
    return !options.cassette.empty() && options.simulator.empty() && !options.sandbox;
}

std::string cassetteFile(const TestOptions& options) {
    return (std::filesystem::path(options.cassette) / "cassette.jsonl").string();
}

/// The vendor's part comes from a recording.
void playInto(Examined& examined, const TestOptions& options) {
    try {
        examined.cassette = std::make_unique<kit::Cassette>(cassetteFile(options));
    } catch (const std::runtime_error& error) {
        throw ConfigError("--cassette: " + std::string(error.what()));
    }
    auto& cassette = *examined.cassette;
    auto& scenario = examined.scenario;
    scenario.settingsJson = cassette.label().settingsJson;
    scenario.seed = cassette.label().seed;
    scenario.vendor = cassette.vendor({});
    const auto now = [&cassette] { return cassette.now(); };
    scenario.stage =
        cassette.label().hasStage ? kit::stageOf(cassette.admin({}), now) : kit::Stage{.now = now};
}

void recordFrom(Examined& examined, const TestOptions& options) {
    const kit::CassetteLabel label{examined.scenario.settingsJson, options.seed,
                                   MachineClock().now(), !options.simulator.empty()};
    try {
        std::filesystem::create_directories(options.cassette);
        examined.cassette = std::make_unique<kit::Cassette>(cassetteFile(options), label);
    } catch (const std::runtime_error& error) {
        throw ConfigError("--cassette: " + std::string(error.what()));
    }
    examined.scenario.vendor = examined.cassette->vendor(examined.scenario.vendor);
}

Examined prepare(const CommandLine& line, const TestOptions& options, const std::string& copies) {
    const auto [file, known] = targetOf(line, options);
    Examined examined;
    examined.library = host::keepLibrary(file, copies);
    auto& scenario = examined.scenario;
    scenario.connector = &host::loadTable(examined.library.path, examined.library.origin);
    examined.description = kit::describe(scenario);
    scenario.apart = apartOf(examined.library);
    scenario.known = recordOf("--record", options.record);
    scenario.unknown = recordOf("--unknown", options.unknown);
    scenario.slot = options.slot;
    scenario.seed = options.seed;
    if (isPlayed(options)) return playInto(examined, options), std::move(examined);
    const auto integration = known ? *known : integrationOf(options, examined.description);
    const auto settingsJson = settingsFor(integration, examined.description);
    examined.gateway = std::make_unique<gateway::Gateway>();
    examined.gateway->addSystem(accessFor(integration, examined.description, settingsJson));
    examined.skew = std::make_unique<ClockSkew>();
    examined.clock = std::make_unique<MachineClock>();
    examined.way = std::make_unique<GatewayHttp>(*examined.gateway, *examined.skew, *examined.clock,
                                                 integration.system);
    scenario.settingsJson = settingsJson;
    scenario.vendor = [&way = *examined.way](const sdk::HttpRequest& request) {
        return way.send({request}, host::CallContext{}).front();
    };
    if (!options.cassette.empty()) recordFrom(examined, options);
    scenario.stage = stageFor(options, examined.cassette.get());
    return examined;
}

const char* stateOf(const kit::Finding& finding) {
    if (!finding.problem.empty()) return "failed";
    return finding.notRun.empty() ? "ok" : "not_run";
}

Json jsonOf(const kit::Finding& finding) {
    Json item = {{"number", finding.number}, {"rule", finding.rule}, {"state", stateOf(finding)}};
    if (!finding.problem.empty()) item.update({{"problem", finding.problem}, {"fix", finding.fix}});
    if (!finding.notRun.empty()) item["not_run"] = finding.notRun;
    return item;
}

Exit tell(const CommandLine& line, const Examined& examined, const Json& items, int failed) {
    const auto notRun = std::count_if(
        items.begin(), items.end(), [](const Json& item) { return item.at("state") == "not_run"; });
    if (line.json) {
        std::cout << Json{{"connector", examined.description.id},
                          {"version", examined.description.version},
                          {"seed", examined.scenario.seed},
                          {"failed", failed},
                          {"not_run", notRun},
                          {"items", items}}
                         .dump(2)
                  << '\n';
    } else {
        std::cout << examined.description.id << ' ' << examined.description.version << ": "
                  << items.size() << " checks, " << failed << " failed, " << notRun
                  << " not run (seed " << examined.scenario.seed << ").\n";
    }
    return failed == 0 ? Exit::Ok : Exit::Problems;
}

}  // namespace

Exit testConnector(const CommandLine& line, const TestOptions& options) {
    if (options.simulator.empty() && !options.sandbox && options.cassette.empty())
        throw ConfigError(
            "the checks write consent into the records they use: name a simulator (--simulator "
            "URL), or say --sandbox where nobody's real choice is at stake, or play a recording "
            "(--cassette DIR)");
    const Poco::TemporaryFile copies;
    Examined examined = prepare(line, options, copies.path());
    ProgressBar bar("Testing", !line.json);
    bar.show(-1, "looking for records");
    try {
        kit::findExamples(examined.scenario);
    } catch (const std::runtime_error& error) {
        throw Error("the checks cannot begin: " + std::string(error.what()));
    }
    Json items = Json::array();
    int failed = 0;
    kit::examine(examined.scenario, [&](const kit::Finding& finding, int all) {
        bar.show(static_cast<double>(finding.number) / all, finding.rule);
        items.push_back(jsonOf(finding));
        if (!finding.problem.empty()) ++failed;
        if (!line.json) kit::print(finding, std::cout);
    });
    bar.show(1, "");
    if (examined.cassette && examined.cassette->missed() > 0)
        std::cerr << "The recording lacks " << examined.cassette->missed()
                  << " requests of this connector: record it again where it has changed.\n";
    return tell(line, examined, items, failed);
}

}  // namespace concordat::app
