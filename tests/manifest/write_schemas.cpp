// SPDX-License-Identifier: Apache-2.0
// Writes manifests/schemas and the table of manifests/README.md: `write_schemas ROOT`.
#include <fstream>
#include <iostream>

#include "tests/manifest/published.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: write_schemas ROOT   (the folder that holds manifests/)\n";
        return 2;
    }
    for (const auto& [file, text] : concordat::tests::published(argv[1])) {
        std::ofstream(std::string(argv[1]) + "/" + file) << text;
        std::cout << file << "\n";
    }
    return 0;
}
