// SPDX-License-Identifier: Apache-2.0
// The hub's webhook server by itself: with a store it makes webhooks durable as the hub does,
// without one it only answers. Prints its port; ends by a signal.
#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

#include "hub/api/server.h"
#include "hub/api/webhooks.h"
#include "tests/bench/folder.h"

using namespace concordat;

namespace {

api::Hook sellsyHook(const std::string& key) {
    api::Hook hook;
    hook.signature.kind = "digest";
    hook.signature.hash = "sha1";
    hook.signature.header = "x-webhook-signature";
    hook.keys = [key] { return std::vector<std::string>{key}; };
    hook.answersGet = true;
    return hook;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"The webhook server alone."};
    std::string folder;
    std::string key = "demo-sign-key";
    int connections = 1'024;
    app.add_option("--folder", folder, "of the store; none: nothing is stored");
    app.add_option("--key", key, "signing key");
    app.add_option("--connections", connections, "at once");
    CLI11_PARSE(app, argc, argv);

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    std::unique_ptr<bench::StoreFolder> stored;
    std::unique_ptr<api::Webhooks> webhooks;
    api::Server::Receiver receiver = [](api::Call&&, const api::Ticket& ticket) {
        ticket.answer({200, "text/plain", "", {}, {}});
    };
    if (!folder.empty()) {
        stored = std::make_unique<bench::StoreFolder>(folder);
        webhooks = std::make_unique<api::Webhooks>(
            stored->store(), std::map<std::string, api::Hook>{{"sellsy", sellsyHook(key)}},
            [](const std::string&) {});
        receiver = [&](api::Call&& call, const api::Ticket& ticket) {
            webhooks->receive(std::move(call), ticket);
        };
    }
    api::ServerOptions options;
    options.name = "webhooks";
    options.connections = connections;
    const api::Server server(options, receiver);
    std::cout << server.port() << std::endl;
    int signal = 0;
    sigwait(&signals, &signal);
    return 0;
}
