// SPDX-License-Identifier: Apache-2.0
// Stands in for the hub's own binary.
#include <string_view>

#include "hub/host/child.h"

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == concordat::host::kChildFlag)
        return concordat::host::connectorChildMain(argc, argv);
    return 64;
}
