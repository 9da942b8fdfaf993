// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/schema.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/consent/error.h"
#include "hub/manifest/describe.h"

namespace concordat::manifest {

namespace {

using Json = nlohmann::json;

// What the wiring's own reader (integration.cpp, company.cpp) accepts. A test holds the two against
// each other.
constexpr const char* kForeign = R"({
"consent": {"type": "object", "additionalProperties": false, "required": ["purposes"], "properties": {
  "purposes": {"type": "array", "items": {"type": "string"}, "minItems": 1},
  "channels": {"type": "array", "items": {"type": "string"}},
  "own_purposes": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["code"], "properties": {
    "code": {"type": "string"}, "parent": {"type": "string"}, "label": {"type": "string"},
    "direct_marketing": {"type": "boolean"}, "channel_none": {"type": "boolean"}, "version": {"type": ["string", "number"]},
    "accepts": {"type": "array", "items": {"type": ["string", "number"]}}, "double_opt_in": {"type": "boolean"},
    "maximum_age_days": {"type": "integer", "minimum": 0, "maximum": 36500}, "source": {"type": "string"}}}},
  "notices": {"type": "array", "items": {"type": "string"}}}},
"connection": {"type": "object", "additionalProperties": false, "properties": {
  "settings": {"type": "object"}, "auth": {"type": "string"},
  "secrets": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^(env:.+|file:/.+)$"}},
  "hosts": {"type": "array", "items": {"type": "string"}}, "internal": {"type": "boolean"},
  "limits": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["pool"], "properties": {
    "pool": {"type": "string"}, "per_second": {"type": "integer", "minimum": 0}, "per_day": {"type": "integer", "minimum": 0},
    "concurrency": {"type": "integer", "minimum": 1, "maximum": 256}}}},
  "ca_file": {"type": "string"}, "webhook_secret": {"type": "string"}}},
"identifiers": {"type": "object", "additionalProperties": false, "properties": {
  "region": {"type": "string", "pattern": "^[A-Z]{2}$"},
  "external": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["name", "field"], "properties": {
    "name": {"type": "string"}, "field": {"type": "string"}}}}}},
"slots": {"type": "array", "minItems": 1, "items": {"type": "object", "additionalProperties": false, "required": ["slot"], "properties": {
  "slot": {"type": "string"}, "purposes": {"type": "array", "items": {"type": "string"}},
  "channels": {"type": "array", "items": {"type": "string"}}, "absence": {"enum": ["keep", "refusal", "unknown"]},
  "trusted": {"type": "boolean"}}}},
"policies": {"type": "object", "additionalProperties": false, "properties": {
  "grants": {"enum": ["never", "declared"]}, "trusted_actors": {"type": "array", "items": {"type": "string"}},
  "evidence_sources": {"type": "array", "items": {"type": "string"}}, "direct_double_opt_in": {"type": "boolean"},
  "cap_percent": {"type": "integer", "minimum": 1, "maximum": 100}, "cap_count": {"type": "integer", "minimum": 1},
  "poll_interval": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"}, "sweep_interval": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"},
  "isolation": {"enum": ["process", "inproc"]}, "notes": {"type": "boolean"}, "tenant": {"type": "string"}}}
})";

/// YAML has numbers and truth values where a text was meant, such as `version: 1`.
Json scalar() { return {{"type", {"string", "number", "boolean"}}}; }

/// `unknown`, or {unknown: why}.
Json orUnknown(Json schema) {
    Json why{{"type", "object"},
             {"additionalProperties", false},
             {"required", {"unknown"}},
             {"properties", {{"unknown", scalar()}}}};
    return {{"anyOf", {std::move(schema), {{"const", "unknown"}}, std::move(why)}}};
}

/// Writes a schema from what a value describes; a list is described by one item of it.
class SchemaShape final : public Shape {
 public:
    SchemaShape(const CodeBook& codes, Json& defs) : codes_(codes), defs_(defs) {}

