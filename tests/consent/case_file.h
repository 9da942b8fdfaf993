// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads tests/cases/*.yaml and plays them. The format is told in tests/cases/README.md.

#include <string>
#include <vector>

namespace concordat::tests {

/// A case that was played, and what came out differently from what it says. Empty: as it says.
struct Played {
    std::string name;
    std::vector<std::string> differences;
};

/// Plays every case of `file` in the company of `companyFile`. A case that cannot be read is a
/// difference, with its line.
std::vector<Played> playCases(const std::string& companyFile, const std::string& file);

}  // namespace concordat::tests
