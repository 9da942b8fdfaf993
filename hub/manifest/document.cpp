// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/document.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include <Poco/TextIterator.h>
#include <Poco/UTF8Encoding.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace concordat::manifest {

namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostValues = 200'000;

/// Ends the parse with a place and a sentence.
struct Refusal {
    int line;
    int column;
    std::string message;
};

/// Builds the tree from the parser's events, so that an alias is refused before it is followed.
class TreeBuilder : public YAML::EventHandler {
 public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        scalar(mark, Node::Kind::Null, "", false);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "aliases (*name) are not allowed in manifests: write the value out");
    }
    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t,
                  const std::string& value) override {
        const bool quoted = tag == "!";
        const bool isNull = !quoted && (value.empty() || value == "~" || value == "null");
        scalar(mark, isNull ? Node::Kind::Null : Node::Kind::Scalar, value, quoted);
    }
    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string&,
                         YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, Node::Kind::List);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark,
                    const std::string&,
                    YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, Node::Kind::Map);
    }
    void OnMapEnd() override { close(); }

    Node take() { return std::move(root_); }

 private:
    struct Level {
        Node node;
        std::optional<Member> pending;
        std::set<std::string> keys;
    };

    [[noreturn]] static void refuse(const YAML::Mark& mark, const std::string& message) {
        throw Refusal{mark.line + 1, mark.column + 1, message};
    }

    void count(const YAML::Mark& mark) {
        if (++values_ > kMostValues) refuse(mark, "more than 200,000 values: split the manifest");
    }

    void open(const YAML::Mark& mark, Node::Kind kind) {
        count(mark);
        if (levels_.size() >= kDeepest) refuse(mark, "nested more than 64 levels deep");
        if (expectsKey()) refuse(mark, "a key must be plain text");
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        levels_.push_back({std::move(node), std::nullopt, {}});
    }

    void close() {
        Node node = std::move(levels_.back().node);
        levels_.pop_back();
        place(std::move(node));
    }

    void scalar(const YAML::Mark& mark, Node::Kind kind, const std::string& text, bool quoted) {
        count(mark);
        if (expectsKey()) return key(mark, text);
        Node node;
        node.kind = kind;
        node.text = text;
        node.quoted = quoted;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        place(std::move(node));
    }

    bool expectsKey() const {
        return !levels_.empty() && levels_.back().node.kind == Node::Kind::Map &&
               !levels_.back().pending;
    }

    void key(const YAML::Mark& mark, const std::string& text) {
        if (!levels_.back().keys.insert(text).second)
            refuse(mark, "the key '" + text + "' stands twice: keep one of them");
        levels_.back().pending = Member{text, mark.line + 1, mark.column + 1, {}};
    }

    void place(Node node) {
        if (levels_.empty()) {
            root_ = std::move(node);
            return;
        }
        Level& level = levels_.back();
        if (level.node.kind == Node::Kind::List) {
            level.node.items.push_back(std::move(node));
            return;
        }
        level.pending->value = std::move(node);
        level.node.members.push_back(std::move(*level.pending));
        level.pending.reset();
    }

    Node root_;
    std::vector<Level> levels_;
    std::size_t values_ = 0;
};

bool isUtf8(const std::string& text) {
    Poco::UTF8Encoding encoding;
    Poco::TextIterator end(text);
    for (Poco::TextIterator it(text, encoding); it != end; ++it)
        if (*it == -1) return false;
    return true;
}

std::optional<nlohmann::json> plainValue(const std::string& text) {
    if (text == "true") return true;
    if (text == "false") return false;
    const auto value = nlohmann::json::parse(text, nullptr, false);
    if (value.is_number()) return value;
    return std::nullopt;
}

nlohmann::json jsonOf(const Node& node) {
    switch (node.kind) {
        case Node::Kind::Null:
            return nullptr;
        case Node::Kind::Scalar: {
            const auto plain = node.quoted ? std::nullopt : plainValue(node.text);
            return plain ? *plain : nlohmann::json(node.text);
        }
        case Node::Kind::List: {
            auto list = nlohmann::json::array();
            for (const Node& item : node.items) list.push_back(jsonOf(item));
            return list;
        }
        case Node::Kind::Map:
            break;
    }
    auto map = nlohmann::json::object();
    for (const Member& member : node.members) map[member.key] = jsonOf(member.value);
    return map;
}

}  // namespace

std::string toString(const Problem& problem) {
    if (problem.line == 0) return problem.file + ": " + problem.message;
    return problem.file + ":" + std::to_string(problem.line) + ":" +
           std::to_string(problem.column) + ": " + problem.message;
}

const Node* Node::find(const std::string& key) const {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
    return found == members.end() ? nullptr : &found->value;
}

std::pair<Node, std::vector<Problem>> parse(const std::string& file, const std::string& text) {
    if (text.size() > kLargestDocument)
        return {{},
                {{file, 0, 0, "larger than 4 MiB: a manifest holds facts, not data; split it"}}};
    if (!isUtf8(text)) return {{}, {{file, 0, 0, "not UTF-8: save the file as UTF-8"}}};
    TreeBuilder builder;
    try {
        std::istringstream input(text);
        YAML::Parser parser(input);
        parser.HandleNextDocument(builder);
        Node root = builder.take();
        TreeBuilder second;
        if (parser.HandleNextDocument(second))
            return {{},
                    {{file, 0, 0,
                      "more than one document: put what follows --- into a file of its own"}}};
        return {std::move(root), {}};
    } catch (const Refusal& refusal) {
        return {{}, {{file, refusal.line, refusal.column, refusal.message}}};
    } catch (const YAML::Exception& error) {
        return {
            {},
            {{file, error.mark.line + 1, error.mark.column + 1, "not valid YAML: " + error.msg}}};
    }
}

std::pair<Node, std::vector<Problem>> load(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return {{}, {{path, 0, 0, "no such file: create it, or correct the path"}}};
    if (std::filesystem::file_size(path, error) > kLargestDocument)
        return parse(path, std::string(kLargestDocument + 1, ' '));
    std::ifstream input(path, std::ios::binary);
    if (!input) return {{}, {{path, 0, 0, "cannot be opened: check its permissions"}}};
    std::ostringstream text;
    text << input.rdbuf();
    return parse(path, text.str());
}

std::string kindOf(const Node& root) {
    const Node* kind = root.find("kind");
    return kind == nullptr ? "" : kind->text;
}

std::string toJson(const Node& node) {
    return jsonOf(node).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace concordat::manifest
