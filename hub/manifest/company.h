// SPDX-License-Identifier: Apache-2.0
#pragma once
// The company's own words: its controllers, the purposes and channels it asks consent for, the
// texts it showed.

#include <string>
#include <vector>

#include "hub/manifest/fields.h"
#include "hub/manifest/organisation.h"

namespace concordat::manifest {

struct ChannelEntry {
    std::string code;
    std::string label;
    std::string source;
};

struct Vocabulary {
    std::vector<PurposeEntry> purposes;
    std::vector<ChannelEntry> channels;
};

/// Reads what an organisation asks consent for; its other members are described in describe.h.
Company readCompany(const std::string& file, const Node& root, std::vector<Problem>& problems);
/// "own" or "group" with the group's name.
void checkSpread(const std::string& spread,
                 const std::string& group,
                 const Position& at,
                 const std::string& file,
                 std::vector<Problem>& problems);
void readVocabulary(const std::string& file,
                    const Node& root,
                    Vocabulary& vocabulary,
                    std::vector<Problem>& problems);

}  // namespace concordat::manifest