    Json take() {
        Json schema{{"type", "object"},
                    {"additionalProperties", false},
                    {"properties", std::move(properties_)}};
        if (!required_.empty()) schema["required"] = required_;
        if (shorthand_.empty()) return schema;
        return {{"anyOf", {schema["properties"][shorthand_], schema}}};
    }

    void position(Position&) override {}
    void shorthand(const char* key) override { shorthand_ = key; }
    void foreign(const char* key, const char* name) override {
        static const Json kParts = Json::parse(kForeign);
        properties_[key] = *name == '\0' ? Json::object() : kParts.at(name);
    }
    void text(const char* key, std::string&, unsigned traits, Codes codes) override {
        put(key, traits, code(codes));
    }
    void stated(const char* key, Text&, unsigned traits, Codes codes) override {
        put(key, traits, orUnknown(code(codes)));
    }
    void texts(const char* key, std::vector<std::string>&, unsigned traits, Codes codes) override {
        put(key, traits, {{"type", "array"}, {"items", code(codes)}, {"uniqueItems", true}});
    }
    void date(const char* key, Date&, unsigned traits) override {
        put(key, traits,
            orUnknown({{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}));
    }
    void duration(const char* key, Duration&, unsigned traits) override {
        put(key, traits, orUnknown({{"type", "string"}, {"pattern", "^P[0-9YMWDTH]+$"}}));
    }
    void flag(const char* key, Flag&, unsigned traits) override {
        put(key, traits, orUnknown({{"type", "boolean"}}));
    }
    void number(const char* key, Number&, unsigned traits) override {
        put(key, traits, orUnknown({{"type", "integer"}, {"minimum", 0}}));
    }
    void localised(const char* key, Localised&, unsigned traits) override {
        Json each{{"type", "object"},
                  {"additionalProperties", false},
                  {"properties", {{"en", scalar()}, {"fr", scalar()}, {"it", scalar()}}}};
        put(key, traits, {{"anyOf", {scalar(), std::move(each)}}});
    }
    void names(const char* key, std::map<std::string, std::string>&, unsigned traits) override {
        put(key, traits, {{"type", "object"}, {"additionalProperties", scalar()}});
    }
    void choice(const char* key, const Words& words, Choice&, unsigned traits) override {
        put(key, traits, orUnknown({{"enum", words}}));
    }
    void choices(const char* key,
                 const Words& words,
                 std::vector<std::size_t>&,
                 unsigned traits) override {
        put(key, traits, {{"type", "array"}, {"items", {{"enum", words}}}, {"uniqueItems", true}});
    }
    void items(const char* key, Items& items, unsigned traits) override {
        items.add();
        SchemaShape inner(codes_, defs_);
        items.describeItem(items.size() - 1, inner);
        put(key, traits, {{"type", "array"}, {"items", shared(key, inner.take())}});
    }
    void part(const char* key, Part& part, unsigned traits) override {
        part.make();
        SchemaShape inner(codes_, defs_);
        part.describePart(inner);
        put(key, traits, shared(key, inner.take()));
    }

 private:
    void put(const char* key, unsigned traits, Json schema) {
        properties_[key] = std::move(schema);
        if ((traits & kNeed) != 0) required_.emplace_back(key);
    }
    /// A schema that other places need as well stands once, under $defs.
    Json shared(const std::string& name, Json schema) {
        const auto [found, isNew] = defs_.emplace(name, schema);
        if (!isNew && *found != schema) return schema;
        return {{"$ref", "#/$defs/" + name}};
    }
    Json code(Codes codes) {
        if (codes == Codes::Country) return {{"type", "string"}, {"pattern", "^[A-Z]{2}$"}};
        if (codes == Codes::Any || codes == Codes::Purpose || codes == Codes::Category)
            return scalar();
        std::vector<std::string> words(codes_.all(codes).begin(), codes_.all(codes).end());
        std::sort(words.begin(), words.end());
        if (words.empty()) return scalar();
        return shared("code-" + std::to_string(static_cast<int>(codes)), {{"enum", words}});
    }

    const CodeBook& codes_;
    Json& defs_;
    Json properties_ = Json::object();
    std::vector<std::string> required_;
    std::string shorthand_;
};

/// Lists the paths a value describes.
class PathShape final : public Shape {
 public:
    PathShape(std::string prefix, bool recorded, std::vector<SchemaPath>& paths)
        : prefix_(std::move(prefix)), recorded_(recorded), paths_(paths) {}

