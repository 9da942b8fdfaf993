// SPDX-License-Identifier: Apache-2.0
// The program of a connector's process; concordat starts one for each.
#include <iostream>

#include <malloc.h>

#include "hub/host/child.h"

int main(int argc, char** argv) {
    // A page's buffers go back when they are freed; by default the C library soon keeps them.
    ::mallopt(M_MMAP_THRESHOLD, 128 << 10);
    if (argc == 3) return concordat::host::connectorChildMain(argv[1], argv[2]);
    std::cerr << "concordat-connector is started by concordat, not by hand\n";
    return 2;
}
