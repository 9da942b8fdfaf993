// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <Poco/String.h>
#include <yaml-cpp/yaml.h>

#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

std::set<std::string> documented(const YAML::Node& root) {
    std::set<std::string> all;
    for (const auto& path : root["paths"])
        for (const auto& operation : path.second)
            all.insert(Poco::toUpper(operation.first.as<std::string>()) + " " +
                       path.first.as<std::string>());
    return all;
}

std::string join(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += text + "\n";
    return all;
}

/// The node that "#/a/b" names.
YAML::Node resolved(const YAML::Node& root, const YAML::Node& node) {
    if (!node["$ref"]) return node;
    YAML::Node at = YAML::Clone(root);
    const std::string ref = node["$ref"].as<std::string>();
    for (std::size_t from = 2; from < ref.size();) {
        const auto slash = std::min(ref.find('/', from), ref.size());
        at.reset(at[ref.substr(from, slash - from)]);
        from = slash + 1;
    }
    return at;
}

/// The names an answer must have, as the document says for GET `path`.
std::set<std::string> required(const YAML::Node& root, const std::string& path) {
    const YAML::Node response = resolved(root, root["paths"][path]["get"]["responses"]["200"]);
    const YAML::Node schema = resolved(root, response["content"]["application/json"]["schema"]);
    std::set<std::string> names;
    const auto add = [&](const YAML::Node& from) {
        for (const auto& name : from["required"]) names.insert(name.as<std::string>());
    };
    add(schema);
    for (const auto& part : schema["allOf"]) add(resolved(root, part));
    return names;
}

std::set<std::string> namesOf(const Json& object) {
    std::set<std::string> names;
    for (const auto& [name, value] : object.items()) names.insert(name);
    return names;
}

}  // namespace

TEST_CASE("openapi.yaml and the routes name each other") {
    Stage stage;
    const YAML::Node root = YAML::Load(openapi());
    std::set<std::string> routed;
    for (const Route& route : stage.api->routes())
        routed.insert(route.method + " " + route.pattern);
    CHECK(join(documented(root)) == join(routed));
    CHECK(stage.send("GET", "/openapi.yaml").text == openapi());
}

TEST_CASE("openapi.yaml says which role a route needs, and which need none") {
    Stage stage;
    const YAML::Node root = YAML::Load(openapi());
    for (const Route& route : stage.api->routes()) {
        const YAML::Node operation = root["paths"][route.pattern][Poco::toLower(route.method)];
        INFO(route.method << " " << route.pattern);
        const bool isFree = operation["security"] && operation["security"].size() == 0;
        CHECK(isFree == !route.least.has_value());
        const std::string role =
            operation["x-role"] ? operation["x-role"].as<std::string>() : "read_only";
        if (route.least) CHECK(role == toString(*route.least));
    }
}

TEST_CASE("answers have the members that openapi.yaml promises") {
    Stage stage;
    const YAML::Node root = YAML::Load(openapi());
    for (const std::string path :
         {"/health", "/v1/systems", "/v1/users", "/v1/tokens", "/v1/inbox", "/v1/deliveries",
          "/v1/incidents", "/v1/quarantine", "/v1/settings"}) {
        INFO(path);
        CHECK(join(namesOf(stage.get(path).json())) == join(required(root, path)));
    }
    CHECK(join(namesOf(stage.get("/v1/systems/sellsy").json())) ==
          join(required(root, "/v1/systems/{system}")));
    stage.crm.create("a", "ada@example.org", {{"contact.email", sdk::Shown::Permit}});
    stage.settle();
    CHECK(join(namesOf(stage.get("/v1/subjects/" + stage.subjectOf("a")).json())) ==
          join(required(root, "/v1/subjects/{id}")));
}
