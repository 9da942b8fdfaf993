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

/// Waits for a signal. Meanwhile the memory of what is done goes back to the machine: the C library
/// keeps what its threads freed.
int awaitStop(const sigset_t& signals) {
    constexpr timespec kBetweenTrims{30, 0};
    for (;;) {
        ::malloc_trim(0);
        const int signal = sigtimedwait(&signals, nullptr, &kBetweenTrims);
        if (signal > 0) return signal;
    }
}

}  // namespace

Exit serve(const CommandLine& line) {
    // Few arenas: each keeps its own free memory.
    ::mallopt(M_ARENA_MAX, 2);
    ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
    const sigset_t signals = holdStopSignals();
    const Settings settings = loadSettings(line.config, line.flags);
    startLog(settings);
    const manifest::Manifests manifests = loadManifests(settings);
    const Hub hub(settings, manifests, {});
    greet(hub);
    const int signal = awaitStop(signals);
    Poco::Logger::get("hub.app").information("stopping signal=" + std::to_string(signal));
    return Exit::Ok;
}

}  // namespace concordat::app
