// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace concordat::manifest {

namespace {

std::optional<std::int64_t> integerFrom(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string joined(const std::vector<std::string>& words) {
    return std::accumulate(words.begin(), words.end(), std::string(),
                           [](const std::string& all, const std::string& one) {
                               return all.empty() ? one : all + ", " + one;
                           });
}

std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& words) {
    std::optional<std::string> best;
    std::size_t least = 3;
    for (const std::string& candidate : words) {
        const std::size_t apart = distance(word, candidate);
        if (apart >= least) continue;
        least = apart;
        best = candidate;
    }
    return best;
}

std::optional<std::int64_t> durationFrom(const std::string& text) {
    static constexpr std::array<std::pair<const char*, std::int64_t>, 5> kUnits{
        {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    const auto unit = text.find_first_not_of("0123456789");
    if (unit == std::string::npos || unit == 0 || unit > 9) return std::nullopt;
    for (const auto& [name, factor] : kUnits)
        if (text.substr(unit) == name) return *integerFrom(text.substr(0, unit)) * factor;
    return std::nullopt;
}

Fields::Fields(std::string file, const Node& node, std::vector<Problem>& problems)
    : file_(std::move(file)), node_(&node), problems_(&problems) {
    if (node.kind != Node::Kind::Map)
        problems.push_back({file_, node.line, node.column,
                            "expected keys and values here, such as 'kind: integration'"});
}

bool Fields::has(const std::string& key) const { return node_->find(key) != nullptr; }

const Node* Fields::take(const std::string& key) {
    known_.push_back(key);
    const Node* value = node_->find(key);
    return value != nullptr && value->kind == Node::Kind::Null ? nullptr : value;
}

const Node* Fields::raw(const std::string& key) { return take(key); }

void Fields::wrong(const Node& node, const std::string& key, const std::string& wanted) {
    problems_->push_back({file_, node.line, node.column, "'" + key + "' must be " + wanted});
}

void Fields::problem(const std::string& key, const std::string& message) {
    for (const Member& member : node_->members)
        if (member.key == key) {
            problems_->push_back({file_, member.value.line, member.value.column, message});
            return;
        }
    problems_->push_back({file_, node_->line, node_->column, message});
}

std::string Fields::text(const std::string& key) {
    const std::string value = text(key, "");
    if (value.empty() && node_->kind == Node::Kind::Map)
        problem(key, "'" + key + "' is missing: add it");
    return value;
}

std::string Fields::text(const std::string& key, const std::string& otherwise) {
    const Node* value = take(key);
    if (value == nullptr) return otherwise;
    if (value->kind == Node::Kind::Scalar) return value->text;
    wrong(*value, key, "a text");
    return otherwise;
}

bool Fields::flag(const std::string& key, bool otherwise) {
    const Node* value = take(key);
    if (value == nullptr) return otherwise;
    if (value->kind == Node::Kind::Scalar && value->text == "true") return true;
    if (value->kind == Node::Kind::Scalar && value->text == "false") return false;
    wrong(*value, key, "true or false");
    return otherwise;
}

std::int64_t Fields::number(const std::string& key,
                            std::int64_t otherwise,
                            std::int64_t least,
                            std::int64_t most) {
    const Node* value = take(key);
    if (value == nullptr) return otherwise;
    const auto number = value->kind == Node::Kind::Scalar ? integerFrom(value->text) : std::nullopt;
    if (number && *number >= least && *number <= most) return *number;
    wrong(*value, key,
          "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
}

std::int64_t Fields::duration(const std::string& key, std::int64_t otherwiseMs) {
    const Node* value = take(key);
    if (value == nullptr) return otherwiseMs;
    const auto duration =
        value->kind == Node::Kind::Scalar ? durationFrom(value->text) : std::nullopt;
    if (duration && *duration > 0) return *duration;
    wrong(*value, key, "a duration such as 500ms, 5s, 10m, 2h or 1d");
    return otherwiseMs;
}

std::string Fields::word(const std::string& key,
                         const std::vector<std::string>& words,
                         const std::string& otherwise) {
    const Node* value = take(key);
    if (value == nullptr) return otherwise;
    if (value->kind == Node::Kind::Scalar &&
        std::find(words.begin(), words.end(), value->text) != words.end())
        return value->text;
    wrong(*value, key, "one of: " + joined(words));
    return otherwise;
}

std::vector<std::string> Fields::texts(const std::string& key) {
    const Node* value = take(key);
    std::vector<std::string> all;
    if (value == nullptr) return all;
    if (value->kind != Node::Kind::List) {
        wrong(*value, key, "a list, such as [email, sms]");
        return all;
    }
    for (const Node& item : value->items)
        if (item.kind == Node::Kind::Scalar)
            all.push_back(item.text);
        else
            wrong(item, key, "a list of texts");
    return all;
}

std::map<std::string, std::string> Fields::textMap(const std::string& key) {
    const Node* value = take(key);
    std::map<std::string, std::string> all;
    if (value == nullptr) return all;
    if (value->kind != Node::Kind::Map) wrong(*value, key, "names with a text each");
    for (const Member& member : value->members)
        if (member.value.kind == Node::Kind::Scalar)
            all[member.key] = member.value.text;
        else
            wrong(member.value, member.key, "a text");
    return all;
}

std::vector<Fields> Fields::maps(const std::string& key) {
    const Node* value = take(key);
    std::vector<Fields> all;
    if (value == nullptr) return all;
    if (value->kind != Node::Kind::List) wrong(*value, key, "a list");
    for (const Node& item : value->items) all.emplace_back(file_, item, *problems_);
    return all;
}

std::optional<Fields> Fields::map(const std::string& key) {
    const Node* value = take(key);
    if (value == nullptr) return std::nullopt;
    return Fields(file_, *value, *problems_);
}

void Fields::finish() {
    for (const Member& member : node_->members) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        const auto near = nearest(member.key, known_);
        problems_->push_back({file_, member.line, member.column,
                              "unknown key '" + member.key + "': " +
                                  (near ? "did you mean '" + *near + "'?"
                                        : "known keys here are " + joined(known_))});
    }
}

}  // namespace concordat::manifest
