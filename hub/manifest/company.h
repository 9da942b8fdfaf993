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

Company readCompany(const std::string& file, const Node& root, std::vector<Problem>& problems);
void readVocabulary(const std::string& file,
                    const Node& root,
                    Vocabulary& vocabulary,
                    std::vector<Problem>& problems);

}  // namespace concordat::manifest
