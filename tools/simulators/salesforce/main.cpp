// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tools/simulators/salesforce/salesforce.h"
#include "tools/simulators/stage/program.h"
#include "tools/simulators/stage/server.h"

int main(int argc, char** argv) {
    using namespace concordat::simulators;
    holdStopSignals();
    Options options;
    options.vendor = "salesforce";
    salesforce::Credentials credentials;
    CLI::App app("Simulates a Salesforce org: OAuth, REST data API and Bulk API 2.0 on 127.0.0.1.");
    app.footer("Example: simulate-salesforce --port 8101 --people 2000 --seed 1");
    addCommonFlags(app, options);
    app.add_option("--client-id", credentials.client_id, "consumer key")->capture_default_str();
    app.add_option("--client-secret", credentials.client_secret, "consumer secret")
        ->capture_default_str();
    app.add_option("--username", credentials.username, "integration user, the sub of a JWT")
        ->capture_default_str();
    app.add_option("--jwt-public-key", credentials.jwt_public_key,
                   "PEM certificate or public key that JWTs are verified against");
    CLI11_PARSE(app, argc, argv);
    try {
        Stage stage(options);
        salesforce::Salesforce vendor(stage, credentials);
        return serve(stage, vendor);
    } catch (const std::exception& error) {
        std::cerr << "simulate-salesforce: " << error.what() << std::endl;
        return 1;
    }
}
