// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/schema.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "hub/manifest/integration.h"
#include "tests/manifest/published.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::manifest;
using Json = nlohmann::json;

namespace {

std::string textOf(const std::string& path) {
    std::ifstream input(path);
    std::ostringstream text;
    text << input.rdbuf();
    return text.str();
}

Json schema(const std::string& kind) { return Json::parse(schemaOf(kind, CodeBook())); }

/// What a file's published schema says of it; empty if it agrees.
std::string refusal(const std::string& file) {
    const auto [root, problems] = load(file);
    REQUIRE(problems.empty());
    const Json manifest = Json::parse(toJson(root));
    const Json published =
        Json::parse(textOf(concordat::tests::sourceFolder() + "/manifests/schemas/" +
                           manifest.at("kind").get<std::string>() + ".json"));
    valijson::Schema parsed;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(published),
                                            parsed);
    valijson::ValidationResults results;
    valijson::Validator().validate(parsed, valijson::adapters::NlohmannJsonAdapter(manifest),
                                   &results);
    std::string all;
    for (const auto& error : results) {
        for (const std::string& step : error.context) all += step;
        all += ": " + error.description + "\n";
    }
    return all;
}

/// The keys that the reader knows where `zzzzzzzzzz` stands, from its own sentence.
std::set<std::string> knownKeys(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
        const std::string mark = "unknown key 'zzzzzzzzzz': known keys here are ";
        if (problem.message.find(mark) != 0) continue;
        std::set<std::string> keys;
        std::istringstream list(problem.message.substr(mark.size()));
        for (std::string key; std::getline(list, key, ',');)
            keys.insert(key.substr(key.find_first_not_of(' ')));
        return keys;
    }
    return {};
}

std::set<std::string> keysOf(const Json& schemaOfMap) {
    std::set<std::string> keys;
    for (const auto& [key, value] : schemaOfMap.at("properties").items()) keys.insert(key);
    return keys;
}

std::set<std::string> wiringKeys(const std::string& text) {
    std::vector<Problem> problems;
    const auto [root, broken] = parse("x.yaml", text);
    REQUIRE(broken.empty());
    readIntegration("x.yaml", root, problems);
    return knownKeys(problems);
}

}  // namespace

TEST_CASE("the published schemas and the table of rules are those of the readers") {
    const std::string root = concordat::tests::sourceFolder();
    for (const auto& [file, text] : concordat::tests::published(root)) {
        INFO(file << ": run write_schemas on the tree");
        CHECK(textOf(root + "/" + file) == text);
    }
}

TEST_CASE("the shipped manifests agree with the published schemas") {
    const std::string root = concordat::tests::sourceFolder() + "/manifests/";
    for (const char* folder : {"demo", "connectors"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root + folder)) {
            if (entry.path().extension() != ".yaml") continue;
            INFO(entry.path().string());
            CHECK(refusal(entry.path().string()).empty());
        }
}

TEST_CASE("the wiring's schema has exactly the keys its reader knows") {
    const Json integration = schema("integration").at("properties");
    const std::string odd = "{zzzzzzzzzz: 1}";
    CHECK(wiringKeys("connection: " + odd) == keysOf(integration["connection"]));
    CHECK(wiringKeys("identifiers: " + odd) == keysOf(integration["identifiers"]));
    CHECK(wiringKeys("policies: " + odd) == keysOf(integration["policies"]));
    CHECK(wiringKeys("slots: [" + odd + "]") == keysOf(integration["slots"]["items"]));
    CHECK(wiringKeys("connection: {limits: [" + odd + "]}") ==
          keysOf(integration["connection"]["properties"]["limits"]["items"]));
}

TEST_CASE("a schema refuses unknown keys everywhere") {
    for (const std::string& kind : manifestKinds()) {
        INFO(kind);
        CHECK(schema(kind).at("additionalProperties") == false);
        CHECK(schema(kind).at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    }
}

TEST_CASE("what only records is told apart from what widens") {
    std::map<std::string, bool> recorded;
    for (const SchemaPath& path : pathsOf("integration")) recorded[path.path] = path.recordedOnly;
    CHECK(recorded.at("flows[].comment"));
    CHECK(recorded.at("owner.name"));
    CHECK(recorded.at("engagements[].contract.ends"));
    CHECK_FALSE(recorded.at("flows[].categories"));
    CHECK_FALSE(recorded.at("flows[].transfers[].mechanism"));
    CHECK_FALSE(recorded.at("flows[].retention[].duration"));
    CHECK_FALSE(recorded.at("security[].measure"));
}
