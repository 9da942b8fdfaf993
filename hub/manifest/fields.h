// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the members of one YAML map by name and type, and says what is missing, wrong or unknown.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/manifest/document.h"

namespace concordat::manifest {

/// A map being read. Ask for each member once; finish() refuses those nobody asked for. Problems go
/// into `problems`, and a value that is wrong reads as its default. `node` and `problems` must
/// outlive it.
class Fields {
 public:
    Fields(std::string file, const Node& node, std::vector<Problem>& problems);

    bool has(const std::string& key) const;
    std::string text(const std::string& key);  ///< required, not empty
    std::string text(const std::string& key, const std::string& otherwise);
    bool flag(const std::string& key, bool otherwise);
    std::int64_t number(const std::string& key,
                        std::int64_t otherwise,
                        std::int64_t least,
                        std::int64_t most);
    /// "500ms", "5s", "10m", "2h", "1d" as milliseconds.
    std::int64_t duration(const std::string& key, std::int64_t otherwiseMs);
    /// One of the words; the problem lists them.
    std::string word(const std::string& key,
                     const std::vector<std::string>& words,
                     const std::string& otherwise);
    std::vector<std::string> texts(const std::string& key);
    std::map<std::string, std::string> textMap(const std::string& key);
    /// The items of a list of maps; reads none if it is absent.
    std::vector<Fields> maps(const std::string& key);
    std::optional<Fields> map(const std::string& key);
    /// Any value, for what another room validates.
    const Node* raw(const std::string& key);

    /// Notes a problem at a member, or at the map if it is absent.
    void problem(const std::string& key, const std::string& message);
    /// Refuses unknown keys, with the nearest known one.
    void finish();

 private:
    const Node* take(const std::string& key);
    void wrong(const Node& node, const std::string& key, const std::string& wanted);

    std::string file_;
    const Node* node_;
    std::vector<Problem>* problems_;
    std::vector<std::string> known_;
};

/// Which of `words` is nearest to `word`, if one is near.
std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& words);

/// "500ms", "5s" … in milliseconds; nothing if it is not one.
std::optional<std::int64_t> durationFrom(const std::string& text);

}  // namespace concordat::manifest
