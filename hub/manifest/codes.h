// SPDX-License-Identifier: Apache-2.0
#pragma once
// The codes that manifests may name, by list.

#include <map>
#include <string>
#include <unordered_set>

#include "hub/manifest/organisation.h"
#include "hub/manifest/shape.h"
#include "hub/manifest/vocabularies.h"

namespace concordat::manifest {

/// What may stand in a member with Codes. A list that is empty accepts anything.
class CodeBook {
 public:
    CodeBook() = default;
    CodeBook(const Vocabularies& vocabularies, const std::vector<PurposeEntry>& ownPurposes);

    bool has(Codes codes, const std::string& code) const;
    /// "unknown country 'FX': did you mean 'FR'?"
    std::string refusal(Codes codes, const std::string& code) const;
    const std::unordered_set<std::string>& all(Codes codes) const;

 private:
    std::map<Codes, std::unordered_set<std::string>> lists_;
};

}  // namespace concordat::manifest
