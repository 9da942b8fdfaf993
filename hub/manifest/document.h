// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML text as a tree that knows where each value stands. Hostile text ends in one sentence, not in
// memory.

#include <string>
#include <utility>
#include <vector>

namespace concordat::manifest {

/// One thing that is wrong, where it is, and what to do about it.
struct Problem {
    std::string file;
    int line = 0;  ///< from 1; 0: the file as a whole
    int column = 0;
    std::string message;
};

/// "file:line:column: message".
std::string toString(const Problem& problem);

struct Member;

/// A value of the tree. A scalar keeps its text as written; what it means is decided by who reads
/// it.
struct Node {
    enum class Kind { Null, Scalar, List, Map };
    Kind kind = Kind::Null;
    std::string text;
    bool quoted = false;
    std::vector<Node> items;
    std::vector<Member> members;
    int line = 0;
    int column = 0;

    /// The member of that name, or null.
    const Node* find(const std::string& key) const;
};

struct Member {
    std::string key;
    int line = 0;
    int column = 0;
    Node value;
};

/// Largest manifest that is read, in bytes.
constexpr std::size_t kLargestDocument = 4U << 20U;

/// Reads one document. Refuses aliases, duplicate keys, depth over 64 and more than 200,000 values;
/// the problems come back beside the tree, which is then empty.
std::pair<Node, std::vector<Problem>> parse(const std::string& file, const std::string& text);

/// Reads a file; one that is missing, too large or not UTF-8 is a problem.
std::pair<Node, std::vector<Problem>> load(const std::string& path);

/// What the document says it is; empty: it does not say.
std::string kindOf(const Node& root);

/// The tree as JSON text, with true, false, null and numbers where YAML's core schema sees them
/// unquoted.
std::string toJson(const Node& node);

}  // namespace concordat::manifest
