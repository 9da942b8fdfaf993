// SPDX-License-Identifier: Apache-2.0
#include <clocale>
#include <csignal>

#include <malloc.h>

#include "hub/app/cli.h"

int main(int argc, char** argv) {
    // An arena for each thread that once worked keeps what that thread once needed.
    ::mallopt(M_ARENA_MAX, 2);
    // Large buffers go back when they are freed; by default the C library soon keeps them.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    std::setlocale(LC_CTYPE, "C.UTF-8");  // tables are laid out by characters, not bytes
    // A reader that goes away is an error of its call, not the end of the hub.
    std::signal(SIGPIPE, SIG_IGN);
    return concordat::app::runCommandLine(argc, argv);
}