    void position(Position&) override {}
    void shorthand(const char*) override {}
    void foreign(const char* key, const char*) override { put(key, kPlain); }
    void text(const char* key, std::string&, unsigned traits, Codes) override { put(key, traits); }
    void stated(const char* key, Text&, unsigned traits, Codes) override { put(key, traits); }
    void texts(const char* key, std::vector<std::string>&, unsigned traits, Codes) override {
        put(key, traits);
    }
    void date(const char* key, Date&, unsigned traits) override { put(key, traits); }
    void duration(const char* key, Duration&, unsigned traits) override { put(key, traits); }
    void flag(const char* key, Flag&, unsigned traits) override { put(key, traits); }
    void number(const char* key, Number&, unsigned traits) override { put(key, traits); }
    void localised(const char* key, Localised&, unsigned traits) override { put(key, traits); }
    void names(const char* key, std::map<std::string, std::string>&, unsigned traits) override {
        put(key, traits);
    }
    void choice(const char* key, const Words&, Choice&, unsigned traits) override {
        put(key, traits);
    }
    void choices(const char* key,
                 const Words&,
                 std::vector<std::size_t>&,
                 unsigned traits) override {
        put(key, traits);
    }
    void items(const char* key, Items& items, unsigned traits) override {
        items.add();
        PathShape inner(prefix_ + key + "[].", recorded(traits), paths_);
        items.describeItem(items.size() - 1, inner);
    }
    void part(const char* key, Part& part, unsigned traits) override {
        part.make();
        PathShape inner(prefix_ + key + ".", recorded(traits), paths_);
        part.describePart(inner);
    }

 private:
    bool recorded(unsigned traits) const { return recorded_ || (traits & kNote) != 0; }
    void put(const char* key, unsigned traits) {
        paths_.push_back({prefix_ + key, recorded(traits)});
    }

    std::string prefix_;
    bool recorded_;
    std::vector<SchemaPath>& paths_;
};

void describeKind(Shape& shape, const std::string& kind) {
    Company organisation;
    Activity activity;
    PartyFile party;
    SystemFile system;
    ConnectorFile connector;
    Inventory inventory;
    if (kind == "organisation") return describe(shape, organisation);
    if (kind == "activity") return describe(shape, activity);
    if (kind == "party") return describe(shape, party);
    if (kind == "integration" || kind == "hub") return describe(shape, system);
    if (kind == "connector") return describe(shape, connector);
    if (kind == "inventory") return describe(shape, inventory);
    throw ManifestError("no kind of manifest is called '" + kind + "'");
}

}  // namespace

const std::vector<std::string>& manifestKinds() {
    static const std::vector<std::string> kKinds{
        "organisation", "activity", "party", "integration", "connector", "inventory", "hub"};
    return kKinds;
}

std::string schemaOf(const std::string& kind, const CodeBook& codes) {
    Json defs = Json::object();
    SchemaShape shape(codes, defs);
    describeKind(shape, kind);
    Json schema = shape.take();
    schema["$defs"] = std::move(defs);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = "Concordat manifest of kind " + kind;
    Json kinds = kind == "organisation" ? Json{"organisation", "company"} : Json{kind};
    schema["properties"]["kind"] = {{"enum", std::move(kinds)}};
    schema["required"].push_back("kind");
    return schema.dump(1) + "\n";
}

std::vector<SchemaPath> pathsOf(const std::string& kind) {
    std::vector<SchemaPath> paths;
    PathShape shape("", false, paths);
    describeKind(shape, kind);
    return paths;
}

}  // namespace concordat::manifest
