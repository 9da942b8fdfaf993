// SPDX-License-Identifier: Apache-2.0
#pragma once
// The company's own words: its controllers, the purposes and channels it asks consent for, the
// texts it showed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/fields.h"

namespace concordat::manifest {

/// A company that decides; a consent names it.
struct Controller {
    std::string id;
    std::string name;
    std::string country;
    std::string spread =
        "own";  ///< own, group: whether its people's "no" counts in the whole group
    std::string group;
};

/// One purpose, from the vocabulary or the company's own.
struct PurposeEntry {
    std::string code;
    std::string parent;
    std::string label;
    bool directMarketing = false;
    bool channelNone = false;  ///< the purpose itself is the choice; it has no channel
    std::string version = "1";
    std::vector<std::string> accepts;
    bool doubleOptIn = false;
    std::int64_t maximumAgeDays = 0;  ///< 0: a grant does not age
    std::string source;
};

struct ChannelEntry {
    std::string code;
    std::string label;
    std::string source;
};

struct Company {
    std::string file;
    std::string name;
    std::vector<Controller> controllers;
    std::vector<std::string> purposes;  ///< codes asked for in this company
    std::vector<std::string> channels;
    std::vector<PurposeEntry> ownPurposes;
    std::vector<std::string> notices;
};

struct Vocabulary {
    std::vector<PurposeEntry> purposes;
    std::vector<ChannelEntry> channels;
};

Company readCompany(const std::string& file, const Node& root, std::vector<Problem>& problems);
void readVocabulary(const std::string& file,
                    const Node& root,
                    Vocabulary& vocabulary,
                    std::vector<Problem>& problems);

}  // namespace concordat::manifest
