// SPDX-License-Identifier: Apache-2.0
// Manifests: whatever is in the file ends in a tree or in problems that say where and what.
#include <cstdint>
#include <cstdlib>

#include "hub/manifest/manifests.h"

namespace {

using namespace concordat::manifest;

void mustBeUseful(const std::vector<Problem>& problems) {
    for (const auto& problem : problems)
        if (problem.message.empty() || problem.line < 0 || problem.column < 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    auto [root, problems] = parse("m.yaml", text);
    mustBeUseful(problems);
    if (!problems.empty()) return 0;
    toJson(root);
    Manifests all;
    all.company = readCompany("m.yaml", root, all.problems);
    all.integrations.push_back(readIntegration("m.yaml", root, all.problems));
    readVocabulary("m.yaml", root, all.vocabulary, all.problems);
    mustBeUseful(all.problems);
    if (all.problems.empty()) policyOf(all);
    return 0;
}
