// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/yaml_shape.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "hub/manifest/fields.h"

namespace concordat::manifest {

namespace {

std::string listed(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

/// What stands there, short enough for a sentence.
std::string quoted(const Node& node) {
    if (node.kind == Node::Kind::List) return "a list";
    if (node.kind == Node::Kind::Map) return "keys and values";
    return "'" + (node.text.size() > 60 ? node.text.substr(0, 60) + "…" : node.text) + "'";
}

std::string withNearest(const std::string& text, const Words& words) {
    const auto near = nearest(text, words);
    return near ? ": did you mean '" + *near + "'?" : "";
}

}  // namespace

YamlShape::YamlShape(Reading& reading, const Node& node) : reading_(reading), node_(&node) {}

Position YamlShape::positionOf(const Node& node) const {
    return {reading_.fileNumber, static_cast<std::uint32_t>(node.line),
            static_cast<std::uint32_t>(node.column)};
}

void YamlShape::wrong(const Node& node, const std::string& message) {
    reading_.problems.push_back({reading_.file, node.line, node.column, message});
}

void YamlShape::mustBe(const Node& node, const char* key, const std::string& wanted) {
    wrong(node, std::string("'") + key + "' must be " + wanted + ", not " + quoted(node));
}

const Node* YamlShape::take(const char* key, unsigned traits) {
    known_.push_back(key);
    const Node* value = node_->find(key);
    if (value != nullptr && value->kind == Node::Kind::Null) value = nullptr;
    if (value == nullptr && (traits & kNeed) != 0 && node_->kind == Node::Kind::Map)
        wrong(*node_, std::string("'") + key + "' is missing: add it");
    return value;
}

/// The node of a value that is said and known; `unknown` and {unknown: why} end here.
template <typename T>
const Node* YamlShape::known(const char* key, Stated<T>& value, unsigned traits) {
    const Node* node = take(key, traits);
    if (node == nullptr) return nullptr;
    value.at = positionOf(*node);
    value.saying = Saying::Unknown;
    if (node->kind == Node::Kind::Scalar && node->text == "unknown") return nullptr;
    if (node->kind == Node::Kind::Map && node->members.size() == 1 &&
        node->members[0].key == "unknown" && node->members[0].value.kind == Node::Kind::Scalar) {
        value.why = node->members[0].value.text;
        return nullptr;
    }
    value.saying = Saying::Known;
    return node;
}

void YamlShape::position(Position& at) {
    at = positionOf(*node_);
    if (node_->kind != Node::Kind::Map && node_->kind != Node::Kind::Scalar)
        wrong(*node_, "expected keys and values here, not " + quoted(*node_));
}

void YamlShape::shorthand(const char* key) {
    if (node_->kind != Node::Kind::Scalar) return;
    single_.kind = Node::Kind::Map;
    single_.line = node_->line;
    single_.column = node_->column;
    single_.members.push_back({key, node_->line, node_->column, *node_});
    node_ = &single_;
}

void YamlShape::foreign(const char* key, const char*) { known_.push_back(key); }

void YamlShape::text(const char* key, std::string& value, unsigned traits, Codes codes) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::Scalar) return mustBe(*node, key, "a text");
    value = node->text;
    if (!reading_.codes.has(codes, value)) wrong(*node, reading_.codes.refusal(codes, value));
}

void YamlShape::stated(const char* key, Text& value, unsigned traits, Codes codes) {
    const Node* node = known(key, value, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::Scalar) return mustBe(*node, key, "a text or 'unknown'");
    value.value = node->text;
    if (!reading_.codes.has(codes, value.value))
        wrong(*node, reading_.codes.refusal(codes, value.value));
}

void YamlShape::texts(const char* key,
                      std::vector<std::string>& values,
                      unsigned traits,
                      Codes codes) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::List) return mustBe(*node, key, "a list, such as [a, b]");
    for (const Node& item : node->items) {
        if (item.kind != Node::Kind::Scalar) {
            mustBe(item, key, "a list of texts");
        } else if (std::find(values.begin(), values.end(), item.text) != values.end()) {
            wrong(item, "'" + item.text + "' stands twice in '" + key + "': keep one of them");
        } else {
            values.push_back(item.text);
            if (!reading_.codes.has(codes, item.text))
                wrong(item, reading_.codes.refusal(codes, item.text));
        }
    }
}

void YamlShape::date(const char* key, Date& value, unsigned traits) {
    const Node* node = known(key, value, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::Scalar || !dayFrom(node->text, value.value))
        mustBe(*node, key, "a day of the calendar such as 2026-11-23");
}

