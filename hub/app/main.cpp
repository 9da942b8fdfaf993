// SPDX-License-Identifier: Apache-2.0
#include <clocale>
#include <csignal>
#include <cstring>

#include "hub/app/cli.h"
#include "hub/host/child.h"

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], concordat::host::kChildFlag) == 0)
        return concordat::host::connectorChildMain(argc, argv);
    std::setlocale(LC_CTYPE, "C.UTF-8");  // tables are laid out by characters, not bytes
    // A reader that goes away is an error of its call, not the end of the hub.
    std::signal(SIGPIPE, SIG_IGN);
    return concordat::app::runCommandLine(argc, argv);
}
