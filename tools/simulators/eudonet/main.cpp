// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tools/simulators/eudonet/api.h"
#include "tools/simulators/stage/program.h"
#include "tools/simulators/stage/server.h"

using namespace concordat::simulators;

namespace {

void addBaseFlags(CLI::App& app, eudonet::BaseOptions& options, std::string& layout) {
    app.add_option("--layout", layout, "where consent lies")
        ->check(CLI::IsMember({"contact_flags", "address_flags", "consent_table"}))
        ->capture_default_str();
    app.add_flag("--no-modified-on{false}", options.modifiedOn,
                 "leave out the field with the date of change");
    app.add_flag("--minute-precision", options.minutePrecision, "dates of change lose seconds");
    auto& credentials = options.credentials;
    app.add_option("--subscriber-login", credentials.subscriberLogin)->capture_default_str();
    app.add_option("--subscriber-password", credentials.subscriberPassword)->capture_default_str();
    app.add_option("--base-name", credentials.baseName)->capture_default_str();
    app.add_option("--user-login", credentials.userLogin)->capture_default_str();
    app.add_option("--user-password", credentials.userPassword)->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
    holdStopSignals();
    CLI::App app("A simulated Eudonet base (EudoAPI) on 127.0.0.1", "simulate-eudonet");
    Options options;
    options.vendor = "eudonet";
    eudonet::BaseOptions baseOptions;
    std::string layout = "contact_flags";
    addCommonFlags(app, options);
    addBaseFlags(app, baseOptions, layout);
    CLI11_PARSE(app, argc, argv);
    try {
        baseOptions.layout = *eudonet::layoutNamed(layout);
        Stage stage(options);
        eudonet::Eudonet vendor(stage, baseOptions);
        return serve(stage, vendor);
    } catch (const std::exception& error) {
        std::cerr << "simulate-eudonet: " << error.what() << "\n";
        return 1;
    }
}