void YamlShape::duration(const char* key, Duration& value, unsigned traits) {
    const Node* node = known(key, value, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::Scalar || !periodFrom(node->text, value.value))
        mustBe(*node, key, "an ISO 8601 duration such as P3Y, P6M, P30D or PT24H");
}

void YamlShape::flag(const char* key, Flag& value, unsigned traits) {
    const Node* node = known(key, value, traits);
    if (node == nullptr) return;
    value.value = node->text == "true";
    if (node->kind != Node::Kind::Scalar || (node->text != "true" && node->text != "false"))
        mustBe(*node, key, "true, false or unknown");
}

void YamlShape::number(const char* key, Number& value, unsigned traits) {
    const Node* node = known(key, value, traits);
    if (node == nullptr) return;
    const char* const end = node->text.data() + node->text.size();
    const auto [at, error] = std::from_chars(node->text.data(), end, value.value);
    if (node->kind != Node::Kind::Scalar || error != std::errc{} || at != end || value.value < 0)
        mustBe(*node, key, "a whole number");
}

void YamlShape::localised(const char* key, Localised& value, unsigned traits) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    if (node->kind == Node::Kind::Scalar) {
        value.en = node->text;
        return;
    }
    if (node->kind != Node::Kind::Map)
        return mustBe(*node, key, "a text, or one text for each of en, fr, it");
    YamlShape inner(reading_, *node);
    inner.text("en", value.en, kPlain, Codes::Any);
    inner.text("fr", value.fr, kPlain, Codes::Any);
    inner.text("it", value.it, kPlain, Codes::Any);
    inner.finish();
}

void YamlShape::names(const char* key,
                      std::map<std::string, std::string>& values,
                      unsigned traits) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::Map) return mustBe(*node, key, "names with a text each");
    for (const Member& member : node->members)
        if (member.value.kind == Node::Kind::Scalar)
            values[member.key] = member.value.text;
        else
            mustBe(member.value, member.key.c_str(), "a text");
}

void YamlShape::choice(const char* key, const Words& words, Choice& value, unsigned traits) {
    Text said;
    const Node* node = known(key, said, traits);
    value.saying = said.saying;
    value.why = said.why;
    value.at = said.at;
    if (node == nullptr) return;
    const auto found = std::find(words.begin(), words.end(), node->text);
    if (node->kind == Node::Kind::Scalar && found != words.end()) {
        value.index = static_cast<std::size_t>(found - words.begin());
    } else {
        mustBe(*node, key, "one of: " + listed(words));
    }
}

void YamlShape::choices(const char* key,
                        const Words& words,
                        std::vector<std::size_t>& values,
                        unsigned traits) {
    std::vector<std::string> said;
    texts(key, said, traits, Codes::Any);
    for (const std::string& word : said) {
        const auto found = std::find(words.begin(), words.end(), word);
        if (found != words.end())
            values.push_back(static_cast<std::size_t>(found - words.begin()));
        else
            wrong(*node_->find(key), "'" + word + "' in '" + key + "' is none of " + listed(words) +
                                         withNearest(word, words));
    }
}

void YamlShape::items(const char* key, Items& items, unsigned traits) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    if (node->kind != Node::Kind::List) return mustBe(*node, key, "a list");
    for (const Node& item : node->items) {
        items.add();
        YamlShape inner(reading_, item);
        items.describeItem(items.size() - 1, inner);
        inner.finish();
    }
}

void YamlShape::part(const char* key, Part& part, unsigned traits) {
    const Node* node = take(key, traits);
    if (node == nullptr) return;
    part.make();
    YamlShape inner(reading_, *node);
    part.describePart(inner);
    inner.finish();
}

void YamlShape::finish() {
    if (node_->kind != Node::Kind::Map) {
        if (node_->kind != Node::Kind::List)
            wrong(*node_, "expected keys and values here, not " + quoted(*node_));
        return;
    }
    for (const Member& member : node_->members) {
        const auto same = [&](const char* key) { return member.key == key; };
        if (std::any_of(known_.begin(), known_.end(), same)) continue;
        const Words words(known_.begin(), known_.end());
        const auto near = nearest(member.key, words);
        reading_.problems.push_back({reading_.file, member.line, member.column,
                                     "unknown key '" + member.key + "': " +
                                         (near ? "did you mean '" + *near + "'?"
                                               : "known keys here are " + listed(words))});
    }
}

}  // namespace concordat::manifest
