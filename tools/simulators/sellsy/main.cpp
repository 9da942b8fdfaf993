// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/stage/program.h"
#include "tools/simulators/stage/server.h"

using namespace concordat::simulators;

int main(int argc, char** argv) {
    holdStopSignals();
    CLI::App app("A simulated Sellsy account (log-in, API v2, API v1) on 127.0.0.1",
                 "simulate-sellsy");
    Options options;
    options.vendor = "sellsy";
    sellsy::Client client;
    addCommonFlags(app, options);
    app.add_option("--client-id", client.id, "OAuth client")->capture_default_str();
    app.add_option("--client-secret", client.secret, "its secret")->capture_default_str();
    app.add_option("--scopes", client.scopes, "scopes ticked for it, separated by spaces")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        Stage stage(options);
        sellsy::Sellsy vendor(stage, client);
        return serve(stage, vendor);
    } catch (const std::exception& error) {
        std::cerr << "simulate-sellsy: " << error.what() << "\n";
        return 1;
    }
}
