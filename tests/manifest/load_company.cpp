// SPDX-License-Identifier: Apache-2.0
// How long a folder takes to read and check: `load_company VOCABULARIES FOLDER`. See
// make_company.py for a folder of any size.
#include <ctime>
#include <iostream>

#include "hub/manifest/manifests.h"

namespace {

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: load_company VOCABULARIES FOLDER\n";
        return 2;
    }
    const double begin = seconds();
    const auto all = concordat::manifest::read(argv[1], argv[2]);
    const double loaded = seconds();
    for (const auto& problem : all.problems)
        std::cout << concordat::manifest::toString(problem) << "\n";
    std::size_t flows = 0;
    for (const auto& system : all.model.systems) flows += system.flows.size();
    std::cout << all.model.systems.size() << " systems, " << flows << " flows, "
              << all.model.parties.size() << " parties: read and checked in " << loaded - begin
              << " s of CPU\n";
    concordat::manifest::mapHash(all.model);
    std::cout << "hashed in " << seconds() - loaded << " s of CPU\n";
    return all.problems.empty() ? 0 : 1;
}
