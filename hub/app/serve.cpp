// SPDX-License-Identifier: Apache-2.0
// `concordat serve`: the hub, until a signal ends it.
#include <csignal>
#include <iostream>

#include <Poco/Logger.h>
#include <malloc.h>
#include <unistd.h>

#include "hub/app/commands.h"
#include "hub/app/hub.h"
#include "hub/app/log.h"

namespace concordat::app {

namespace {

/// Holds SIGINT and SIGTERM back from every thread, so that one place waits for them. Before any
/// thread starts.
sigset_t holdStopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

void greet(const Hub& hub) {
    const HubAddress address = hub.address();
    std::cout << "Concordat answers at http://" << address.host << ":" << address.port
              << "/ (webhooks on port " << hub.webhookPort() << ")\n";
    if (!hub.firstPassword().empty()) {
        std::cout << "Sign in as 'admin' with the password " << hub.firstPassword();
        std::cout << (isatty(STDOUT_FILENO) == 1 ? "  (shown this once: change it)\n" : "\n");
    }
    for (const std::string& remark : hub.remarks()) std::cout << "Note: " << remark << '\n';
    std::cout << std::flush;
}

}  // namespace

Exit serve(const CommandLine& line) {
    const sigset_t signals = holdStopSignals();
    const Settings settings = loadSettings(line.config, line.flags);
    startLog(settings);
    const manifest::Manifests manifests = loadManifests(settings);
    const Hub hub(settings, manifests, {});
    ::malloc_trim(0);  // What only the start needed goes back to the machine.
    greet(hub);
    int signal = 0;
    sigwait(&signals, &signal);
    Poco::Logger::get("hub.app").information("stopping signal=" + std::to_string(signal));
    return Exit::Ok;
}

}  // namespace concordat::app
